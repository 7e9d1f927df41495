"""Reading a shelf and checking it."""

import datetime
from pathlib import Path

import pytest

from advisor import corpus, corpus_check
from advisor.documents import Document

_HEAD = """---
id: programme-nowhere
kind: programme
title: Nowhere
country: [NO, SE]
status: {status}
sources:
  - {{id: s1, title: A page, url: "https://example.org/a"}}
---
{body}
"""
_TODAY = datetime.date(2026, 11, 24)


def _read(folder: Path, body: str = "Nowhere pays nobody [s1].", status: str = "open") -> Document:
    path = folder / "nowhere.md"
    path.write_text(_HEAD.format(status=status, body=body), encoding="utf-8")
    return corpus.read_document(path, folder)


def _problems(document: Document) -> list[str]:
    return [found.text for found in corpus_check.check([document], (), _TODAY) if found.level == "problem"]


def test_an_unquoted_norway_stays_norway(tmp_path: Path) -> None:
    assert _read(tmp_path).meta["country"] == ["NO", "SE"]


@pytest.mark.parametrize(("word", "meant"), [("yes", "yes"), ("off", "off"), ("true", True), ("False", False)])
def test_only_true_and_false_are_booleans(tmp_path: Path, word: str, meant: object) -> None:
    assert _read(tmp_path, status=word).meta["status"] == meant


def test_an_ended_programme_says_first_when_it_ended(tmp_path: Path) -> None:
    silent = _read(tmp_path, "Nowhere was a programme [s1]. Nowhere closed in 2019 [s1].", status="ended")
    told = _read(tmp_path, "Nowhere was a programme until 2019 [s1].", status="ended")
    assert any("does not say when" in text for text in _problems(silent))
    assert not any("does not say when" in text for text in _problems(told))


def test_what_no_document_speaks_to_is_a_gap() -> None:
    document = Document(
        id="p", kind="persona", title="P", body="", path="p.md", line=1,
        meta={"profile": "visionary", "profiles": ["visionary"], "stage": ["idea"]},
    )  # fmt: skip
    found = list(corpus_check.gaps([document], ["visionary"]))
    assert "no whole journey from the profile visionary" in found
    assert "nothing but general pages for visionary in the stage mature" in found
    assert "nothing but general pages for visionary in the stage idea" not in found


def test_our_own_shelves_have_no_problem() -> None:
    documents = corpus.read_shelves([Path(__file__).parents[1] / "corpus"])
    profiles = [str(document.meta["profile"]) for document in documents if document.kind == "persona"]
    assert len(documents) > 600
    found = corpus_check.check(documents, profiles, _TODAY)
    assert [finding for finding in found if finding.level == "problem"] == []
