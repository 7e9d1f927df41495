"""Two run files side by side: figures, a paired permutation test, and the cases that flipped."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals import stats, suites
from evals.cases import Case
from evals.run import Run


@dataclass(frozen=True, slots=True)
class Difference:
    """One suite in two runs: shares passed, p of no difference, ids that got better and worse."""

    suite: str
    before: float
    after: float
    p: float
    better: tuple[str, ...]
    worse: tuple[str, ...]


def compare(cases: Sequence[Case], one: Run, other: Run) -> list[Difference]:
    """Suites that both runs hold."""
    first, second = suites.judge(cases, one), suites.judge(cases, other)
    found = []
    for suite in first.keys() & second.keys():
        theirs = {j.case.id: j for j in second[suite] if j.case.id in other.records}
        pairs = [(j, theirs[j.case.id]) for j in first[suite] if j.case.id in one.records and j.case.id in theirs]
        if not pairs:
            continue
        before, after = [float(a.passed) for a, _ in pairs], [float(b.passed) for _, b in pairs]
        found.append(
            Difference(
                suite,
                stats.mean(before),
                stats.mean(after),
                stats.paired_permutation(after, before),
                tuple(a.case.id for a, b in pairs if b.passed and not a.passed),
                tuple(a.case.id for a, b in pairs if a.passed and not b.passed),
            )
        )
    return sorted(found, key=lambda difference: difference.suite)
