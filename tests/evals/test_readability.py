"""Answers judged as texts: degenerate ones fail, and only given answers are read."""

from pathlib import Path

from advisor.assemble import Advisor
from advisor.readability import reading_ease, sentence_ease
from evals import cases, readability, run, suites
from evals.systems import Abstainer, AdvisorSystem, TopPassage
from tests.evals.test_harness import Quiet

CASE = cases.Case("a1", "answers", "own", "Who founded the Otterby kelp cluster?", expect={"outcome": "answered"})


def test_whole_documents_do_not_read_as_an_answer(small: Advisor, tmp_path: Path) -> None:
    for name, system, reads in (
        ("advisor", AdvisorSystem(small), True),
        ("whole", TopPassage(small, whole=True), False),
    ):
        ran = run.execute([CASE], system, tmp_path / f"{name}.jsonl", Quiet())
        assert [j.passed for j in suites.judge([CASE], ran, ["readability"])["readability"]] == [reads], name


def test_a_refusal_is_not_read(tmp_path: Path) -> None:
    ran = run.execute([CASE], Abstainer(), tmp_path / "run.jsonl", Quiet())
    assert suites.judge([CASE], ran, ["readability"]) == {"readability": []}


def test_the_part_of_a_draft_that_came_through() -> None:
    sentence = {"text": "Tillbrook founded it.", "role": "fact", "citations": [1]}
    out = {
        "answer": "Tillbrook founded it.", "outcome": "answered", "language": "en", "sentences": [sentence],
        "citations": [], "withheld": 3, "drafted": True,
    }  # fmt: skip
    read = readability.score(CASE, {"output": out})
    assert read is not None and read.measures["draft_kept"] == 0.25


def test_reading_ease_of_known_texts() -> None:
    easy = reading_ease("The cat sat on the mat. It was fat.")
    hard = reading_ease("Institutional heterogeneity necessitates interorganisational governance.")
    assert easy > 90 and hard < 0


def test_a_name_makes_no_sentence_hard() -> None:
    named = sentence_ease(
        "InterTradeIreland and Innovasjon Norge paid for the first year of Elektromobilität Süd-West."
    )
    assert named > 70 > 20 > sentence_ease("Institutional heterogeneity necessitates governance in organisations.")
