"""Ranking quality by document id, as trec_eval counts it: no answer is written, only searched."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.cases import Case
from evals.judged import Judged, failed

DEPTH = 10
_CHUNKS = 60  # hits asked for, so that ten documents come together
_FROM = frozenset({"answers", "followups"})


def derived(cases: Sequence[Case]) -> list[Case]:
    """Every question whose documents are known, as a case of this suite."""
    return [
        replace(case, id=f"{case.id}:retrieval", suite="retrieval")
        for case in cases
        if case.suite in _FROM and case.expect.get("documents")
    ]


def ranked(searched: Any) -> dict[str, Any]:
    """What is kept of a search: the first documents, and their best passages for the report."""
    best = {hit.chunk.document_id: hit for hit in reversed(searched.hits)}
    order = list(dict.fromkeys(hit.chunk.document_id for hit in searched.hits))[:DEPTH]
    return {
        "documents": order,
        "citations": [
            {"n": n, "title": best[d].chunk.title, "passage": best[d].chunk.text} for n, d in enumerate(order[:3], 1)
        ],
    }


def search(advisor: Any, question: str, history: Sequence[Any]) -> dict[str, Any]:
    """The output that `score` reads."""
    return ranked(advisor.search(question, history, _CHUNKS))


def score(case: Case, record: Mapping[str, Any]) -> Judged:
    """A case passes when an expected document is among the first ten."""
    if "error" in record:
        return failed(case, record)
    order: Sequence[str] = record["output"]["documents"]
    measures = measured(order, case.expect["documents"])
    wanted = " or ".join(case.expect["documents"])
    reasons = () if measures["found_at_10"] else (f"{wanted} is not among {', '.join(order) or 'nothing'}",)
    return Judged(case, not reasons, measures, reasons)


def measured(order: Sequence[str], relevant: Sequence[str]) -> dict[str, float]:
    """The measures of one ranking; every document of `relevant` is equally right."""
    right = [document in relevant for document in order[:DEPTH]]
    gain = sum(1 / math.log2(rank + 1) for rank, hit in enumerate(right, 1) if hit)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(DEPTH, len(relevant)) + 1))
    return {
        "ndcg_at_10": gain / best,
        "recall_at_5": sum(right[:5]) / len(relevant),
        "recall_at_10": sum(right) / len(relevant),
        "mrr_at_10": next((1 / rank for rank, hit in enumerate(right, 1) if hit), 0.0),
        "right_first": float(right[:1] == [True]),
        "found_at_10": float(any(right)),
    }
