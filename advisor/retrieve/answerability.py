"""One calibrated probability that the corpus answers a question, computed after the last ranking stage: the reading.

A logistic model over a few readable features, fitted by evals/calibrate.py, one row an embedding model.
"""

import functools
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.documents import Evidence
from advisor.index.lexical import terms
from advisor.retrieve.translate import Query

FEATURES = ("reader_best", "reader_second", "best_cosine", "lead_coverage", "names_missing")
_NAME = re.compile(r"\b(?:[A-ZÅÆØÄÖÜÉ][\w-]*[A-Z0-9][\w-]*|[A-ZÅÆØÄÖÜÉ][\w-]+|\d{4})\b")
_NEAR = 5  # sentences in which names are looked for


def features(query: Query, evidence: Sequence[Evidence]) -> dict[str, float]:
    """What the reader thinks of its two best sentences, and how well the best ones cover the question."""
    question = query.to(evidence[0].chunk.language)
    read = sorted((e.answers for e in evidence), reverse=True)
    pool = {term for e in evidence[:_NEAR] for term in terms(f"{e.chunk.header} {e.chunk.text}")}
    first = question.split()[:1]
    names = {t for m in _NAME.finditer(question) if m.group(0) not in first for t in terms(m.group(0))}
    return {
        "reader_best": _logit(read[0]),
        "reader_second": _logit(read[1] if len(read) > 1 else 0.0),
        "best_cosine": max(e.cosine for e in evidence[:_NEAR]),
        "lead_coverage": evidence[0].coverage,
        "names_missing": len(names - pool) / max(1, len(names)),
    }


def probability(query: Query, evidence: Sequence[Evidence], embedder: str) -> float:
    """P(the sentences hold the answer), 0 to 1."""
    if not evidence:
        return 0.0
    found = features(query, evidence)
    model = _models().get(embedder) or _models()["default"]
    z = model["intercept"] + sum(model["weights"].get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def _logit(chance: float) -> float:
    held = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


@functools.cache
def _models() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("answerability.json")
    models: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return models
