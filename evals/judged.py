"""What a scorer says of one case, and how a suite is summed up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals import stats
from evals.cases import Case

# Shares that a crashed case pulls down, so that a crash is never averaged away.
SHARES = frozenset(
    {
        "outcome",
        "facts",
        "cited",
        "answer_first",
        "ndcg_at_10",
        "recall_at_5",
        "recall_at_10",
        "mrr_at_10",
        "right_first",
        "found_at_1",
        "found_at_3",
        "found_at_10",
        "reciprocal_rank",
        "top1",
        "top2",
        "profile",
        "slots",
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A scored case: `measures` are 0 to 1 unless their name says a unit; `reasons` say in words why it failed."""

    case: Case
    passed: bool
    measures: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    crashed: bool = False


def failed(case: Case, record: Mapping[str, Any]) -> Judged:
    """A crash is a failed case."""
    return Judged(case, False, {}, (f"crashed: {record.get('error', 'no record')}",), crashed=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure with its 95 % interval and the number of cases behind it."""

    value: float
    low: float
    high: float
    n: int


def share(values: Sequence[float]) -> Figure:
    """A share of yes (1.0) among yes and no, with Wilson's interval."""
    return Figure(stats.mean(values), *stats.wilson(int(sum(values)), len(values)), len(values))


def figure(values: Sequence[float]) -> Figure:
    """A mean with its interval: Wilson's where every value is yes or no, else by bootstrap."""
    if set(values) <= {0.0, 1.0}:
        return share(values)
    return Figure(stats.mean(values), *stats.bootstrap(values), len(values))


def summary(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Share passed and the mean of every measure, over the cases that have it."""
    figures = {"passed": share([float(j.passed) for j in judged])}
    whole = {name for j in judged for name in j.measures}
    columns: dict[str, list[float]] = defaultdict(list)
    for j in judged:
        measures = dict.fromkeys(whole & SHARES, 0.0) if j.crashed else j.measures
        for name, value in measures.items():
            columns[name].append(value)
    for name, values in sorted(columns.items()):
        figures[name] = figure(values)
    return figures
