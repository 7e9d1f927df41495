"""One calibrated probability that the hits hold the answer, computed after the last ranking stage.

A logistic model over a few readable features, fitted on dev by evals/calibrate.py, one row an embedding model.
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

FEATURES = ("dense_top", "dense_mean3", "coverage_top", "coverage_pool", "rarest_missing", "names_missing", "terms")
_NAME = re.compile(r"\b(?:[A-ZÅÆØÄÖÜÉ][\w-]*[A-Z0-9][\w-]*|[A-ZÅÆØÄÖÜÉ][\w-]+|\d{4})\b")


def features(question: str, hits: Sequence[Hit], lexical: LexicalIndex) -> dict[str, float]:
    """What the hits cover of the question, weighted by how telling a word is."""
    asked = list(dict.fromkeys(terms(question)))
    weights = {term: lexical.idf(term) for term in asked}
    total = sum(weights.values()) or 1.0
    covered = [{*terms(hit.chunk.embed_text)} & weights.keys() for hit in hits[:5]]
    pool = set().union(*covered) if covered else set()
    rarest = max(asked, key=lambda term: weights[term], default=None)
    words = question.split()
    names = {t for m in _NAME.finditer(question) if m.group(0) != (words[0] if words else "") for t in terms(m.group(0))}
    dense = [hit.dense for hit in hits]
    return {
        "dense_top": max(dense, default=0.0),
        "dense_mean3": sum(sorted(dense, reverse=True)[:3]) / 3,
        "coverage_top": max((sum(weights[t] for t in found) / total for found in covered), default=0.0),
        "coverage_pool": sum(weights[t] for t in pool) / total,
        "rarest_missing": float(rarest is not None and rarest not in pool),
        "names_missing": sum(t not in pool for t in names) / max(1, len(names)),
        "terms": math.log1p(len(asked)),
    }


def probability(question: str, hits: Sequence[Hit], lexical: LexicalIndex, embedder: str) -> float:
    """P(the hits hold the answer), 0 to 1."""
    if not hits:
        return 0.0
    found = features(question, hits, lexical)
    model = _models().get(embedder) or _models()["default"]
    z = model["intercept"] + sum(model["weights"].get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@functools.cache
def _models() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("answerability.json")
    models: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return models
