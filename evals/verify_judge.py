"""How well a network does on a split: pass, leak, the whole curve, kind by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from advisor.index.crossencoder import tensors
from advisor.verify.checker import premise
from advisor.verify.exact import check
from advisor.verify.network import Network
from advisor.verify.text import clean
from evals.verify_pairs import read, tokenizer


@torch.inference_mode()
def scores(network: Network, pairs: Sequence[tuple[str, str]], size: int = 64) -> list[float]:
    encoded = tokenizer(256).encode_batch(list(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    out = [0.0] * len(pairs)
    for at in range(0, len(order), size):
        rows = order[at : at + size]
        for i, value in zip(rows, network(*tensors([encoded[i] for i in rows])).tolist(), strict=True):
            out[i] = value
    return out


@dataclass(frozen=True)
class Judged:
    """One case after the exact checks and the model: `logit` is None where an exact check already decided."""

    row: dict[str, Any]
    copied: bool
    logit: float | None
    exact: str

    def passes(self, threshold: float) -> bool:
        return self.copied or (self.logit is not None and self.logit >= threshold)


def judge(network: Network, split: str) -> list[Judged]:
    rows = read(split)
    matches = [[check(row["claim"], passage) for passage in row["passages"]] for row in rows]
    asked = [
        (n, m)
        for n, found in enumerate(matches)
        if not any(x.copied for x in found)
        for m, x in enumerate(found)
        if not x.problem
    ]
    values = scores(
        network, [(premise(rows[n]["claim"], rows[n]["passages"][m]), clean(rows[n]["claim"])) for n, m in asked]
    )
    best: dict[int, float] = {}
    for (n, _), value in zip(asked, values, strict=True):
        best[n] = max(best.get(n, -99.0), value)
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
