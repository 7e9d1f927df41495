"""Floors in git: a figure that falls below its floor, beyond a noise margin, fails the build."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import RequestError
from evals.judged import Figure

FLOORS = Path(__file__).with_name("floors.json")
# Figures where less is better, and figures that have no floor.
LOWER_IS_BETTER = frozenset(
    {
        "false_answers",
        "false_refusals",
        "leak",
        "legit_dropped",
        "legit_held_back",
        "ece",
        "brier",
        "foreign_links",
        "spam_found_filter_on",
        "spam_told_filter_on",
        "asked_twice",
        "words",
        "verbatim_words",
        "questions",
    }
)
_MARGIN = 0.01  # of shares: one case in a hundred may flip
_NO_FLOOR = frozenset(
    {
        "answered",
        "answerable_p",
        "reading_ease",
        "spam_found_filter_off",
        "spam_told_filter_off",
        "facts_told_filter_off",
    }
)
_SUITES_WITHOUT = frozenset({"speed", "judge"})  # they depend on the machine, or on another model


@dataclass(frozen=True, slots=True)
class Miss:
    """A figure that is worse than its floor."""

    name: str
    value: float
    floor: float


def load(path: Path = FLOORS) -> dict[str, object]:
    """Stored floors: {"cases": digest, "floors": {"suite.figure": value}}; empty where there are none yet."""
    if not path.is_file():
        return {"cases": "", "floors": {}}
    try:
        stored: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise RequestError(
            f"The floors cannot be read ({problem})", value=path, cure="Restore them from git."
        ) from problem
    return stored


def misses(figures: Mapping[str, Mapping[str, Figure]], floors: Mapping[str, float]) -> list[Miss]:
    """Figures below their floors; a floor whose figure is gone counts as missed."""
    have = flat(figures)
    suites = set(figures)
    found = []
    for name, floor in floors.items():
        if name.split(".")[0] not in suites:
            continue  # that suite was not asked for
        value = have.get(name)
        worse = value is None or (
            value > floor + _margin(name, floor) if _lower(name) else value < floor - _margin(name, floor)
        )
        if worse:
            found.append(Miss(name, float("nan") if value is None else value, floor))
    return found


def update(figures: Mapping[str, Mapping[str, Figure]], cases: str, lower: bool, path: Path = FLOORS) -> list[str]:
    """Raise the floors to the figures; refuse to lower one unless `lower`. Returns what changed."""
    stored = load(path)
    floors = dict(stored["floors"])  # type: ignore[call-overload]
    changed = []
    for name, value in flat(figures).items():
        old = floors.get(name)
        if old is None or old == round(value, 4):
            pass
        elif (value > old) == _lower(name) and not lower:
            raise RequestError(f"{name} would fall from {old} to {value:.4f}", cure="Mend it, or say --lower.")
        if old != round(value, 4):
            floors[name] = round(value, 4)
            changed.append(f"{name}: {old} -> {value:.4f}")
    text = json.dumps({"cases": cases, "floors": dict(sorted(floors.items()))}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return changed


def flat(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, float]:
    """{"suite.figure": value} without those that have no floor."""
    return {
        f"{suite}.{name}": figure.value
        for suite, rows in figures.items()
        if suite not in _SUITES_WITHOUT
        for name, figure in rows.items()
        if name not in _NO_FLOOR
    }


def _lower(name: str) -> bool:
    return name.split(".")[-1] in LOWER_IS_BETTER or name.split(".")[-1].startswith("leak")


def _margin(name: str, floor: float) -> float:
    return _MARGIN if floor <= 1 else 0.05 * floor
