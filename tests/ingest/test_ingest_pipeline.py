"""Collections: incremental, deterministic, safe to kill; quarantine and report."""

import hashlib
import json
from pathlib import Path

import ingest_pages as made
import pytest

from advisor.errors import RequestError, StoreError
from advisor.ingest import pipeline, quarantine, report, spam
from advisor.ingest.chunk import chunk
from advisor.ingest.collections import Collections, read_folders


@pytest.fixture
def store(tmp_path: Path) -> Collections:
    return Collections(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "seaweed.txt").write_text(made.text_page(made.ENTRIES), encoding="utf-8")
    (pages / "oysters.html").write_text(made.html_page(made.ENTRIES).replace("seaweed", "oyster"), encoding="utf-8")
    return pages


def states(found: pipeline.Report) -> list[str]:
    return [row.state for row in found.rows]


def stored(store: Collections, name: str = "c") -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((store.root / name / "documents").glob("[!.]*"))
    }


def content(store: Collections) -> str:
    """Digest over sorted chunk ids, texts, metadata and the model that judged."""
    pieces = [chunk_ for document in store.documents() for chunk_ in chunk(document, lambda text: len(text) < 600)]
    rows = sorted((c.id, c.text, c.line, c.source, c.language, c.as_of) for c in pieces)
    return hashlib.sha256(json.dumps([rows, spam.model_digest()]).encode()).hexdigest()


def test_incremental(store: Collections, folder: Path) -> None:
    assert states(pipeline.ingest([str(folder)], store, "c")) == ["new", "new"]
    before, digests = stored(store), store.digests()
    again = pipeline.ingest([str(folder)], store, "c")
    assert states(again) == ["unchanged", "unchanged"] and not again.changed
    assert (stored(store), store.digests()) == (before, digests)
    (folder / "seaweed.txt").write_text(made.text_page(made.GOOD) + "\nThe plant was sold in 2031.\n", encoding="utf-8")
    (folder / "oysters.html").unlink()
    assert sorted(states(pipeline.ingest([str(folder)], store, "c"))) == ["changed", "removed"]
    (document,) = store.documents()
    assert "2031" in document.body and "oyster farm" not in document.body
    assert "oysters" not in json.dumps(sorted(stored(store)))
    (folder / "seaweed.txt").unlink()
    assert states(pipeline.ingest([str(folder / "seaweed.txt")], store, "c")) == ["removed"]
    assert store.documents() == () and store.names() == ()


def test_lines_are_those_of_the_source(store: Collections, folder: Path) -> None:
    pipeline.ingest([str(folder / "seaweed.txt")], store, "c")
    (document,) = store.documents()
    lines = (folder / "seaweed.txt").read_text(encoding="utf-8").split("\n")
    for piece in chunk(document, lambda text: True):
        for sentence in piece.sentences:
            assert sentence.text.split(".")[0] in lines[sentence.line - 1]
    assert document.title == made.ARTICLE[2] and document.as_of == "2022-03-03" and document.language == "en"


def test_one_error_a_source_and_the_rest_goes_on(store: Collections, folder: Path) -> None:
    (folder / "a\nbad.pdf").write_bytes(b"%PDF-1.4 no")
    (folder / "empty.txt").write_bytes(b"")
    found = pipeline.ingest([str(folder), str(folder / "none.txt"), "http://127.0.0.1:9/x", "nul\0byte"], store, "c")
    assert states(found).count("new") == 2 and len(found.failed) == 5
    assert all(row.error is not None and row.error.cure and "\n" not in row.source for row in found.failed)


def test_a_source_that_turns_bad_keeps_what_is_stored(store: Collections, folder: Path) -> None:
    pipeline.ingest([str(folder)], store, "c")
    (folder / "seaweed.txt").write_bytes(b"")
    found = pipeline.ingest([str(folder)], store, "c")
    assert "failed" in states(found) and "removed" not in states(found) and len(store.documents()) == 2


def test_dry_run_stores_nothing(store: Collections, folder: Path) -> None:
    found = pipeline.ingest([str(folder)], store, "c", pipeline.Options(dry_run=True))
    assert states(found) == ["previewed", "previewed"] and found.rows[0].judged and not store.root.exists()


