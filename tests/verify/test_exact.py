"""The exact checks, kind by kind, and what must never be caught or missed."""

import json
import random
from pathlib import Path

import pytest

from advisor.verify.exact import check
from advisor.verify.numbers import quantities
from advisor.verify.text import clean, sentences

DATA = Path(__file__).resolve().parents[2] / "evals" / "data" / "verify"
ARENA = (
    "Arena is the entry level of Norway's cluster programme, run by Innovation Norway with Siva. Arena supports a "
    "cluster for three years. By December 2022 Arena had aided 70 projects, and 18 were then active. "
    "Members must pay a fee. "
    "No Arena cluster was admitted in 2022 because of a budget cut. Most clusters were small."
)


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        ("number", "Arena supports clusters for five years."),
        ("number", "Arena supports clusters for three months."),
        ("number", "By December 2022 Arena had aided 71 projects."),
        ("date", "In November 2022 there were 18 active projects."),
        ("date", "Arena had aided 70 projects by December 2021."),
        ("name", "Denmark's cluster programme has Arena as its entry level."),
        ("name", "Innovation Norway runs Arena with Tekes."),
        ("negation", "Arena does not support clusters for three years."),
        ("negation", "Arena clusters were admitted in 2022 after a budget decision."),
        ("quantifier", "All clusters were small."),
        ("quantifier", "Only Innovation Norway runs Arena."),
        ("direction", "Most clusters were large."),
    ],
)
def test_each_kind_is_caught_and_named(kind: str, claim: str) -> None:
    found = check(claim, ARENA)
    assert found.kind == kind, found
    assert found.problem


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Digital Equipment bought Compaq in 1998.", "In 1998 Compaq bought Digital Equipment."),
        ("Terman was supported by Hewlett.", "Terman supported Hewlett and founded a park."),
        ("They sell raw crops rather than processed protein.", "They sell processed protein instead of raw crops."),
        ("Public spending is higher than private spending.", "Private spending is far above public spending."),
    ],
)
def test_parts_of_a_sentence_exchanged(claim: str, passage: str) -> None:
    assert check(claim, passage).problem


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The jobs exist: 3,000 of them.", "The target was 3,000 jobs in ten years."),
        ("Regions must apply.", "Regions may apply until June."),
        ("The agency pays NOK 5 million a month.", "The agency pays NOK 5 million a year."),
        ("The agency pays EUR 5 million a year.", "The agency pays NOK 5 million a year."),
        ("Clusters get EUR 500,000.", "Clusters get up to EUR 500,000."),
        ("The fund gave exactly 20 grants.", "The fund gave between 20 and 37 grants."),
        ("Exports fell.", "Exports rose in 2019."),
        ("The programme opened in 2012.", "The programme closed in 2012."),
        ("It was founded in 2014.", "The cluster was founded in 2005. In 2014 it won a label."),
    ],
)
def test_more_that_is_caught(claim: str, passage: str) -> None:
    assert check(claim, passage).problem, claim


@pytest.mark.parametrize(
    "claim",
    [
        "Arena supports a cluster for 3 years.",
        "Seventy projects had been helped by the end of 2022.",
        "Innovation Norway and Siva run Arena.",
        "Nobody was admitted to Arena in 2022.",
        "The majority of the clusters were small.",
        "Paying a fee is compulsory for members.",
    ],
)
def test_true_paraphrases_are_left_to_the_model(claim: str) -> None:
    assert check(claim, ARENA).problem is None, check(claim, ARENA)


