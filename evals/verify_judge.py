"""How well a network does on a split: pass, leak, the whole curve, kind by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional as F

from advisor.verify.checker import asked, premise
from advisor.verify.exact import Match, check
from advisor.verify.network import Network, word_logits
from advisor.verify.text import clean
from advisor.verify.weighing import features, weighed
from evals.verify_pairs import read, tokenizer

_SHRINK = 5.0


@dataclass(frozen=True)
class Judged:
    """One case after the exact checks and the model: `logit` is None where an exact check already decided."""

    row: dict[str, Any]
    copied: bool
    logit: float | None
    exact: str

    def passes(self, threshold: float) -> bool:
        return self.copied or (self.logit is not None and self.logit >= threshold)


@dataclass(frozen=True)
class Seen:
    """A case that the exact checks leave open, with what is weighed of it."""

    case: int
    values: dict[str, float]


def see(network: Network, rows: Sequence[dict[str, Any]]) -> tuple[list[list[Match]], list[Seen]]:
    """The exact checks of every case and passage, and what is weighed of those that they leave open."""
    matches = [[check(row["claim"], passage) for passage in row["passages"]] for row in rows]
    places = [(n, m) for n, found in enumerate(matches) for m in asked(found)]
    pairs = [(premise(rows[n]["claim"], rows[n]["passages"][m]), clean(rows[n]["claim"])) for n, m in places]
    words = word_logits(network, tokenizer(256), pairs, 64)
    return matches, [
        Seen(n, features(claim, near, logits))
        for (n, _), (near, claim), logits in zip(places, pairs, words, strict=True)
    ]


def fitted(seen: Sequence[Seen], labels: Sequence[bool]) -> dict[str, float]:
    """Weights of a logistic regression with a little shrinkage."""
    names = list(seen[0].values)
    x = torch.tensor([[s.values[name] for name in names] for s in seen], dtype=torch.float64)
    y = torch.tensor([float(labels[s.case]) for s in seen], dtype=torch.float64)
    mean, scale = x.mean(0), x.std(0, correction=0).clamp_min(1e-9)
    coef = torch.zeros(len(names) + 1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([coef], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        logit = (x - mean) / scale @ coef[:-1] + coef[-1]
        out = F.binary_cross_entropy_with_logits(logit, y, reduction="sum") + _SHRINK * coef[:-1].square().sum()
        out.backward()  # type: ignore[no-untyped-call]
        return float(out.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    plain = coef.detach()[:-1] / scale
    weights = {name: round(float(c), 5) for name, c in zip(names, plain, strict=True)}
    return weights | {"bias": round(float(coef.detach()[-1] - (plain * mean).sum()), 5)}


def judge(network: Network, splits: Sequence[str], weights: dict[str, float] | None = None) -> list[Judged]:
    """Every case of the splits; without weights by the word that is carried least."""
    rows = [row for split in splits for row in read(split)]
    matches, seen = see(network, rows)
    best: dict[int, float] = {}
    for s in seen:
        value = weighed(s.values, weights) if weights else s.values["least"]
        best[s.case] = max(best.get(s.case, -99.0), value)
    return [
        Judged(row, any(x.copied for x in found), best.get(n), max(found, key=lambda x: x.overlap).kind)
        for n, (row, found) in enumerate(zip(rows, matches, strict=True))
    ]


def rates(judged: Sequence[Judged], threshold: float) -> tuple[float, float]:
    """Share of true claims that pass and of false ones that leak."""
    true = [j.passes(threshold) for j in judged if j.row["label"]]
    false = [j.passes(threshold) for j in judged if not j.row["label"]]
    return sum(true) / len(true), sum(false) / len(false)


def curve(judged: Sequence[Judged]) -> list[dict[str, float]]:
    cuts = sorted({round(j.logit, 3) for j in judged if j.logit is not None} | {-99.0, 99.0})
    out = []
    for cut in cuts:
        passed, leaked = rates(judged, cut)
        out.append({"threshold": cut, "pass": round(passed, 4), "leak": round(leaked, 4)})
    return out


def tune(judged: Sequence[Judged], leak: float) -> float:
    """The lowest threshold whose leak on these cases is at most `leak`."""
    return next(point["threshold"] for point in curve(judged) if point["leak"] <= leak)


def summary(judged: Sequence[Judged]) -> str:
    out = []
    for leak in (0.0, 0.005, 0.01, 0.02, 0.05):
        cut = tune(judged, leak)
        passed, leaked = rates(judged, cut)
        out.append(f"leak<={leak:.1%}: pass {passed:.1%} (cut {cut:.2f}, leak {leaked:.2%})")
    passed, leaked = rates(judged, -99.0)
    return "; ".join([f"exact only: pass {passed:.1%} leak {leaked:.1%}", *out])


def by_kind(judged: Sequence[Judged], threshold: float) -> dict[str, dict[str, Any]]:
    """Passed of all, by kind: with the exact checks alone, and with the model."""
    out: dict[str, dict[str, Any]] = {}
    for j in judged:
        name = ("true: " if j.row["label"] else "false: ") + j.row["kind"]
        cell = out.setdefault(name, {"cases": 0, "exact_only": 0, "with_model": 0})
        cell["cases"] += 1
        cell["exact_only"] += j.passes(-99.0)
        cell["with_model"] += j.passes(threshold)
    return dict(sorted(out.items()))
