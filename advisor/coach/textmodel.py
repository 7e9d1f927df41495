"""Statements to calibrated probabilities: a multinomial logistic model over a multilingual vector and hashed n-grams.

Trained by evals/profile_train.py; the coefficients are plain JSON beside this file.
"""

import functools
import itertools
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.coach.slots import plain
from advisor.errors import SetupError

Vectors = NDArray[np.float32]
Encode = Callable[[str], Vectors]
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class TextModel:
    """`weights`: a row a class over [vector - mean, n-gram buckets]; `temperature` calibrates."""

    classes: tuple[str, ...]
    mean: NDArray[np.float64]
    vector: NDArray[np.float64]  # classes x dimensions
    grams: NDArray[np.float64]  # classes x buckets
    intercept: NDArray[np.float64]
    gram_scale: float
    temperature: float
    short: float  # words: a shorter text is believed less

    def cooled(self, vector: Vectors, text: str) -> NDArray[np.float64]:
        """Calibrated log odds: the temperature rises where there are few words."""
        return self.logits(vector, text) / heat(self.temperature, self.short, text)

    def logits(self, vector: Vectors, text: str) -> NDArray[np.float64]:
        """Uncalibrated scores of the classes."""
        scores = self.intercept + self.vector @ (np.asarray(vector, dtype=np.float64) - self.mean)
        buckets = self.grams.shape[1]
        if buckets:
            scores = scores + self.grams @ (hashed(text, buckets) * self.gram_scale)
        return np.asarray(scores, dtype=np.float64)

    def probabilities(self, vector: Vectors, text: str) -> NDArray[np.float64]:
        return softmax(self.cooled(vector, text))


def heat(temperature: float, short: float, text: str) -> float:
    return temperature * (1.0 + short / max(1, len(text.split())))


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(scores - scores.max())
    return np.asarray(shifted / shifted.sum(), dtype=np.float64)


def hashed(text: str, buckets: int) -> NDArray[np.float64]:
    """Words, word pairs and four-letter pieces in hashed buckets, unit length."""
    words = _WORD.findall(plain(text))
    grams = [*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))]
    for word in words:
        padded = f"<{word}>"
        grams.extend(f"#{padded[i : i + 4]}" for i in range(len(padded) - 3))
    found = np.zeros(buckets)
    for gram in grams:
        found[zlib.crc32(gram.encode()) % buckets] += 1.0
    found = np.sqrt(found)
    length = float(np.linalg.norm(found))
    return found / length if length else found


@functools.cache
def load(name: str) -> TextModel:
    """`profile` or `stage`. Raises SetupError."""
    path = Path(__file__).with_name(f"{name}_model.json")
    try:
        row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SetupError(f"The {name} model cannot be read ({problem})", value=path, cure="Reinstall.") from problem
    unit = float(row["unit"])
    return TextModel(
        tuple(row["classes"]),
        np.array(row["mean"]),
        np.array(row["vector"]) * unit,
        np.array(row["grams"]).reshape(len(row["classes"]), -1) * unit,
        np.array(row["intercept"]),
        float(row["gram_scale"]),
        float(row["temperature"]),
        float(row["short"]),
    )
