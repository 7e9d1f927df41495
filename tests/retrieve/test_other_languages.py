"""A shelf in the asker's own language is found in that language; an English one through the lexicon."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.assemble import Advisor
from advisor.coach.outcome import ANSWERABLE
from advisor.index.embed import Embedder
from advisor.settings import Settings

_HEAD = """---
id: method-{name}
kind: method
title: {title}
language: nb
as_of: 2026-01
sources:
  - id: s1
    title: Haldens næringslag
    url: https://example.org/{name}
---
"""
_PAGES = {
    "styret": (
        "Styret",
        "Årsmøtet velger styret hver vår [s1]. Lederen av styret sitter i to år og kan velges igjen [s1].",
    ),
    "avgift": (
        "Avgift",
        "Små bedrifter betaler en avgift på 4000 kroner i året [s1]. Store betaler det dobbelte [s1].",
    ),
    "slutten": ("Slutten", "Klyngen ble lagt ned da støtten tok slutt [s1]. Medlemmene overtok utstyret [s1]."),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Iterator[Advisor]:
    folder = tmp_path_factory.mktemp("norsk")
    shutil.copytree(Path(__file__).parents[1] / "shelf", folder / "english")
    for name, (title, text) in _PAGES.items():
        page = f"{_HEAD.format(name=name, title=title)}\n{text}\n"
        (folder / f"{name}.md").write_text(page, encoding="utf-8")
    made = Advisor(Settings(corpus=(folder,), data_dir=tmp_path_factory.mktemp("data"), allow_paid=False))
    made.ensure_index()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "name", "said"),
    [
        ("Hvem velger styret, og hvor lenge sitter lederen?", "method-styret", "styret"),
        ("Hvor mye betaler små bedrifter i avgift?", "method-avgift", "4000"),
        ("Hva skjedde med utstyret da klyngen ble lagt ned?", "method-slutten", "Medlemmene"),
    ],
)
def test_a_shelf_in_the_askers_language(shelf: Advisor, question: str, name: str, said: str) -> None:
    found = shelf.search(question)
    assert name in [hit.chunk.document_id for hit in found.hits[:2]]
    assert any(said in evidence.sentence.text for evidence in found.evidence[:2])
    assert found.answerable >= ANSWERABLE, found.answerable


def test_an_english_shelf_through_the_lexicon(small: Advisor) -> None:
    found = small.search("Hvor mye betaler små bedrifter i medlemsavgift?")
    assert found.hits[0].chunk.document_id == "method-fees"
