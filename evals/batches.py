"""Batches of about equal length for training: little is spent on filling up."""

import random
from collections.abc import Sequence

_WINDOW = 50  # batches' worth of rows that are sorted together


def even(lengths: Sequence[int], order: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Positions of `order` in batches: shuffled by the caller, sorted in windows, cut, shuffled again."""
    cut: list[list[int]] = []
    for at in range(0, len(order), size * _WINDOW):
        window = sorted(order[at : at + size * _WINDOW], key=lambda i: lengths[i])
        cut += [window[j : j + size] for j in range(0, len(window), size)]
    rng.shuffle(cut)
    return cut
