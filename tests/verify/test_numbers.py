"""Reading of numbers, dates and names: tables."""

import pytest

from advisor.verify.dates import days
from advisor.verify.names import name_problem
from advisor.verify.numbers import quantities
from advisor.verify.text import clean, sentences


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("five clusters", 5, ""),
        ("fem klynger", 5, ""),
        ("cinco clústeres", 5, ""),
        ("fünf Cluster", 5, ""),
        ("KRW 622tn", 622e12, "KRW"),
        ("622 trillion won", 622e12, "KRW"),
        ("C$2.37bn", 2.37e9, "CAD"),
        ("R200m", 200e6, "ZAR"),
        ("600 million Norwegian kroner", 600e6, "NOK"),
        ("half a million dollars", 500_000, "dollar"),
        ("INR 1,200 crore", 1.2e10, "INR"),
        ("36,000 people", 36_000, ""),
        ("36.000 people", 36_000, ""),
        ("two hundred and fifty members", 250, ""),
        ("half of the costs", 50, "%"),
        ("40 per cent", 40, "%"),
        ("a quarter of the mills", 25, "%"),
        ("one in five firms", 20, "%"),
        ("two thirds of them", 66.67, "%"),
        ("15.8 percentage points", 15.8, "points"),
        ("a decade later", 10, "time"),
        ("a ten-year grant", 10, "time"),
        ("18 months", 1.5, "time"),
        ("a year and a half", 1.5, "time"),
        ("four option years", 4, "time"),
        ("in 2010", 2010, "year"),
        ("the 1990s", 1990, "decade"),
        ("the second round", 2, "ordinal"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    assert any(value in q.values and q.unit == unit for q in quantities(clean(text))), quantities(clean(text))


def test_ranges_share_unit_and_scale() -> None:
    low, high = quantities("NOK 2 to 5 million a year")
    assert low.unit == high.unit == "NOK"
    assert 2e6 in low.values and high.values == {5e6}
    assert {min(q.values) for q in quantities("the round of 2018-19")} == {2018.0, 2019.0}


def test_names_with_digits_are_no_numbers() -> None:
    assert quantities("47G joined Clusters4Future") == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("up to USD 5", "max"),
        ("at least 20 members", "min"),
        ("more than 40 firms", "more"),
        ("500+ firms", "more"),
        ("no cluster gets more than 40 seats", "max"),
        ("nearly 200 firms", "almost"),
        ("about 200 firms", "about"),
        ("200 firms", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    assert quantities(text)[0].bound == bound


def test_dates_in_several_spellings() -> None:
    for text in ("21 June 2024", "June 21, 2024", "2024-06-21", "21. juni 2024", "21/06/2024"):
        day = days(text)[0]
        assert (day.day, day.month, day.year) == (21, 6, 2024), text
    assert days("Firms may join.") == []


@pytest.mark.parametrize(
    ("claim", "passage", "missing"),
    [
        ("The American agency chose ten.", "The US agency chose ten.", None),
        ("The United States chose ten.", "American clusters were chosen.", None),
        ("The Small Business Administration pays.", "The SBA pays.", None),
        ("The SBA pays.", "The Small Business Administration pays.", None),
        ("Norway's clusters grew.", "Norwegian clusters grew.", None),
        ("Danish clusters grew.", "Norwegian clusters grew.", "Danish"),
        ("Siemens runs it.", "Bosch runs it.", "Siemens"),
        ("Funding came from Siva.", "Money came from Siva.", None),
        ("The GCE level pays.", "The NCE level pays.", "GCE"),
    ],
)
def test_names_and_places_must_be_there(claim: str, passage: str, missing: str | None) -> None:
    problem = name_problem(claim, passage)
    assert (problem is None) == (missing is None)
    if missing:
        assert missing in str(problem)


def test_sentences_are_cut_at_sentence_ends_only() -> None:
    assert len(sentences(clean("Arena pays NOK 2.2 million, e.g. for a manager [s1]. It began in 2002 [s2]."))) == 2
    assert len(sentences("It is in Greece. mi-Cluster is one of three. It was the first.")) == 3
