"""Train the comment-spam model: `python -m evals.spam_train [--write] [--public DIR]`.

Reads evals/data/spam and, where given, the two public sets (texts are never copied), writes coefficients as open text into
advisor/ingest/spam_model.json and the figures into evals/data/spam/DATA_CARD.md. scikit-learn is needed for training only.
"""

import argparse
import csv
import dataclasses
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.documents import Block
from advisor.ingest import features
from advisor.ingest.features import HASH_SIZE, NAMES, Context

HERE = Path(__file__).parent / "data" / "spam"
MODEL = Path(__file__).parents[1] / "advisor" / "ingest" / "spam_model.json"
_MACHINE_NAMES = (
    "Donaldjaima",
    "Seo_cah",
    "gama_unece",
    "KathyGuisp",
    "buy cheap pills",
    "casino online",
    "RobertTub",
    "sex girls",
    "nettkasino",
    "kredit24",
    "Michaeljap",
)
_NAMES = (
    "Maria",
    "Tom",
    "Ingrid Solberg",
    "K. Larsen",
    "anna_b",
    "Ольга",
    "José",
    "JP",
    "Sabine M.",
    "engineer42",
    "Lucía",
    "Pierre",
    "McKenna",
    "Giulia",
)
_SEED = 7


@dataclass(frozen=True)
class Entry:
    """A labelled entry on its page."""

    block: Block
    context: Context
    spam: bool
    language: str
    split: str
    group: str
    weight: float = 1.0
    home: bool = True  # on a page of its own topic and language
    repeats: int = 1


def own(entries: Sequence[dict[str, Any]], pages: Sequence[dict[str, Any]]) -> list[Entry]:
    """Our entries on their pages. A page is its abstract and the legitimate entries of its topic but the one being judged."""
    chance = random.Random(_SEED)
    abstracts = {(page["language"], page["topic"]): page["text"] for page in pages}
    beside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in entries:
        if row["label"] == "legit":
            beside[row["language"], row["page_topic"]].append(row["text"])
    made: list[Entry] = []
    keys = sorted(abstracts)
    for row in entries:
        spam = row["label"] == "spam"
        places = [((row["language"], row["page_topic"]), 1.0)]
        if spam:  # the same spam stands under any page
            places += [(chance.choice(keys), 0.7), (("en", "cl"), 0.3)]
        else:  # a reader may answer in another language than the page's
            others = [key for key in keys if key[1] == row["page_topic"] and key[0] != row["language"]]
            if others:
                other = chance.choice(others)
                places.append((other, 0.4 if (other[0] == "ru") == (row["language"] == "ru") else 0.12))
        for place, weight in places:
            text = "\n".join([abstracts.get(place, ""), *(other for other in beside[place] if other != row["text"])])
            context = features.context_of([Block(text, "paragraph", 1)])
            author = chance.choice(_MACHINE_NAMES) if spam and chance.random() < 0.35 else chance.choice(_NAMES)
            repeats = 2 if chance.random() < (0.08 if spam else 0.004) else 1
            block = Block(row["text"], "comment", 1, author=author)
            home = place == (row["language"], row["page_topic"])
            made.append(Entry(block, context, spam, row["language"], row["split"], row["group"], weight, home, repeats))
    return made


def public(folder: Path) -> list[Entry]:
    """The two public sets, for training only; what is legitimate in a set makes the page that its entries stand on."""
    chance = random.Random(_SEED)
    found: list[Entry] = []
    rows: list[tuple[str, str, bool]] = []
    for path in sorted((folder / "youtube-comments").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            rows += [(path.stem, row["CONTENT"], row["CLASS"] == "1") for row in csv.DictReader(file)]
    with (folder / "sms" / "processed_sms.csv").open(encoding="utf-8") as file:
        rows += [("sms", row["message"], row["label"] == "1") for row in csv.DictReader(file)]
    for name in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == name]
        page = chance.sample([text for _, text, spam in mine if not spam], 80)
        context = features.context_of([Block("\n".join(page), "paragraph", 1)])
        for _, text, spam in mine:
            if text not in page:
                found.append(
                    Entry(
                        Block(text, "comment", 1, author="Sam"),
                        context,
                        spam,
                        "en",
                        "train",
                        name,
                        0.08 if name == "sms" else 0.15,
                        False,
                    )
                )
    return found


