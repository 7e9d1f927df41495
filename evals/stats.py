"""Small statistics: intervals, paired tests, calibration. Pure functions with fixed seeds, so figures repeat."""

import math
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

_ROUNDS = 2000
_FEW = 400  # of statistics that cost more than a mean
T = TypeVar("T")


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    p = hits / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def bootstrap(values: Sequence[float], seed: int = 7) -> tuple[float, float]:
    """95 % percentile interval of a mean (Efron 1979)."""
    if not values:
        return 0.0, 1.0
    draw = random.Random(seed)
    means = sorted(mean(draw.choices(values, k=len(values))) for _ in range(_ROUNDS))
    return means[int(0.025 * _ROUNDS)], means[int(0.975 * _ROUNDS) - 1]


def resampled(statistic: Callable[[Sequence[T]], float], rows: Sequence[T], seed: int = 7) -> tuple[float, float]:
    """95 % percentile interval of any statistic of rows."""
    if not rows:
        return 0.0, 1.0
    draw = random.Random(seed)
    drawn = sorted(statistic(draw.choices(rows, k=len(rows))) for _ in range(_FEW))
    return drawn[int(0.025 * _FEW)], drawn[int(0.975 * _FEW) - 1]


def paired_permutation(one: Sequence[float], other: Sequence[float], seed: int = 7) -> float:
    """Two-sided p of equal means by random sign flips of paired differences."""
    differences = [a - b for a, b in zip(one, other, strict=True)]
    seen = abs(mean(differences))
    if not differences or seen == 0:
        return 1.0
    draw = random.Random(seed)
    extreme = sum(
        abs(mean([d if draw.random() < 0.5 else -d for d in differences])) >= seen - 1e-12 for _ in range(_ROUNDS)
    )
    return (extreme + 1) / (_ROUNDS + 1)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Chance that a positive scores above a negative; ties count half."""
    if not positives or not negatives:
        return 0.5
    wins = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def brier(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean squared error of probabilities (Brier 1950)."""
    return mean([(p - float(o)) ** 2 for p, o in zip(probabilities, outcomes, strict=True)])


def ece(probabilities: Sequence[float], outcomes: Sequence[bool], bins: int = 5) -> float:
    """Expected calibration error over equal-mass bins."""
    pairs = sorted(zip(probabilities, outcomes, strict=True), key=lambda pair: pair[0])
    if not pairs:
        return 0.0
    total = 0.0
    for i in range(bins):
        part = pairs[i * len(pairs) // bins : (i + 1) * len(pairs) // bins]
        if part:
            total += len(part) / len(pairs) * abs(mean([p for p, _ in part]) - mean([float(o) for _, o in part]))
    return total


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else 0.0
