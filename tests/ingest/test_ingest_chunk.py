"""Sentences, chunks and their lines; duplicates."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.documents import Document
from advisor.ingest import dedupe
from advisor.ingest.chunk import chunk
from advisor.ingest.sentences import split_sentences

BODY = """Lead sentence one [s1]. It has a second one [s1][s2].

## Fees
Small firms pay 500 euros, e.g. those under ten people. Large ones pay more.

| size | fee |
|---|---|
| small | 500 |

- First item [s2]
- Second item
  goes on here

### Deep
> Quoted words.
"""


def document(body: str, **more: object) -> Document:
    return Document("d", "page", "Title", body, "a.md", **more)  # type: ignore[arg-type]


def test_sections_lines_and_references() -> None:
    found = chunk(document(BODY, line=10), lambda text: len(text) < 400)
    assert [piece.header for piece in found] == ["Title", "Title > Fees", "Title > Fees > Deep"]
    assert [(s.text, s.line, s.refs) for s in found[0].sentences] == [
        ("Lead sentence one.", 10, ("s1",)),
        ("It has a second one.", 10, ("s1", "s2")),
    ]
    texts = [s.text for s in found[1].sentences]
    assert texts[2:] == ["size: small; fee: 500", "First item", "Second item goes on here"]
    assert found[2].sentences[0].text == "Quoted words."
    assert len({piece.id for piece in found}) == 3


def test_source_lines_of_an_ingested_page() -> None:
    found = chunk(document("One here.\n\nTwo there.", lines=(40, 40, 77)), lambda text: True)
    assert [s.line for s in found[0].sentences] == [40, 77]


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab c.\n#-|[s1]"), max_size=300), st.integers(20, 200))
def test_every_chunk_fits_and_nothing_is_lost(body: str, room: int) -> None:
    found = chunk(document(body), lambda text: len(text) <= room)
    for piece in found:
        assert len(piece.embed_text) <= room or len(piece.text.split()) == 1
    assert [piece.id for piece in found] == [
        piece.id for piece in chunk(document(body), lambda text: len(text) <= room)
    ]


def test_an_over_long_sentence_is_cut_at_words() -> None:
    found = chunk(document("word " * 500 + "."), lambda text: len(text) <= 120)
    assert all(len(piece.embed_text) <= 120 for piece in found)
    assert " ".join(piece.text for piece in found).count("word") == 500


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Operated by the U.S. Small Business Administration, it is old. It lives.", 2),
        ("Dr. Smith paid 3.5 million. Mr. Lee paid none.", 2),
        ("Fees, e.g. for small firms, vary. See fig. 3 and p. 12 for details.", 2),
        ("It grew in the U.S. The members left.", 2),
        ("“We collaborate!” She left. “Why?” He stayed.", 4),
        ("Frist ist der 15. November 2026. Danach ist Schluss, z. B. für Vereine. Ende.", 3),
        ("Møtet er 17. mai kl. 12. Alle kommer, bl.a. ordføreren.", 2),
        ("El Sr. Pérez pagó 1.200 euros. ¿Quién más? ¡Nadie!", 3),
        ("M. Dupont est parti. Les autres, p. ex. Mme Roy, restent.", 2),
        ("O Dr. Silva saiu às 17h. Ninguém ficou.", 2),
        ("В 2019 г. кластер закрылся. Почему?", 2),
        ("It ended [s1]. It began again. [s2] Then it closed.", 3),
        ("The RIC, or U.S. Small Business Administration, pays, etc. Nobody knows why.", 2),
        ("one without an end", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    found = list(split_sentences(text))
    assert len(found) == count, found
    assert all(text[start:].startswith(sentence) for start, sentence in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join("".join(s.split()) for _, s in split_sentences(text)) == "".join(text.split())


LONG = " ".join(
    f"The member number {word} pays for the shared plant and the school in the harbour town."
    for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
)


def test_duplicates_fold_but_other_numbers_stay() -> None:
    one = Document("a", "page", "T", LONG, "a.txt")
    same = Document("b", "page", "T", LONG.upper(), "b.txt")
    near = Document("c", "page", "T", LONG + " Read more.", "c.txt")
    other = Document("d", "page", "T", LONG + " In 2026 it costs 500.", "d.txt")
    kept, folded = dedupe.fold([other, near, same, one])
    assert {document.id for document in kept} == {"a", "d"} and folded == {"b": "a", "c": "a"}
    assert {document.id for document in dedupe.fold([other, near, same, one], near=False)[0]} == {"a", "c", "d"}