def matrix(entries: Sequence[Entry]) -> Any:
    """Sparse rows: named features, then hashed n-grams."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    indices, values, starts = [], [], [0]
    for entry in entries:
        named = features.features(entry.block, entry.context, entry.repeats)
        indices += [i for i, name in enumerate(NAMES) if named[name]]
        values += [named[name] for name in NAMES if named[name]]
        hashes = features.hashed(entry.block.text)
        indices += [len(NAMES) + bucket for bucket in hashes]
        values += [2.0 * value for value in hashes.values()]
        starts.append(len(indices))
    return csr_matrix((values, indices, starts), shape=(len(entries), len(NAMES) + HASH_SIZE))


def fitted(x: Any, entries: Sequence[Entry], strength: float) -> Any:
    """A logistic regression; classes weigh the same."""
    from sklearn.linear_model import LogisticRegression

    y = np.array([entry.spam for entry in entries])
    weights = np.array([entry.weight for entry in entries])
    weights = weights * np.where(y, weights[~y].sum() / weights[y].sum(), 1.0)
    return LogisticRegression(C=strength, max_iter=400, solver="liblinear", random_state=_SEED).fit(
        x, y, sample_weight=weights
    )


def out_of_fold(x: Any, entries: Sequence[Entry], strength: float, folds: int = 5) -> NDArray[np.float64]:
    """Each entry's probability by a model that saw no entry of its group."""
    groups = sorted({entry.group for entry in entries})
    random.Random(_SEED).shuffle(groups)
    fold = {group: i % folds for i, group in enumerate(groups)}
    of = np.array([fold[entry.group] for entry in entries])
    found = np.zeros(len(entries))
    for k in range(folds):
        train = np.flatnonzero(of != k)
        model = fitted(x[train], [entries[int(i)] for i in train], strength)
        found[of == k] = model.predict_proba(x[of == k])[:, 1]
    return found


def thresholds(probabilities: NDArray[np.float64], entries: Sequence[Entry]) -> dict[str, dict[str, float]]:
    """Per language, drawn halfway to the pooled value: held back at about 2 % of legitimate entries, dropped above all of them."""
    legit = [i for i, entry in enumerate(entries) if not entry.spam and entry.split != "public"]
    pooled = probabilities[legit]
    default = _limits(pooled)
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


def written(model: Any, limits: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The model as plain JSON."""
    weights = model.coef_[0]
    return {
        "version": 1,
        "about": "Linear comment-spam model; see evals/data/spam/DATA_CARD.md. Made by evals/spam_train.py.",
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": {name: round(float(weights[i]), 4) for i, name in enumerate(NAMES)},
        "hashed": [round(2.0 * float(value), 3) for value in weights[len(NAMES) :]],
        "thresholds": limits,
    }


def report(
    probabilities: NDArray[np.float64], entries: Sequence[Entry], limits: dict[str, dict[str, float]]
) -> list[str]:
    """Figures, a Markdown line each language."""
    spam = np.array([entry.spam for entry in entries])
    lines = [
        "| set | legit | spam | recall at 0.1 % | recall at 1 % | legit held or dropped | spam not kept |",
        "|---|---|---|---|---|---|---|",
    ]
    sets: Iterable[str] = ["all", "own page", "other page", *sorted({entry.language for entry in entries})]
    for name in sets:
        at = np.array(
            [name in ("all", "own page" if entry.home else "other page", entry.language) for entry in entries]
        )
        p, s = probabilities[at], spam[at]
        hold = np.array(
            [
                limits.get(entry.language, limits["default"])["quarantine"]
                for entry, here in zip(entries, at, strict=True)
                if here
            ]
        )
        lines.append(
            f"| {name} | {(~s).sum()} | {s.sum()} | {recall_at(p, s, 0.001):.3f} | {recall_at(p, s, 0.01):.3f} | {(p >= hold)[~s].mean():.3f} | {(p >= hold)[s].mean():.3f} |"
        )
    return lines


def main() -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, default=Path("../shared/data"), help="folder of the public sets")
    parser.add_argument("--strength", type=float, default=2.0)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    rows, pages = (
        [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
        for name in ("entries.jsonl", "pages.jsonl")
    )
    mine = own(rows, pages)
    extra = public(arguments.public) if arguments.public.is_dir() else []
    everything = mine + [dataclasses.replace(entry, split="public") for entry in extra]
    x = matrix(everything)
    chosen = np.arange(len(mine))
    folded = out_of_fold(x, everything, arguments.strength)
    limits = thresholds(folded[chosen], mine)
    lines = ["Out of fold (5 folds by group, own entries):", "", *report(folded[chosen], mine, limits)]
    train = [i for i, entry in enumerate(everything) if entry.split in ("train", "dev", "public")]
    test = [i for i, entry in enumerate(everything) if entry.split == "test"]
    held = fitted(x[train], [everything[i] for i in train], arguments.strength).predict_proba(x[test])[:, 1]
    lines += ["", "Test split:", "", *report(held, [everything[i] for i in test], limits)]
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.write:
        model = fitted(x, everything, arguments.strength)
        MODEL.write_text(json.dumps(written(model, limits), ensure_ascii=False), encoding="utf-8")
        card(lines, len(rows), len(extra))
    return 0


def card(lines: Sequence[str], own_count: int, public_count: int) -> None:
    """Put the figures under the marker of the data card."""
    path = HERE / "DATA_CARD.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else "# Comment spam\n"
    head = text.split("<!-- figures -->")[0]
    path.write_text(
        f"{head}<!-- figures -->\n{own_count} own entries, {public_count} public entries (weighted 0.08 to 0.15).\n\n"
        + "\n".join(lines)
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    raise SystemExit(main())
