"""`make bench-scale`: search over very many synthetic chunks, through the same index and searcher as ever.

Vectors gather round topics and texts follow Zipf's law, so that neither the graph nor BM25 has it easy. Exact search on
a sample tells how many of the true nearest the graph finds.
"""

import argparse
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from advisor.cli.common import Bar
from advisor.documents import Chunk, SourceSentence
from advisor.index.embed import Vectors
from advisor.index.store import VectorStore
from advisor.index.versions import Versions
from advisor.retrieve.search import Searcher
from evals import stats
from evals.speed import peak_memory

_WIDTH = 384
_TOPICS = 2000
_WORDS = 40  # a chunk
_VOCABULARY = 60_000
_QUERIES = 200
_SAMPLE = 50  # queries whose neighbours are also searched exactly
_MOST_MEMORY = 12e9


class Synthetic:
    """An embedder that draws vectors instead of computing them; the same text has the same vector."""

    name, digest = "synthetic", "synthetic"

    def __init__(self) -> None:
        self._topics = np.random.default_rng(7).standard_normal((_TOPICS, _WIDTH), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def query(self, text: str) -> Vectors:
        return self._vector(text)

    def fits(self, text: str) -> bool:
        return True

    def _vector(self, text: str) -> Vectors:
        """Near the topic that the first word names."""
        topic, seed = int(text.split()[0][1:]) % _TOPICS, zlib.crc32(text.encode())
        vector = self._topics[topic] + 0.8 * np.random.default_rng(seed).standard_normal(_WIDTH, dtype=np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def texts(count: int, seed: int) -> Iterator[str]:
    """Word salads: a topic, then words by Zipf's law."""
    draw = np.random.default_rng(seed)
    for _ in range(count):
        words = np.minimum(draw.zipf(1.2, _WORDS), _VOCABULARY)
        yield f"t{draw.integers(_TOPICS)} " + " ".join(f"w{word}" for word in words)


def chunks(count: int) -> list[Chunk]:
    """Synthetic chunks, four a document."""
    return [
        Chunk(
            id=f"c{i}", document_id=f"d{i // 4}", text=text, header="", title=f"Document {i // 4}", kind="page",
            source=f"{i // 4}.md", line=1, sentences=(SourceSentence(text, 1),),
        )
        for i, text in enumerate(texts(count, 11))
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evals.scale", description=__doc__)
    parser.add_argument("--vectors", type=int, default=1_000_000)
    count = parser.parse_args().vectors
    with tempfile.TemporaryDirectory() as folder, Bar() as bar:
        embedder, versions, began = Synthetic(), Versions(Path(folder)), time.perf_counter()
        versions.build("scale", chunks(count), embedder, bar)
        print(f"{count} chunks built in {time.perf_counter() - began:.0f} s, {peak_memory() / 1e9:.1f} GB at most")
        began = time.perf_counter()
        opened = versions.open("scale", embedder)
        print(f"opened in {time.perf_counter() - began:.0f} s")
        searcher, asked = Searcher(opened, embedder), list(texts(_QUERIES, 13))
        seconds = [_timed(searcher, text) for text in asked]
        p50, p95 = statistics.median(seconds), stats.quantile(seconds, 0.95)
        vectors = np.load(Path(folder) / "scale" / "vectors.npy", mmap_mode="r")
        recall = statistics.mean(_recall(opened.vectors, vectors, embedder.query(text)) for text in asked[:_SAMPLE])
        opened.vectors.close()
    print(f"retrieval p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, n={_QUERIES}")
    print(f"of the ten nearest by exact search the graph finds {recall:.1%}")
    print(f"peak memory {peak_memory() / 1e9:.1f} GB of {_MOST_MEMORY / 1e9:.0f}")
    sys.exit(peak_memory() > _MOST_MEMORY)


def _timed(searcher: Searcher, text: str) -> float:
    began = time.perf_counter()
    searcher.search(text)
    return time.perf_counter() - began


def _recall(store: VectorStore, vectors: Vectors, query: Vectors) -> float:
    exact = set(np.argsort(-(vectors @ query))[:10].tolist())
    return len(exact & {position for position, _ in store.nearest(query, 10)}) / 10


if __name__ == "__main__":
    main()
