"""One calibrated probability that the corpus answers a question, computed after the last ranking stage: the sentences.

A logistic model over readable features, fitted on dev by evals/calibrate.py, one row an embedding model.
"""

import functools
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.documents import Hit
from advisor.index.lexical import LexicalIndex, terms
from advisor.retrieve.evidence import Evidence, asks_for

FEATURES = (
    "lead_coverage", "lead_cosine", "best_coverage", "best_cosine", "chunk_coverage", "sentence_coverage", "dense_top",
    "dense_mean3", "rare_missing", "names_missing", "kind_in_lead", "kind_near", "terms", "lead_margin", "lead_rank",
)  # fmt: skip
_NAME = re.compile(r"\b(?:[A-ZÅÆØÄÖÜÉ][\w-]*[A-Z0-9][\w-]*|[A-ZÅÆØÄÖÜÉ][\w-]+|\d{4})\b")
_NEAR = 5  # sentences that are looked at


def features(
    question: str, hits: Sequence[Hit], evidence: Sequence[Evidence], lexical: LexicalIndex
) -> dict[str, float]:
    """How well the best sentences cover the question, in its words, in meaning and in the kind of fact it asks for."""
    lead, near = evidence[0], evidence[:_NEAR]
    asked = list(dict.fromkeys(terms(question)))
    weights = {term: lexical.idf(term) for term in asked}
    total = sum(weights.values()) or 1.0
    in_chunk, in_sentence = set(terms(lead.chunk.embed_text)), set(terms(lead.sentence.text))
    rare = sorted(asked, key=lambda term: -weights[term])[:2]
    first = question.split()[:1]
    names = {t for m in _NAME.finditer(question) if m.group(0) not in first for t in terms(m.group(0))}
    dense = sorted((hit.dense for hit in hits), reverse=True)
    kind = asks_for(question)
    return {
        "lead_coverage": lead.coverage,
        "lead_cosine": lead.cosine,
        "best_coverage": max(e.coverage for e in near),
        "best_cosine": max(e.cosine for e in near),
        "chunk_coverage": sum(weights[t] for t in asked if t in in_chunk) / total,
        "sentence_coverage": sum(weights[t] for t in asked if t in in_sentence) / total,
        "dense_top": dense[0],
        "dense_mean3": sum(dense[:3]) / 3,
        "rare_missing": sum(t not in in_chunk for t in rare) / max(1, len(rare)),
        "names_missing": sum(t not in in_chunk for t in names) / max(1, len(names)),
        "kind_in_lead": 0.5 if kind is None else float(bool(kind.search(lead.sentence.text))),
        "kind_near": 0.5
        if kind is None
        else float(any(kind.search(e.sentence.text) and e.coverage > 0.6 * lead.coverage for e in near)),
        "terms": math.log1p(len(asked)),
        "lead_margin": lead.score - near[-1].score,
        "lead_rank": float(lead.rank),
    }


def probability(
    question: str, hits: Sequence[Hit], evidence: Sequence[Evidence], lexical: LexicalIndex, embedder: str
) -> float:
    """P(the hits hold the answer), 0 to 1."""
    if not hits or not evidence:
        return 0.0
    found = features(question, hits, evidence, lexical)
    model = _models().get(embedder) or _models()["default"]
    z = model["intercept"] + sum(model["weights"].get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@functools.cache
def _models() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("answerability.json")
    models: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return models
