"""Ranking quality by document id, as trec_eval counts it (ir-measures): no answer is written, only searched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import ir_measures
from ir_measures import RR, R, nDCG

from evals.cases import Case
from evals.judged import Judged

DEPTH = 10
_CHUNKS = 60  # hits asked for, so that ten documents come together
_MEASURES = {"ndcg_at_10": nDCG @ 10, "recall_at_5": R @ 5, "recall_at_10": R @ 10, "mrr_at_10": RR @ 10}
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
        "citations": [{"n": n, "title": best[d].chunk.title, "passage": best[d].chunk.text} for n, d in enumerate(order[:3], 1)],
    }


def search(advisor: Any, question: str, history: Sequence[Any]) -> dict[str, Any]:
    """The output that `score` reads."""
    return ranked(advisor.search(question, history, _CHUNKS))


def score(case: Case, record: Mapping[str, Any]) -> Judged:
    """A case passes when an expected document is among the first ten."""
    if "error" in record:
        return Judged(case, False, {}, (f"crashed: {record['error']}",), crashed=True)
    order: Sequence[str] = record["output"]["documents"]
    measures = measured(order, case.expect["documents"])
    wanted = " or ".join(case.expect["documents"])
    reasons = () if measures["found_at_10"] else (f"{wanted} is not among {', '.join(order) or 'nothing'}",)
    return Judged(case, not reasons, measures, reasons)


def measured(order: Sequence[str], relevant: Sequence[str]) -> dict[str, float]:
    """The measures of one ranking; every document of `relevant` is equally right."""
    run = {"q": {document: float(len(order) - rank) for rank, document in enumerate(order)}}
    counted = ir_measures.calc_aggregate(list(_MEASURES.values()), {"q": dict.fromkeys(relevant, 1)}, run)
    found = {name: float(counted[measure]) for name, measure in _MEASURES.items()}
    return found | {
        "right_first": float(bool(order) and order[0] in relevant),
        "found_at_10": float(bool(set(order[:DEPTH]) & set(relevant))),
    }
