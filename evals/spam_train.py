"""Train the comment-spam model: `python -m evals.spam_train [--write] [--public DIR]`.

Fits two linear models, one on an entry's wording and one on its meaning, on everything but the test split, writes coefficients (those
of the first, and the mean of both) as open text into advisor/ingest/spam_model.json and the figures into evals/data/spam/DATA_CARD.md. scikit-learn is needed here only.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.index.embed import embedder
from advisor.ingest import features
from advisor.ingest.features import HASH_SIZE, LONGEST, NAMES
from evals import spam_data
from evals.spam_data import SEED, Entry
from evals.spam_figures import Limits, card, report, thresholds

MODEL = Path(__file__).parents[1] / "advisor" / "ingest" / "spam_model.json"
UNSURE = (0.3, 0.995)  # where the wording alone says this, the meaning is read and decides
_FOLDS = 5
_SAME = 0.93  # cosine of a text and its translation: such pairs never stand on both sides
_WORDING, _MEANING = 2.0, 0.5  # scale of hashed n-grams and of vectors beside the named features
Rows = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Own entries first, then public ones; vectors are those of the own."""

    entries: Sequence[Entry]
    own: int
    vectors: Floats
    named: Any
    hashed: Any

    @property
    def near(self) -> NDArray[np.bool_]:
        """Whether two own entries say the same."""
        found: NDArray[np.bool_] = self.vectors @ self.vectors.T > _SAME
        return found

    def rows(self, *splits: str) -> Rows:
        return np.flatnonzero([entry.split in splits for entry in self.entries])


@dataclass(frozen=True)
class Fitted:
    """One of the two linear models; `centre` is None for the one that reads the wording."""

    model: Any
    centre: Floats | None = None
    scale: float = 1.0

    def odds(self, data: Data, rows: Rows) -> Floats:
        """Log odds of spam."""
        found: Floats = self.model.decision_function(_matrix(data, rows, self.centre, self.scale))
        return found


def gathered(public: Path) -> Data:
    """Every entry on its page, with its features and its vector."""
    mine = spam_data.own(spam_data.rows("entries.jsonl"), spam_data.rows("pages.jsonl"))
    everything = [*mine, *(spam_data.public(public) if public.is_dir() else [])]
    texts = sorted({entry.block.text for entry in mine})
    of = dict(zip(texts, embedder("embedded:e5").passages([text[:LONGEST] for text in texts]), strict=True))
    vectors = np.array([of[entry.block.text] for entry in mine], dtype=np.float64)
    return Data(everything, len(mine), vectors, *_features(everything))


def _features(entries: Sequence[Entry]) -> tuple[Any, Any]:
    """Sparse rows of the named features, and of the hashed n-grams."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    named = [features.features(entry.block, entry.context, entry.repeats) for entry in entries]
    grams = [features.hashed(entry.block.text) for entry in entries]
    starts = np.cumsum([0, *(len(one) for one in grams)])
    values = [_WORDING * value for one in grams for value in one.values()]
    hashed = csr_matrix((values, [bucket for one in grams for bucket in one], starts), shape=(len(entries), HASH_SIZE))
    return csr_matrix([[row[name] for name in NAMES] for row in named]), hashed


def _matrix(data: Data, rows: Rows, centre: Floats | None, scale: float) -> Any:
    from scipy.sparse import csr_matrix, hstack

    beside = data.hashed[rows] if centre is None else csr_matrix((data.vectors[rows] - centre) * scale)
    return hstack([data.named[rows], beside]).tocsr()


def fitted(data: Data, rows: Rows, strength: float, meaning: bool) -> Fitted:
    """A logistic regression; classes weigh the same. Public entries have no part in the meaning."""
    from sklearn.linear_model import LogisticRegression

    rows = rows[rows < data.own] if meaning else rows
    centre = data.vectors[rows].mean(axis=0) if meaning else None
    scale = _MEANING / float((data.vectors[rows] - centre).std()) if centre is not None else 1.0
    y = np.array([data.entries[i].spam for i in rows])
    weights = np.array([data.entries[i].weight for i in rows])
    weights = weights * np.where(y, weights[~y].sum() / weights[y].sum(), 1.0)
    model = LogisticRegression(C=strength, max_iter=400, solver="liblinear", random_state=SEED)
    return Fitted(model.fit(_matrix(data, rows, centre, scale), y, sample_weight=weights), centre, scale)


def both(data: Data, train: Rows, test: Rows, strength: float) -> tuple[Floats, Floats]:
    """Probabilities by wording alone, and with the meaning of unsure ones; nothing that says the same is trained on."""
    wording, meaning = (one.odds(data, test) for one in pair(data, apart(data, train, test), strength))
    alone = 1 / (1 + np.exp(-wording))
    unsure = (alone >= UNSURE[0]) & (alone <= UNSURE[1])
    return alone, np.where(unsure, 1 / (1 + np.exp(-(wording + meaning) / 2)), alone)


def pair(data: Data, rows: Rows, strength: float) -> tuple[Fitted, Fitted]:
    """The two models, fitted on the same entries."""
    return fitted(data, rows, strength, False), fitted(data, rows, strength, True)


def apart(data: Data, train: Rows, test: Rows) -> Rows:
    """Training rows without those that say the same as one of the test."""
    same: NDArray[np.bool_] = np.any(data.near[:, test], axis=1)
    return np.array([i for i in train if i >= data.own or not same[i]])


def out_of_fold(data: Data, rows: Rows, strength: float) -> tuple[Floats, Floats]:
    """Each own entry's probabilities by models that saw no entry of its group and none that says the same."""
    groups = sorted({data.entries[i].group for i in rows})
    random.Random(SEED).shuffle(groups)
    fold = {group: i % _FOLDS for i, group in enumerate(groups)}
    of = np.array([fold[data.entries[i].group] for i in rows])
    found = np.zeros((2, len(rows)))
    for k in range(_FOLDS):
        train = np.concatenate([rows[of != k], data.rows("public")])
        found[:, of == k] = both(data, train, rows[of == k], strength)
    return found[0], found[1]