def test_deterministic_bytes(tmp_path: Path, folder: Path) -> None:
    one, other = Collections(tmp_path / "1"), Collections(tmp_path / "2")
    pipeline.ingest([str(folder)], one, "c")
    pipeline.ingest([str(folder / "seaweed.txt")], other, "c")
    pipeline.ingest([str(folder / "oysters.html"), str(folder / "seaweed.txt")], other, "c")
    assert stored(one) == stored(other) and content(one) == content(other)


def test_quarantine(store: Collections, folder: Path) -> None:
    pipeline.ingest([str(folder)], store, "c")
    found = quarantine.entries(store, "c", ("quarantine", "drop"))
    spam = next(
        entry
        for entry in found
        if "casino" in entry.judged.block.text.lower() or "казино" in entry.judged.block.text.lower()
    )
    shown = quarantine.find(store, spam.id)
    assert shown.entry == spam and shown.before and shown.after
    before = store.digests()
    assert quarantine.restore(store, spam.id).decided == "restored"
    assert store.digests() != before
    assert any(spam.judged.block.text.split("\n")[0] in document.body for document in store.documents())
    assert "zoloto-kazino.ru" in store.lists("c").allowed_domains
    quarantine.drop(store, spam.id)
    assert store.digests() != before or not any(
        spam.judged.block.text in document.body for document in store.documents()
    )
    with pytest.raises(RequestError):
        quarantine.find(store, "nothing")


def test_report_stands_alone(store: Collections, folder: Path) -> None:
    page = report.html(pipeline.ingest([str(folder)], store, "c"))
    assert "<script" not in page and "src=" not in page and "Cyrillic" in page and "KathyGuisp" in page


def test_remove(store: Collections, folder: Path) -> None:
    pipeline.ingest([str(folder)], store, "c")
    assert len(store.remove("c", str(folder / "oysters.html"))) == 1
    assert len(store.remove("c", str(folder))) == 1 and store.documents() == ()


def test_damage_and_names(store: Collections, folder: Path) -> None:
    pipeline.ingest([str(folder)], store, "c")
    next((store.root / "c" / "documents").glob("*.json")).write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        store.documents()
    with pytest.raises(RequestError):
        pipeline.ingest([str(folder)], store, "../up")


def test_read_folders_and_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\nid: case-a\nkind: case\ntitle: A\ncountry: [NO]\nas_of: 2024-05\nsources:\n  - {id: s1, title: T, url: 'https://x.org'}\n---\nFact one [s1].\n",
        encoding="utf-8",
    )
    (tmp_path / "b.txt").write_text("Other words stand here, for a second page.\n")
    (tmp_path / "c.txt").write_text("Other words stand here, for a second page.\n")
    found = {document.id: document for document in read_folders([tmp_path])}
    assert set(found) == {"case-a", "b"}
    (piece,) = chunk(found["case-a"], lambda text: True)
    assert (piece.kind, piece.country, piece.as_of, piece.line, piece.sources[0].id) == (
        "case",
        ("NO",),
        "2024-05",
        10,
        "s1",
    )


def test_a_document_that_is_only_a_title_can_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Glossary of automatic data processing\n")
    (tmp_path / "b.txt").write_text("Report on the algorithmic language\n")
    (tmp_path / "c.md").write_text("---\ntitle: Rules for subroutines\n---\n")
    found = {document.id: chunk(document, lambda text: True) for document in read_folders([tmp_path])}
    assert {name: [piece.text for piece in pieces] for name, pieces in found.items()} == {
        "a": ["Glossary of automatic data processing"],
        "b": ["Report on the algorithmic language"],
        "c": ["Rules for subroutines"],
    }


def test_url_lists(store: Collections, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# pages\nhttp://127.0.0.1:9/a\nhttp://127.0.0.1:9/b\n")
    found = pipeline.ingest([str(tmp_path / "list.txt")], store, "c")
    assert [row.source for row in found.failed] == ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]
    assert all("private network" in str(row.error) for row in found.failed)
