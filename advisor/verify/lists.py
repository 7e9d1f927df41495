"""Word lists: written as text, read as sets."""

from functools import cache
from pathlib import Path


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a list that lies beside this file, comments left out."""
    path = Path(__file__).with_name(name)
    return tuple(line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
