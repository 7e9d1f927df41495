"""What a question takes for granted against a sentence: exact rules, and what follows for the answer."""

from dataclasses import replace

import pytest

from advisor.coach import premise
from advisor.coach.compose import choose
from advisor.coach.outcome import decide
from advisor.documents import Chunk, Evidence, Found, SourceSentence
from advisor.verify.amounts import rival
from advisor.verify.numbers import quantities


def found_in(*texts: str, title: str = "Otterby kelp cluster") -> tuple[Evidence, ...]:
    sentences = tuple(SourceSentence(text, i + 1) for i, text in enumerate(texts))
    chunk = Chunk("c", "otterby", "case", title, title, " ".join(texts), "f.md", 1, sentences)
    return tuple(Evidence(s, chunk, 0, 3.0 - 0.1 * i, 1.0, 0.7, answers=0.5) for i, s in enumerate(sentences))


@pytest.mark.parametrize(
    ("asked", "sentence", "kind"),
    [
        ("Which of the nine clusters won?", "Five clusters won in 2018.", "same"),
        ("How do they share the 40 million euros?", "The fund holds EUR 25 million.", "unit"),
        ("What happened in year eight of the ten years of support?", "Support lasts three years.", "unit"),
        ("Which 5 clusters won?", "Five clusters won in 2018.", None),
        ("Why did it begin in 1995?", "It began in 2002.", None),
        ("Who leads it?", "It has 12 members.", None),
    ],
)
def test_a_figure_of_the_same_kind_stands_against_another(asked: str, sentence: str, kind: str | None) -> None:
    against = rival(quantities(asked), quantities(sentence))
    assert (against and against[1]) == kind


def test_a_figure_given_elsewhere_in_the_document_is_no_wrong_one() -> None:
    one, other = found_in("In 2012 Otterby had 41 members.", "In 2020 Otterby had 60 members.")
    assert premise.features("What do the 60 members pay?", one, (one, other))["count"] == 0
    assert premise.features("What do the 90 members pay?", one, (one, other))["amount"] == 1


@pytest.mark.parametrize(
    ("asked", "feature"),
    [
        ("Otterby was founded in 1995, by whom?", "year"),
        ("Why was Otterby founded in Portugal?", "place"),
        ("Why was Otterby closed in 2007?", "opposite"),
    ],
)
def test_years_places_and_opposites(asked: str, feature: str) -> None:
    one = found_in("Otterby in Norway was founded in 2007.")[0]
    assert premise.features(asked, one, (one,))[feature] == 1
    assert premise.features("Who founded Otterby in Norway in 2007?", one, (one,))[feature] == 0


def test_a_wrong_premise_leads_with_the_right_fact() -> None:
    evidence = found_in("Otterby farms kelp.", "Otterby was founded in 2007.")
    wrong = (evidence[0], replace(evidence[1], contradicts=0.999))
    found = Found("", (), 0.9, evidence=wrong)
    decision = decide("Otterby was founded in 1995, who was there?", found, wrong, 1.0)
    assert decision.outcome == "corrected" and decision.lead is wrong[1]
    assert decide("Who was there in Otterby?", found, evidence, 1.0).outcome == "answered"


def test_polite_words_are_no_gap() -> None:
    evidence = found_in("Otterby was founded in 2007.")
    found = Found("", (), 0.35, evidence=evidence)
    assert decide("please tell me when Otterby was founded, would you like?", found, evidence, 1.0).missing == ()
    assert decide("when was Otterby founded, with which turnover?", found, evidence, 1.0).missing == ("turnover",)


def test_a_sentence_with_a_figure_of_its_own_is_not_folded() -> None:
    evidence = found_in(
        "A firm with up to 19 staff pays 5,500 crowns.", "A firm with up to 49 staff pays 15,000 crowns."
    )
    assert len(choose("What do firms pay?", evidence)) == 2
