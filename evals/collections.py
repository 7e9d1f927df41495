"""`python -m evals.collections DIR...`: our ranking of a public collection beside BM25, the embedder and their plain fusion.

DIR holds corpus/ (any documents, named by their id), queries.jsonl ({"id", "query", "history"?}) and qrels.tsv (query,
document, relevance). The index is made as `advisor index build --corpus` makes it; the others are read from that same index.
"""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from advisor.assemble import Advisor
from advisor.cli.asking import history_of
from advisor.cli.common import Bar
from advisor.documents import Message
from advisor.retrieve.search import Searcher
from advisor.settings import load
from evals import stats

DEPTH = 10
_POOL = 100  # chunks of each side that plain fusion joins
_HITS = 60
_K = 60  # of plain fusion (Cormack et al. 2009)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a collection: what was said before, and how relevant which documents are."""

    query: str
    history: tuple[Message, ...]
    relevant: Mapping[str, int]


def read(folder: Path) -> list[Asked]:
    """The questions that have relevant documents."""
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        relevant.setdefault(query, {})[document] = int(grade)
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Asked(row["query"], tuple(history_of(row)), relevant[row["id"]])
        for row in rows
        if any(grade > 0 for grade in relevant.get(row["id"], {}).values())
    ]


def ndcg(order: Sequence[str], relevant: Mapping[str, int]) -> float:
    """nDCG of the first ten as trec_eval counts it, with graded relevance."""
    best = sorted((grade for grade in relevant.values() if grade > 0), reverse=True)[:DEPTH]
    return _gain([max(0, relevant.get(document, 0)) for document in order[:DEPTH]]) / _gain(best)


def fused(rankings: Sequence[Sequence[str]]) -> list[str]:
    """Plain reciprocal rank fusion."""
    score: dict[str, float] = {}
    for ranking in rankings:
        for rank, document in enumerate(ranking, 1):
            score[document] = score.get(document, 0.0) + 1 / (_K + rank)
    return sorted(score, key=lambda document: -score[document])


def rankings(searcher: Searcher, asked: Asked) -> dict[str, list[str]]:
    """Documents by every method; a document stands where its best chunk stands."""
    chunks = searcher.version.chunks
    scores = searcher.version.lexical.scores(asked.query)
    top = [int(i) for i in np.argsort(-scores, kind="stable")[:_POOL] if scores[i] > 0]
    near = searcher.version.vectors.nearest(searcher.embedder.query(asked.query), min(_POOL, len(chunks)))
    found = {
        "bm25": _documents(chunks[i] for i in top),
        "dense": _documents(chunks[i] for i, _ in near),
        "ours": _documents(hit.chunk for hit in searcher.ranked(asked.query, asked.history, _HITS)),
    }
    found["fusion"] = fused([found["bm25"], found["dense"]])
    if asked.history:
        found["last turn"] = _documents(hit.chunk for hit in searcher.ranked(asked.query, (), _HITS))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evals.collections", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    for folder in parser.parse_args().folders:
        made = Advisor(load(), folder / "index")
        with Bar() as bar:
            made.build_folders([folder / "corpus"], bar)
        searcher = made.searcher_at(folder / "index")
        rows = [
            {name: ndcg(order, asked.relevant) for name, order in rankings(searcher, asked).items()}
            for asked in read(folder)
        ]
        searcher.version.vectors.close()
        _print(folder.name, rows)


def _print(name: str, rows: Sequence[Mapping[str, float]]) -> None:
    means = {method: stats.mean([row[method] for row in rows if method in row]) for method in rows[0]}
    print(f"{name}: n={len(rows)}, nDCG@10 " + ", ".join(f"{method} {value:.4f}" for method, value in means.items()))
    for plain in ("fusion", "last turn"):
        if plain in means:
            p = stats.paired_permutation([row["ours"] for row in rows], [row[plain] for row in rows])
            print(f"  ours above {plain}: {means['ours'] / means[plain] - 1:+.1%} (p={p:.3f})")


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def _documents(chunks: Any) -> list[str]:
    return list(dict.fromkeys(chunk.document_id for chunk in chunks))


if __name__ == "__main__":
    main()