def written(wording: Fitted, meaning: Fitted, limits: Sequence[Limits]) -> dict[str, Any]:
    """The model as plain JSON."""
    assert meaning.centre is not None
    first, second = (one.model.coef_[0] for one in (wording, meaning))
    vector = [round(float(value), 3) for value in meaning.scale * second[len(NAMES) :] / 2]
    return {
        "version": 2,
        "about": "Linear comment-spam model; see evals/data/spam/DATA_CARD.md. Made by evals/spam_train.py.",
        **_named(first, float(wording.model.intercept_[0])),
        "wording": 1.0,
        "hashed": [round(_WORDING * float(value), 3) for value in first[len(NAMES) :]],
        "thresholds": limits[0],
        "unsure": UNSURE,
        "read": {
            **_named(
                (first[: len(NAMES)] + second[: len(NAMES)]) / 2,
                float(wording.model.intercept_[0] + meaning.model.intercept_[0]) / 2,
            ),
            "wording": 0.5,
            "vector": vector,
            "offset": round(float(np.dot(vector, meaning.centre)), 3),
            "thresholds": limits[1],
        },
    }


def _named(weights: Floats, intercept: float) -> dict[str, Any]:
    named = {name: round(float(weights[i]), 4) for i, name in enumerate(NAMES)}
    return {"intercept": round(intercept, 4), "weights": named}


def main() -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, default=Path("../shared/data"), help="folder of the public sets")
    parser.add_argument("--strength", type=float, default=2.0)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    data = gathered(arguments.public)
    seen, test = data.rows("train", "dev"), data.rows("test")
    of_seen = [data.entries[i] for i in seen]
    folded = out_of_fold(data, seen, arguments.strength)
    limits = [thresholds(probabilities, of_seen) for probabilities in folded]
    held = both(data, np.concatenate([seen, data.rows("public")]), test, arguments.strength)
    lines: list[str] = []
    for name, k in (("With the embedder", 1), ("Without it", 0)):
        lines += [f"{name}, out of fold ({_FOLDS} folds by group, train and dev):", ""]
        lines += [*report(folded[k], of_seen, limits[k]), "", f"{name}, test split (in no part of the model):", ""]
        lines += [*report(held[k], [data.entries[i] for i in test], limits[k]), ""]
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.write:
        models = pair(data, apart(data, np.concatenate([seen, data.rows("public")]), test), arguments.strength)
        MODEL.write_text(json.dumps(written(*models, limits), ensure_ascii=False), encoding="utf-8")
        card(lines, len({data.entries[i].block.text for i in range(data.own)}), len(data.entries) - data.own)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
