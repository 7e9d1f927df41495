"""Exact and near duplicates among documents, by word shingles and MinHash. Pure and deterministic."""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from advisor.documents import Document, digest

_WORD = re.compile(r"\w+")
_SIZE = 5
_PERMUTATIONS = 64
_BANDS = 16
_PRIME = (1 << 61) - 1
_FACTORS = tuple((zlib.crc32(b"a%d" % i) | 1, zlib.crc32(b"b%d" % i)) for i in range(_PERMUTATIONS))
NEAR = 0.9


def fingerprint(text: str) -> str:
    """Digest of a text's words; case, spacing and punctuation do not count."""
    return digest(" ".join(_WORD.findall(text.lower())))


def shingles(text: str) -> frozenset[int]:
    """Hashes of the runs of five words."""
    words = _WORD.findall(text.lower())
    runs = (" ".join(words[i : i + _SIZE]) for i in range(max(1, len(words) - _SIZE + 1)))
    return frozenset(zlib.crc32(run.encode()) for run in runs)


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Share of the shingles that both have."""
    return len(one & other) / max(1, len(one | other))


def fold(documents: Iterable[Document], *, near: bool = True) -> tuple[list[Document], dict[str, str]]:
    """The documents without duplicates, and {id of a folded one: id of the one that stands for it}.

    The first by (date missing, date, source, id) stands. Near duplicates must hold the same numbers: a page that says 2026 where another says
    2025 is another page.
    """
    ordered = sorted(documents, key=lambda d: (not d.as_of, d.as_of, d.path, d.id))
    kept: list[Document] = []
    folded: dict[str, str] = {}
    exact: dict[tuple[str, str], str] = {}
    index = _Near()
    for document in ordered:
        key = (document.language, fingerprint(document.body))
        twin = exact.get(key) or (index.twin(document) if near else None)
        if twin is not None:
            folded[document.id] = twin
            continue
        exact[key] = document.id
        if near:
            index.add(document)
        kept.append(document)
    return sorted(kept, key=lambda d: d.id), folded


class _Near:
    """Finds near duplicates by banded MinHash, then by the true share of shingles."""

    def __init__(self) -> None:
        self._bands: dict[tuple[int, Sequence[int]], list[str]] = defaultdict(list)
        self._sets: dict[str, tuple[frozenset[int], Counter[str]]] = {}
        self._last: tuple[str, frozenset[int], list[tuple[int, tuple[int, ...]]]] = ("", frozenset(), [])

    def twin(self, document: Document) -> str | None:
        found = shingles(document.body)
        keys = _band_keys(found)
        self._last = (document.id, found, keys)
        numbers = _numbers(document.body)
        candidates = sorted({name for key in keys for name in self._bands[key]})
        for name in candidates:
            other, other_numbers = self._sets[name]
            if other_numbers == numbers and jaccard(found, other) >= NEAR:
                return name
        return None

    def add(self, document: Document) -> None:
        _, found, keys = self._last
        self._sets[document.id] = (found, _numbers(document.body))
        for key in keys:
            self._bands[key].append(document.id)


def _band_keys(found: frozenset[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Bands of the MinHash signature; long texts are sampled by their smallest hashes."""
    sample = sorted(found)[:400] if len(found) > 400 else found
    signature = [min(((a * value + b) % _PRIME for value in sample), default=0) for a, b in _FACTORS]
    rows = _PERMUTATIONS // _BANDS
    return [(band, tuple(signature[band * rows : (band + 1) * rows])) for band in range(_BANDS)]


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))
