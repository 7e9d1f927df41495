"""Sentences of a text in the six languages, with their offsets. Pure."""

import re
from collections.abc import Iterator

_BREAK = re.compile(r"(?<=[.!?…])[\"”»)\]']*\s+(?=[\"“«(\[¿¡'’]*[A-ZÀ-ÖØ-ÞА-Я0-9])|\n{2,}")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|e\.g|i\.e|etc|cf|vs|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|Inc|Ltd|Co|Corp|approx|ca|bl\.a|f\.eks|osv|mill|mrd|"
    r"z\.B|d\.h|bzw|u\.a|p\.ej|Sr|Sra|Jr|art|fig|pp?|ed|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.|\b[A-Z]\.[A-Z]\.)$"
)


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence) pairs; abbreviations, initials and decimals do not end a sentence."""
    start = 0
    for match in _BREAK.finditer(text):
        head = text[start : match.start()]
        if "\n\n" not in match.group(0) and _ABBREVIATION.search(head):
            continue
        end = match.start() + len(match.group(0).rstrip())
        yield from _trimmed(text, start, max(end, match.start()))
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), piece.strip()
