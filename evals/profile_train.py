"""Trains the profile and stage models of the coach: `python -m evals.profile_train [--check]` (scikit-learn, dev only).

Trained on statements. Five folds stratified by class and language, with the personas' cues (short phrases by another hand)
beside them, choose nothing but the two numbers of calibration; they give the figures of the data card.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.coach.textmodel import hashed, heat
from advisor.corpus import read_shelves
from advisor.index.embed import embedder

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
ROOT = Path(__file__).resolve().parent
COACH = ROOT.parent / "advisor" / "coach"
UNIT = 0.01  # coefficients are stored as whole multiples of it
SETTINGS: dict[str, dict[str, Any]] = {
    "profile": {"file": "profile_statements.jsonl", "c": 30.0, "buckets": 4096, "scale": 0.35, "cues": True},
    "stage": {"file": "stage_statements.jsonl", "c": 30.0, "buckets": 2048, "scale": 0.35},
}
CAUTION = 1.15  # people write otherwise than the authors of the statements: believe a little less than the folds do
Floats = NDArray[np.float64]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate only")
    arguments = parser.parse_args()
    encode = embedder("embedded:e5")
    for name, setting in SETTINGS.items():
        rows = [json.loads(line) for line in (ROOT / "data" / setting["file"]).read_text(encoding="utf-8").splitlines()]
        if setting.get("cues"):
            rows += cues()
        vectors = np.array([encode.query(row["text"]) for row in rows], dtype=np.float64)
        figures, calibration = cross_validate(name, rows, vectors, setting)
        print(json.dumps({"model": name, "rows": len(rows), **figures}))
        if not arguments.check:
            write(name, rows, vectors, setting, calibration)
    return 0


def cues() -> list[dict[str, Any]]:
    """What a person of each profile says, from the front matter of the personas."""
    found = read_shelves([ROOT.parent / "corpus"])
    return [
        {"text": cue, "language": "en", "profile": document.meta["profile"], "cue": True}
        for document in found
        if document.kind == "persona"
        for cue in document.meta["cues"]
    ]


def features(rows: list[dict[str, Any]], vectors: Floats, setting: dict[str, Any], mean: Floats) -> Floats:
    grams = np.array([hashed(row["text"], setting["buckets"]) for row in rows]) * setting["scale"]
    return np.hstack([vectors - mean, grams])


def fit(x: Floats, y: list[str], setting: dict[str, Any]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=setting["c"], max_iter=400).fit(x, y)


def cross_validate(
    name: str, rows: list[dict[str, Any]], vectors: Floats, setting: dict[str, Any]
) -> tuple[dict[str, float], tuple[float, float]]:
    from sklearn.model_selection import StratifiedKFold

    y = [str(row[name]) for row in rows]
    x = features(rows, vectors, setting, vectors.mean(axis=0))
    groups = [f"{label}-{row['language']}" for label, row in zip(y, rows, strict=True)]
    logits = np.zeros((len(y), len(set(y))))
    classes: list[str] = sorted(set(y))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=7).split(x, groups):
        train = np.array([i for i in train if not rows[i].get("cue")])  # cues serve calibration only
        model = fit(x[train], [y[i] for i in train], setting)
        logits[test] = model.decision_function(x[test])
    truth = np.array([classes.index(label) for label in y])
    texts = [str(row["text"]) for row in rows]

    def cooled(temperature: float, short: float) -> Floats:
        made: Floats = logits / np.array([[heat(temperature, short, text)] for text in texts])
        return made

    tried = [(t / 20, float(short)) for t in range(4, 40) for short in range(0, 16)]
    best = min(tried, key=lambda pair: loss(cooled(*pair), truth))
    temperature, short = best[0] * CAUTION, best[1]
    chances = soft(cooled(temperature, short))
    whole = np.array([not row.get("cue") for row in rows])
    english = np.array([row["language"] == "en" for row in rows])
    right = chances.argmax(1) == truth
    second = np.array([t in np.argsort(-p)[:2] for t, p in zip(truth, chances, strict=True)])
    hard = np.array([bool(row.get("hard")) for row in rows])
    figures = {
        "top1_en": right[english & whole].mean(),
        "top1_cues": right[~whole].mean() if (~whole).any() else 0.0,
        "top1_other": right[~english].mean(),
        "top1_hard": right[hard].mean() if hard.any() else 0.0,
        "top2": second[whole].mean(),
        "ece": ece(chances[whole].max(1), right[whole]),
        "brier": float(((chances - np.eye(len(classes))[truth]) ** 2).sum(1)[whole].mean()),
        "temperature": temperature,
        "short": short,
    }
    return {key: round(float(value), 4) for key, value in figures.items()}, (temperature, short)


def soft(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True), dtype=np.float64)


def loss(logits: Floats, truth: NDArray[np.int64]) -> float:
    return float(-np.log(soft(logits)[np.arange(len(truth)), truth] + 1e-12).mean())


def ece(confidence: Floats, right: NDArray[np.bool_], bins: int = 5) -> float:
    """Expected calibration error over bins of equal mass."""
    parts = np.array_split(np.argsort(confidence), bins)
    return float(sum(len(p) * abs(confidence[p].mean() - right[p].mean()) for p in parts) / len(right))


def write(
    name: str, rows: list[dict[str, Any]], vectors: Floats, setting: dict[str, Any], calibration: tuple[float, float]
) -> None:
    kept = [place for place, row in enumerate(rows) if not row.get("cue")]
    rows, vectors = [rows[place] for place in kept], vectors[kept]
    mean = vectors.mean(axis=0)
    model = fit(features(rows, vectors, setting, mean), [str(row[name]) for row in rows], setting)
    size = vectors.shape[1]
    whole = np.round(model.coef_ / UNIT).astype(int)
    data = {
        "classes": [str(label) for label in model.classes_],
        "embedding": "embedded:e5 query",
        "unit": UNIT,
        "mean": [round(float(v), 5) for v in mean],
        "vector": whole[:, :size].tolist(),
        "grams": whole[:, size:].tolist(),
        "intercept": [round(float(v), 4) for v in model.intercept_],
        "gram_scale": setting["scale"],
        "temperature": round(calibration[0], 4),
        "short": calibration[1],
    }
    (COACH / f"{name}_model.json").write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
