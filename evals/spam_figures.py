"""Thresholds and figures of the spam model from probabilities that it gave to entries it had not seen."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.spam_data import FOLDER, Entry

Limits = dict[str, dict[str, float]]


def thresholds(probabilities: NDArray[np.float64], entries: Sequence[Entry]) -> Limits:
    """Per language, drawn halfway to the pooled value: held back at about 2 % of legitimate entries, dropped above all of them."""
    legit = [i for i, entry in enumerate(entries) if not entry.spam]
    default = _limits(probabilities[legit])
    found = {"default": default}
    for language in sorted({entries[i].language for i in legit}):
        mine = _limits(np.array([probabilities[i] for i in legit if entries[i].language == language]))
        found[language] = {
            key: round(max(default[key], min((default[key] + value) / 2, 0.995)), 4) for key, value in mine.items()
        }
    return found


def _limits(legit: NDArray[np.float64]) -> dict[str, float]:
    hold = float(max(0.5, np.quantile(legit, 0.98)))
    return {
        "quarantine": round(hold, 4),
        "strict": round(float(max(0.3, np.quantile(legit, 0.94))), 4),
        "drop": round(float(min(0.995, max(0.9, legit.max() + 0.01))), 4),
    }


def recall_at(probabilities: NDArray[np.float64], spam: NDArray[np.bool_], rate: float) -> float:
    """Share of spam above the score that this share of legitimate entries passes."""
    return float((probabilities[spam] > np.quantile(probabilities[~spam], 1 - rate)).mean())


def report(
    probabilities: NDArray[np.float64], entries: Sequence[Entry], limits: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """Figures, a Markdown line each language."""
    spam = np.array([entry.spam for entry in entries])
    hold = np.array([limits.get(entry.language, limits["default"])["quarantine"] for entry in entries])
    lines = [
        "| set | legit | spam | recall at 0.1 % | recall at 1 % | legit held or dropped | spam not kept |",
        "|---|---|---|---|---|---|---|",
    ]
    sets: Iterable[str] = ["all", "own page", "other page", *sorted({entry.language for entry in entries})]
    for name in sets:
        at = np.array(
            [name in ("all", "own page" if entry.home else "other page", entry.language) for entry in entries]
        )
        p, s, held = probabilities[at], spam[at], (probabilities >= hold)[at]
        lines.append(
            f"| {name} | {(~s).sum()} | {s.sum()} | {recall_at(p, s, 0.001):.3f} | {recall_at(p, s, 0.01):.3f} "
            f"| {held[~s].mean():.3f} | {held[s].mean():.3f} |"
        )
    return lines


def card(lines: Sequence[str], own_count: int, public_count: int) -> None:
    """Put the figures under the marker of the data card."""
    path = FOLDER / "DATA_CARD.md"
    head = path.read_text(encoding="utf-8").split("<!-- figures -->")[0]
    counted = f"{own_count} own entries, {public_count} public entries (weighted 0.08 to 0.15, wording only)."
    path.write_text(f"{head}<!-- figures -->\n{counted}\n\n" + "\n".join(lines).rstrip() + "\n", encoding="utf-8")
