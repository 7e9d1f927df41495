"""The case sets are what they claim: enough of each kind, well formed, no near-copies, documents that exist."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from advisor import corpus
from advisor.index.embed import Embedder
from advisor.resources import resource
from evals.cases import Case, load, load_folder

FOLDER = Path(__file__).parents[2] / "evals" / "cases"
LEAST = {
    "answerable": 150, "follow-up": 40, "unanswerable": 60, "out of scope": 60, "profile": 80, "interview": 24,
    "injection": 40,
}  # fmt: skip
MOST_ALIKE = 0.9


@pytest.fixture(scope="module")
def every() -> list[Case]:
    return load(sorted(FOLDER.rglob("*.jsonl")))


def kind(case: Case) -> str:
    """What the case counts as."""
    if case.suite == "safety":
        return "injection" if str(case.raw["kind"]).startswith("injection") else "other safety"
    if case.suite == "scope":
        return "small talk" if "small_talk" in case.outcomes else "out of scope"
    names = {"answers": "answerable", "followups": "follow-up", "abstention": "unanswerable"}
    return names.get(case.suite, case.suite)


def test_there_are_enough_cases_of_every_kind(every: list[Case]) -> None:
    counted = Counter(map(kind, every))
    assert not {name: counted[name] for name, least in LEAST.items() if counted[name] < least}
    assert {case.raw["language"] for case in every if case.suite == "profile"} >= {"en", "nb", "es", "de", "fr", "pt"}


def test_expected_documents_exist(every: list[Case]) -> None:
    known = {document.id for document in corpus.read_shelves((resource("corpus"),))}
    asked = [case for case in every if case.suite in ("answers", "followups")]
    labelled = [case for case in asked if case.expect.get("documents")]
    assert not {d for case in labelled for d in case.expect["documents"]} - known
    assert len(labelled) >= 0.95 * len(asked)


def test_no_two_cases_are_near_copies(every: list[Case], minilm: Embedder) -> None:
    texts = {case.id: said(case) for case in every}
    vectors = np.array(minilm.passages(list(texts.values())))
    alike = np.triu(vectors @ vectors.T, 1)
    ids = list(texts)
    close = [(ids[a], ids[b], round(float(alike[a, b]), 3)) for a, b in np.argwhere(alike >= MOST_ALIKE)]
    assert not close


def said(case: Case) -> str:
    """What the person says, with what was said before."""
    before = " ".join(user for user, _ in case.history)
    return f"{before} {case.question or case.raw['script']['opening']} {case.raw.get('page', '')}".strip()


def test_dev_and_test_share_no_id() -> None:
    dev, test = ({case.id for case in load_folder(FOLDER, split)} for split in ("dev", "test"))
    assert dev and test and not dev & test
