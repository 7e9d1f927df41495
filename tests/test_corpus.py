"""Reading a shelf and checking it."""

import datetime
from pathlib import Path

import pytest

from advisor import corpus, corpus_check, originality
from advisor.documents import Document
from advisor.errors import SourceError

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


_COPIED = "Long ago somebody else wrote these thirteen plain words on a well known page"


def test_a_run_from_a_published_text_is_a_problem(tmp_path: Path) -> None:
    hashes = frozenset(map(originality.hashed, originality.runs(_COPIED)))
    document = _read(tmp_path, f"As it happens, {_COPIED.lower()} [s1].")
    assert not list(corpus_check.copied([document]))
    assert any("a published text" in text for _, text in corpus_check.copied([document], hashes))


def test_two_documents_that_share_a_run_are_a_problem() -> None:
    one, other = (
        Document(id=name, kind="case", title=name, body=body, path=f"{name}.md", meta=meta)
        for name, body, meta in (("a", f"{_COPIED} [s1].", {}), ("b", "Other words.", {"steps": [{"why": _COPIED}]}))
    )
    assert [path for path, _ in corpus_check.copied([one, other])] == ["b.md"]


def test_a_file_of_hashes_is_read_and_another_refused(tmp_path: Path) -> None:
    (tmp_path / "page.runs").write_text(f"# a note\n{originality.hashed('a run')}\n", encoding="utf-8")
    assert originality.published([tmp_path]) == {originality.hashed("a run")}
    (tmp_path / "page.runs").write_text("the text itself\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no hash"):
        originality.published([tmp_path])


def test_a_sentence_of_abstract_nouns_is_a_problem(tmp_path: Path) -> None:
    hard = "Nowhere evaluates organisational representativeness, institutional coordination, international visibility, "
    document = _read(tmp_path, f"{hard}administrative capability and technological specialisation [s1].")
    assert any("reading ease" in text for text in _problems(document))
    assert corpus_check.ease([document])["programme"] < 0


def test_our_own_shelves_have_no_problem() -> None:
    shelf = Path(__file__).parents[1] / "corpus"
    documents = corpus.read_shelves([shelf])
    profiles = [str(document.meta["profile"]) for document in documents if document.kind == "persona"]
    assert len(documents) > 600
    published = originality.published([shelf])
    assert len(published) > 1000
    found = corpus_check.check(documents, profiles, _TODAY, published)
    assert [finding for finding in found if finding.level == "problem"] == []