def _passages() -> list[str]:
    rows = [json.loads(line) for line in (DATA / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(passage for row in rows for passage in row["passages"]))


def test_every_sentence_passes_verbatim() -> None:
    for passage in _passages():
        for sentence in sentences(clean(passage)):
            if len(sentence.split()) >= 3:
                assert check(sentence, passage).copied, sentence


def test_any_number_changed_in_a_verbatim_sentence_is_caught() -> None:
    rng = random.Random(5)
    tried = 0
    for passage in _passages():
        given = {value for q in quantities(clean(passage)) for value in q.values}
        for sentence in sentences(clean(passage)):
            for q in quantities(sentence):
                figure = next((part for part in q.text.replace(",", "").split() if part.isdigit()), None)
                if figure is None or figure not in sentence:
                    continue
                other = str(int(figure) + rng.choice([1, 2, 3, 7]))
                changed = sentence[: q.start] + sentence[q.start :].replace(figure, other, 1)
                if any(v in given for p in quantities(changed) if other in p.text for v in p.values):
                    continue  # the new figure happens to stand elsewhere in the passage
                tried += 1
                assert check(changed, passage).problem, (changed, passage)
    assert tried > 200


def test_a_fragment_that_hides_its_frame_is_not_a_copy() -> None:
    passage = "Critics say that the programme failed. Firms grew, but only on paper."
    assert not check("The programme failed.", passage).copied
    assert not check("Firms grew.", passage).copied


def test_two_passages_joined_are_in_neither() -> None:
    one, two = "Arena lasts three years.", "Vinnova pays SEK 10 million a year."
    claim = "Arena lasts three years and pays SEK 10 million a year."
    assert check(claim, one).problem and check(claim, two).problem


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The cluster won the largest share.", "The cluster won the second-largest share."),
        ("Half of the countries have a policy.", "27 of 56 countries have a policy."),
        (
            "In 2021 Sovello made cells in the old Meyer Burger halls.",
            "In 2021 Meyer Burger made cells in Sovello's halls.",
        ),
        ("Saga Sports left Nike in 2006.", "Nike left Saga Sports in 2006."),
        ("Production came from Malaysia.", "Production moved to Malaysia."),
        ("The share rose by 5 per cent.", "The share rose by 5 percentage points."),
        ("The share rose by 5 percentage points.", "The share rose by 5 per cent."),
        ("The plan costs KRW 622bn.", "The plan costs KRW 622 trillion."),
        ("The plan costs 622 trillion yen.", "The plan costs KRW 622tn."),
        ("The call closed on 3 August 2004.", "The call closed on 8 March 2004."),
        ("The call closed on 2004-03-08.", "The call closed on 3 August 2004."),
        ("Five to nine firms joined.", "Between five and eight firms joined."),
        ("Fees are £400.", "Fees are EUR 400."),
        ("Over five years passed.", "Over five months passed."),
    ],
)
def test_figures_names_and_ways_that_differ(claim: str, passage: str) -> None:
    assert check(claim, passage).problem, claim


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Half of the countries have a policy.", "28 of 56 countries have a policy."),
        ("The plan costs KRW 622tn.", "The plan costs 622 trillion won."),
        ("The plan costs 622 trillion won.", "The plan costs KRW 622tn."),
        ("The order is dated 3 August 2004.", "The order is dated August 3, 2004."),
        ("The order is dated 2004-08-03.", "The order is dated 3 August 2004."),
        ("The order is dated 3. august 2004.", "The order is dated 3 August 2004."),
        ("72 per cent are more than five years old.", "72% are older than five years."),
        ("Five to eight firms joined.", "Between five and eight firms joined."),
        ("Twenty-one clusters hold the label.", "21 clusters hold the label."),
        ("ACCIO runs it in Ålesund.", "ACCIÓ runs it in Alesund."),
        ("Türkiye's ministry pays.", "The Turkish ministry pays."),
        ("Two hundred and fifty firms joined.", "250 firms joined."),
        ("A tenth of them closed.", "10% of them closed."),
        ("Fees are 1.400 euros.", "Fees are EUR 1,400."),
        ("One scholar holds that it failed.", "A scholar concludes that it failed."),
    ],
)
def test_declared_equivalences(claim: str, passage: str) -> None:
    assert check(claim, passage).problem is None, check(claim, passage)


def test_any_spelling_of_a_figure_is_the_figure() -> None:
    """Property: digits, words, grouping and scale suffixes name one number; any other number is caught."""
    rng = random.Random(9)
    small = dict(
        enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    )
    for _ in range(300):
        n = rng.randrange(2, 13)
        other = rng.choice([k for k in range(2, 13) if k != n])
        passage = f"The programme took in {rng.choice([str(n), small[n]])} clusters."
        for told, true in ((n, True), (other, False)):
            claim = f"The programme admitted {rng.choice([str(told), small[told]])} clusters."
            assert (check(claim, passage).problem is None) == true, (claim, passage)
        millions = rng.randrange(2, 900)
        spellings = [f"EUR {millions} million", f"€{millions}m", f"{millions} million euros", f"EUR {millions},000,000"]
        passage = f"The agency pays {rng.choice(spellings)}."
        assert check(f"The agency spends {rng.choice(spellings)}.", passage).problem is None
        assert check(f"The agency spends EUR {millions} billion.", passage).problem
        assert check(f"The agency spends USD {millions} million.", passage).problem


def test_any_order_of_a_date_is_the_date() -> None:
    rng = random.Random(10)
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    for _ in range(200):
        day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1990, 2027)
        forms = [
            f"{day} {months[month - 1]} {year}",
            f"{months[month - 1]} {day}, {year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day}th of {months[month - 1]} {year}",
        ]
        passage = f"The call closed on {rng.choice(forms)}."
        assert check(f"On {rng.choice(forms)} the call closed.", passage).problem is None
        wrong = f"{day} {months[month % 12]} {year}"
        assert check(f"On {wrong} the call closed.", passage).problem
