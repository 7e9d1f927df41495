"""BM25 over title, section and text, with stemming; names, acronyms and years stay whole."""

import functools
import logging
import re
import threading
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from advisor.documents import Chunk

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it logs every build at DEBUG on a handler of its own

_WORD = re.compile(r"[\w]+(?:[.'’&][\w]+)*", re.UNICODE)
_HEADER_WEIGHT = 2  # times that header words count; chosen on dev, see evals/README.md
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "many",
        "me",
        "much",
        "my",
        "of",
        "on",
        "or",
        "our",
        "s",
        "should",
        "so",
        "that",
        "the",
        "their",
        "them",
        "there",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "can",
        "could",
        "about",
        "tell",
        "get",
        "got",
        "give",
    ]
)


@functools.cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


_stemming = threading.Lock()  # the stemmer keeps the word it works on in itself


@functools.lru_cache(100_000)
def _stem(word: str) -> str:
    with _stemming:
        return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """Search terms: case and accents folded, stop words left out, English stems; digits kept as written."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    words = (word.replace(".", "").replace("’", "'").removesuffix("'s") for word in _WORD.findall(folded))
    return [word if word[0].isdigit() else _stem(word) for word in words if word and word not in _STOP]


class LexicalIndex:
    """BM25 scores of chunks in the order in which they were given."""

    def __init__(self, model: Any, size: int) -> None:
        self._model, self._size = model, size

    @classmethod
    def build(cls, chunks: Sequence[Chunk]) -> "LexicalIndex":
        model = bm25s.BM25(k1=1.2, b=0.6)
        fields = [terms(chunk.header) * _HEADER_WEIGHT + terms(chunk.text) for chunk in chunks]
        model.index([field or ["\0"] for field in fields], show_progress=False)
        return cls(model, len(chunks))

    def save(self, folder: Path) -> None:
        self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> "LexicalIndex":
        return cls(bm25s.BM25.load(str(folder), load_vocab=True), size)

    def scores(self, query: str) -> NDArray[np.float32]:
        """One BM25 score a chunk; all zero where no term is known."""
        known = [term for term in dict.fromkeys(terms(query)) if term in self._model.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def shares(self, query: str) -> NDArray[np.float32]:
        """BM25 as a share of what a chunk full of the query's words would score: 0 to 1, alike for all queries."""
        most = sum(self.idf(term) for term in dict.fromkeys(terms(query)))
        return self.scores(query) / np.float32(most or 1.0)

    def idf(self, term: str) -> float:
        """Inverse document frequency of a stem; the highest one where it is unknown."""
        df = self._frequencies.get(term, 0)
        return float(np.log(1 + (self._size - df + 0.5) / (df + 0.5)))

    @functools.cached_property
    def _frequencies(self) -> dict[str, int]:
        pointers = self._model.scores["indptr"]
        return {
            term: int(pointers[i + 1] - pointers[i])
            for term, i in self._model.vocab_dict.items()
            if i + 1 < len(pointers)
        }
