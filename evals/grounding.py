"""Grounding: planted falsehoods against the checker, each kind counted apart, and true paraphrases that should pass."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from advisor.assemble import Quiet
from advisor.index.versions import Progress
from evals.judged import Figure, share

PAIRS = Path(__file__).with_name("data") / "verify"


class Ruling(Protocol):
    @property
    def supported(self) -> bool: ...


class Checker(Protocol):
    def verify(self, claim: str, passages: Sequence[str]) -> Ruling: ...


def pairs(split: str) -> list[dict[str, Any]]:
    """{"id", "claim", "passages", "label", "kind"} rows of a split."""
    path = PAIRS / f"{split}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def figures(checker: Checker, split: str, progress: Progress | None = None) -> dict[str, Figure]:
    """Leak by kind of falsehood and over all, and the share of true claims that pass; ordinary answers apart."""
    outcomes: dict[str, list[float]] = defaultdict(list)
    rows, ordinary, progress = pairs(split), pairs(f"ordinary_{split}"), progress or Quiet()
    progress.start("Checking claims", len(rows) + len(ordinary))
    for row, usual in [(row, False) for row in rows] + [(row, True) for row in ordinary]:
        progress.advance()
        passed = float(checker.verify(row["claim"], row["passages"]).supported)
        if row["label"]:
            outcomes["ordinary_claims_passed" if usual else "true_claims_passed"].append(passed)
        else:
            leak = "leak_ordinary" if usual else "leak"
            outcomes[leak].append(passed)
            outcomes[f"{leak}_{row['kind']}"].append(passed)
    return {name: share(values) for name, values in sorted(outcomes.items())}
