"""The written questions of the reader: complete, of this corpus, and each said once."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor import corpus
from advisor.index.embed import Embedder
from advisor.resources import resource

FOLDER = Path(__file__).parents[2] / "evals" / "data" / "answering"
SETS = ("train_a", "train_b")
FIELDS = {"question", "language", "kind", "document", "answers", "near", "note"}
LEAST = {"answerable": 200, "near_miss": 150, "wrong_premise": 100}
STANDING = 0.97  # share of sentences that the corpus still has word for word; an edit of the corpus mends the sets too
MOST_ALIKE = 0.9


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def plain(text: str) -> str:
    """Without marks of sources, white space folded."""
    return re.sub(r"\s+", " ", re.sub(r"\s*\[s\d+\]", "", text)).strip()


def test_the_second_set_has_enough_of_each_kind() -> None:
    written = rows("train_b")
    counted = Counter(row["kind"] for row in written)
    assert not {kind: counted[kind] for kind, least in LEAST.items() if counted[kind] < least}
    for row in written:
        assert set(row) - {"premise"} == FIELDS and row["near"], row["question"]
        assert bool(row["answers"]) == (row["kind"] != "near_miss"), row["question"]
        assert ("premise" in row) == (row["kind"] == "wrong_premise"), row["question"]


@pytest.mark.parametrize("name", SETS)
def test_the_sentences_stand_in_the_corpus(name: str) -> None:
    text = plain(" ".join(path.read_text(encoding="utf-8") for path in resource("corpus").rglob("*.md")))
    sentences = [plain(sentence) for row in rows(name) for sentence in (*row["answers"], *row["near"])]
    gone = [sentence for sentence in sentences if sentence not in text]
    assert len(gone) <= (1 - STANDING) * len(sentences), gone[:5]


@pytest.mark.parametrize("name", SETS)
def test_the_documents_exist_and_nothing_is_answer_and_near_at_once(name: str) -> None:
    known = {document.id for document in corpus.read_shelves((resource("corpus"),))} | {None}
    for row in rows(name):
        assert row["document"] in known, row["document"]
        assert not set(map(plain, row["answers"])) & set(map(plain, row["near"])), row["question"]


def test_no_question_of_the_second_set_is_a_near_copy(minilm: Embedder) -> None:
    old, new = ([row["question"] for row in rows(name)] for name in SETS)
    vectors = np.array(minilm.passages([*new, *old]))
    alike = np.triu(vectors[: len(new)] @ vectors.T, 1)
    said = [*new, *old]
    assert not [(said[a], said[b]) for a, b in np.argwhere(alike >= MOST_ALIKE)]
