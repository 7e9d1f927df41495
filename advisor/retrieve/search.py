"""Hybrid search: cosine and BM25 weighed, documents capped, follow-ups understood from the history."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.documents import Chunk, Evidence, Found, Hit, Message
from advisor.index.embed import Embedder, Vectors
from advisor.index.versions import Version
from advisor.retrieve import answerability, evidence, followup, scope, translate
from advisor.retrieve.reader import Reader
from advisor.retrieve.translate import Query

_POOL = 100  # candidates taken from each side
_FOREIGN = 0.3  # weight of a question in a language that no document speaks: names, and multilingual embedders
_READ = 12  # sentences that the reader looks at


@dataclass(frozen=True, slots=True)
class Fusion:
    """How scores are joined: a weighed sum of cosine and BM25 share. Tuned on dev and public collections: evals/README.md."""

    dense: float = 0.5
    per_document: int = 3


@dataclass(frozen=True, slots=True)
class Filter:
    """Which chunks may be found; empty means all."""

    collections: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def admits(self, chunk: Chunk) -> bool:
        return (not self.collections or chunk.collection in self.collections) and (
            not self.languages or chunk.language in self.languages
        )


class Searcher:
    """Searches one opened version. Safe to share between threads: nothing changes after construction."""

    def __init__(
        self, version: Version, embedder: Embedder, reader: Reader | None = None, fusion: Fusion | None = None
    ) -> None:
        self.version, self.embedder = version, embedder
        self._reader, self._fusion = reader or Reader(), fusion or Fusion()
        self._languages = frozenset(chunk.language for chunk in version.chunks)

    def search(self, question: str, history: Sequence[Message] = (), k: int = 10, only: Filter | None = None) -> Found:
        """Hits best first, their sentences best first, and the calibrated probability that they answer the question."""
        began = time.perf_counter()
        hits = self.ranked(question, history, k, only)
        ranked = time.perf_counter() - began
        query = self.query(question, history)
        sentences = self.read(query, hits)
        score = answerability.probability(query, sentences, self.embedder.name)
        return Found(question, hits, score, ranked, tuple(sentences))

    def ranked(
        self, question: str, history: Sequence[Message] = (), k: int = 10, only: Filter | None = None
    ) -> tuple[Hit, ...]:
        """Hits best first, without reading them."""
        said = list(self._said(question, history))
        vector = self._vector(said)
        shares = np.sum([weight * self.version.lexical.shares(text) for text, weight in said], axis=0)
        shares /= sum(weight for _, weight in said)
        found = self._candidates(vector, shares, only)
        rows = np.asarray(self.version.rows[found])
        score = self._fusion.dense * (rows @ vector) + (1 - self._fusion.dense) * shares[found]
        best = np.argsort(-score, kind="stable")
        query = self.query(question, history)
        cosines = np.maximum(*(rows @ self.embedder.query(text) for text in (query.text, query.english)))
        return tuple(
            Hit(self.version.chunks[int(found[i])], float(score[i]), float(cosines[i]), float(shares[found[i]]))
            for i in self._capped(found.tolist(), best.tolist(), k)
        )

    def _vector(self, said: Sequence[tuple[str, float]]) -> Vectors:
        """The direction of all that is searched for."""
        mixed = np.sum([weight * self.embedder.query(text) for text, weight in said], axis=0)
        return np.asarray(mixed / max(float(np.linalg.norm(mixed)), 1e-9), dtype=np.float32)

    def _candidates(self, vector: Vectors, shares: NDArray[np.float32], only: Filter | None) -> NDArray[np.int64]:
        """Positions of the best of each side, in reading order."""
        size = len(self.version.chunks)
        admitted = None if only is None else np.array([only.admits(chunk) for chunk in self.version.chunks])
        pool = min(_POOL if admitted is None else size, size)  # a filter must not starve on the nearest
        near = [i for i, _ in self.version.vectors.nearest(vector, pool) if admitted is None or admitted[i]]
        shares = shares if admitted is None else shares * admitted
        top = np.argpartition(-shares, min(_POOL, size) - 1)[:_POOL]
        return np.union1d(np.array(near[:_POOL], dtype=np.int64), top[shares[top] > 0])

    def query(self, question: str, history: Sequence[Message] = ()) -> Query:
        """The question with what it leaves unsaid, in its language and in English."""
        return translate.query(followup.understood(question, history))

    def _said(self, question: str, history: Sequence[Message]) -> Iterator[tuple[str, float]]:
        """What is searched for, with weights: in English, and in the asker's language where documents speak it."""
        for text, weight in followup.variants(question, history):
            said = translate.query(text)
            yield said.english, weight
            if said.english != text:
                yield text, weight * (1.0 if said.language in self._languages else _FOREIGN)

    def read(self, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
        """Sentences of the hits, best first: those that promise most are read together with the question."""
        promising = evidence.gather(query, hits, self.version, self.embedder)
        read = self._reader.read(query, promising[:_READ])
        return evidence.ranked([*read, *promising[_READ:]])

    def understood(self, question: str, history: Sequence[Message] = ()) -> str:
        """The question with what it leaves unsaid."""
        return self.query(question, history).text

    def scope(self, question: str, found: Found) -> float:
        """Probability that the question belongs to the field."""
        return scope.probability(self.embedder.query(translate.to_english(question)), found, self.embedder.name)

    def _capped(self, found: Sequence[int], order: Sequence[int], k: int) -> list[int]:
        """The first k of the order, at most a few a document."""
        taken: list[int] = []
        seen: dict[str, int] = {}
        for place in order:
            document = self.version.chunks[found[place]].document_id
            if seen.get(document, 0) < self._fusion.per_document and len(taken) < k:
                seen[document] = seen.get(document, 0) + 1
                taken.append(place)
        return taken
