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
    """Leak by kind of falsehood, leak over all, and the share of true claims that pass."""
    outcomes: dict[str, list[float]] = defaultdict(list)
    rows, progress = pairs(split), progress or Quiet()
    progress.start("Checking claims", len(rows))
    for row in rows:
        progress.advance()
        passed = float(checker.verify(row["claim"], row["passages"]).supported)
        if row["label"]:
            outcomes["true_claims_passed"].append(passed)
        else:
            outcomes["leak"].append(passed)
            outcomes[f"leak_{row['kind']}"].append(passed)
    return {name: share(values) for name, values in sorted(outcomes.items())}
