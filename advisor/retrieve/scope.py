"""Probability that a question belongs to the field of innovation clusters, homonyms such as k-means clusters told apart.

A logistic model on the question's vector and on how near the corpus comes to it, fitted on dev by evals/calibrate.py.
"""

import functools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from advisor.documents import Found
from advisor.index.embed import Vectors


def probability(vector: Vectors, found: Found, embedder: str) -> float:
    """P(in scope), 0 to 1. An embedding model without a fitted row falls back on nearness alone."""
    model = _models().get(embedder)
    top = max((hit.dense for hit in found.hits), default=0.0)
    if model is None:
        return max(found.answerable, 1.0 / (1.0 + math.exp(-20.0 * (top - 0.3))))
    z = model["intercept"] + float(np.dot(model["vector"], vector)) + model["dense_top"] * top
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@functools.cache
def _models() -> dict[str, dict[str, Any]]:
    models: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("scope.json").read_text(encoding="utf-8"))
    return models
