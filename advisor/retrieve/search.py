"""Hybrid search: BM25 and dense ranks fused, documents capped, follow-ups understood from the history."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.documents import Chunk, Evidence, Found, Hit, Message
from advisor.index.embed import Embedder
from advisor.index.versions import Version
from advisor.retrieve import answerability, evidence, followup, scope, translate
from advisor.retrieve.reader import Reader
from advisor.retrieve.translate import Query

_POOL = 100  # candidates taken from each side
_FOREIGN = 0.3  # weight of a question in a language that no document speaks: names, and multilingual embedders
_READ = 12  # sentences that the reader looks at


@dataclass(frozen=True, slots=True)
class Fusion:
    """How ranks are joined (reciprocal rank fusion, Cormack et al. 2009, weighted). Tuned on dev: evals/README.md."""

    k: float = 20.0
    dense: float = 1.0
    lexical: float = 1.0
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
        self.version, self._embedder = version, embedder
        self._reader, self._fusion = reader or Reader(), fusion or Fusion()
        self._languages = frozenset(chunk.language for chunk in version.chunks)

    def search(self, question: str, history: Sequence[Message] = (), k: int = 10, only: Filter | None = None) -> Found:
        """Hits best first, their sentences best first, and the calibrated probability that they answer the question."""
        began = time.perf_counter()
        variants = list(self._said(question, history))
        admitted = None if only is None else np.array([only.admits(chunk) for chunk in self.version.chunks])
        pool = _POOL if admitted is None else len(self.version.chunks)  # a filter must not starve on the nearest
        fused: dict[int, float] = {}
        dense: dict[int, float] = {}
        lexical = np.zeros(len(self.version.chunks), dtype=np.float32)
        for text, weight in variants:
            near = self.version.vectors.nearest(self._embedder.query(text), min(pool, len(self.version.chunks)))
            near = [(i, cosine) for i, cosine in near if admitted is None or admitted[i]][:_POOL]
            scores = self.version.lexical.scores(text)
            scores = scores if admitted is None else scores * admitted
            top = np.argsort(-scores, kind="stable")[:_POOL]
            for rank, (position, cosine) in enumerate(near):
                fused[position] = fused.get(position, 0.0) + weight * self._fusion.dense / (self._fusion.k + rank)
                dense[position] = max(dense.get(position, 0.0), cosine)
            for rank, position in enumerate(int(i) for i in top if scores[i] > 0):
                fused[position] = fused.get(position, 0.0) + weight * self._fusion.lexical / (self._fusion.k + rank)
            lexical = np.maximum(lexical, scores)
        order = sorted(fused, key=lambda position: (-fused[position], position))
        hits = tuple(
            Hit(self.version.chunks[i], fused[i], dense.get(i, 0.0), float(lexical[i])) for i in self._capped(order, k)
        )
        ranked = time.perf_counter() - began
        query = self.query(question, history)
        sentences = self.read(query, hits)
        score = answerability.probability(query, sentences, self._embedder.name)
        return Found(question, hits, score, ranked, tuple(sentences))

    def query(self, question: str, history: Sequence[Message] = ()) -> Query:
        """The question with what it leaves unsaid, in its language and in English."""
        return translate.query(followup.variants(question, history)[-1][0])

    def _said(self, question: str, history: Sequence[Message]) -> Iterator[tuple[str, float]]:
        """What is searched for, with weights: in English, and in the asker's language where documents speak it."""
        for text, weight in followup.variants(question, history):
            said = translate.query(text)
            yield said.english, weight
            if said.english != text:
                yield text, weight * (1.0 if said.language in self._languages else _FOREIGN)

    def read(self, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
        """Sentences of the hits, best first: those that promise most are read together with the question."""
        promising = evidence.gather(query, hits, self.version, self._embedder)
        read = self._reader.read(query, promising[:_READ])
        return evidence.ranked([*read, *promising[_READ:]])

    def understood(self, question: str, history: Sequence[Message] = ()) -> str:
        """The question with what it leaves unsaid."""
        return self.query(question, history).text

    def scope(self, question: str, found: Found) -> float:
        """Probability that the question belongs to the field."""
        return scope.probability(self._embedder.query(translate.to_english(question)), found, self._embedder.name)

    def _capped(self, order: Sequence[int], k: int) -> list[int]:
        """The first k positions, at most a few a document."""
        taken: list[int] = []
        seen: dict[str, int] = {}
        for position in order:
            chunk = self.version.chunks[position]
            if seen.get(chunk.document_id, 0) >= self._fusion.per_document:
                continue
            seen[chunk.document_id] = seen.get(chunk.document_id, 0) + 1
            taken.append(position)
            if len(taken) == k:
                break
        return taken
