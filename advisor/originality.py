"""Runs of words that one text shares with another. A text that cannot be kept is known by the hashes of its runs."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from advisor.documents import digest
from advisor.errors import SourceError

RUN = 12  # words in a row that no two texts may share
_WORD = re.compile(r"[^\W_]+")
_HASH = re.compile(r"[0-9a-f]{12}")


def runs(text: str) -> Iterator[str]:
    """Every run of twelve words, folded to small letters, punctuation aside."""
    words = _WORD.findall(text.lower())
    yield from (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def hashed(run: str) -> str:
    """What is kept of a run: 48 bits, from which no text can be read."""
    return digest(run, length=12)


def published(shelves: Iterable[Path]) -> frozenset[str]:
    """The hashes in the `.runs` files of the shelves (`advisor corpus digest`). Raises SourceError for another line."""
    kept = set()
    for path in (path for shelf in shelves for path in sorted(shelf.glob("*.runs"))):
        for line in path.read_text(encoding="utf-8").splitlines():
            if _HASH.fullmatch(line):
                kept.add(line)
            elif line and not line.startswith("#"):
                raise SourceError(
                    f"{path.name} holds a line that is no hash", value=line, cure="Write it anew: advisor corpus digest"
                )
    return frozenset(kept)
