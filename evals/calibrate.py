"""Fit the two probabilities of retrieval on dev: is it answerable, is it in the field. Writes their JSON files.

`python -m evals.calibrate`: logistic regression (scikit-learn, a development dependency), small enough to read. The
scope model also learns from evals/data/scope.jsonl: questions of and outside the field that stand in no split.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import advisor.retrieve
from advisor import settings
from advisor.assemble import Advisor
from advisor.cli.common import prepare
from advisor.documents import Hit, Message
from advisor.retrieve import answerability, evidence
from evals import stats
from evals.cases import Case, load_folder
from evals.plain import contains, plain

_FOLDER = Path(advisor.retrieve.__file__).parent
_DATA = Path(__file__).with_name("data") / "scope.jsonl"
_IN_FIELD = frozenset({"answered", "partial", "not_in_sources", "corrected"})


def main() -> None:
    made = prepare(Advisor(settings.load()))
    cases = load_folder(Path(__file__).with_name("cases"), "dev")
    fit_answerability(made, [c for c in cases if c.suite in ("answers", "followups", "abstention")])
    fit_scope(made, [c for c in cases if c.suite in ("answers", "followups", "abstention", "scope")])


def fit_answerability(made: Advisor, cases: Sequence[Case]) -> None:
    """Positive: a found passage holds every fact. Negative: the question cannot be answered, or its facts are taken away."""
    searcher = made.searcher()
    rows, labels, groups = [], [], []

    def add(case: Case, hits: Sequence[Hit], label: bool) -> None:
        query = searcher.understood(case.question, history(case))
        sentences = evidence.gather(query, hits, searcher.version, made.embedder)
        values = answerability.features(query, hits, sentences, searcher.version.lexical)
        rows.append([values[name] for name in answerability.FEATURES])
        labels.append(label)
        groups.append(case.id)

    for case in cases:
        hits = searcher.search(case.question, history(case), 20).hits
        if case.suite == "abstention" and "corrected" not in case.outcomes:
            add(case, hits[:10], False)
        elif case.expect.get("must_include") and "answered" in case.outcomes:
            without = [hit for hit in hits if not holds(case, [hit.chunk.embed_text])]
            if holds(case, [hit.chunk.embed_text for hit in hits[:5]]):
                add(case, hits[:10], True)
                if len(without) >= 10:
                    add(case, without[:10], False)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, class_weight="balanced", max_iter=2000))
    folds = GroupKFold(6)
    out_of_fold = cross_val_predict(model, np.array(rows), labels, cv=folds, groups=groups, method="predict_proba")[
        :, 1
    ]
    positive = [p for p, label in zip(out_of_fold, labels, strict=True) if label]
    negative = [p for p, label in zip(out_of_fold, labels, strict=True) if not label]
    print(
        f"answerability: AUROC {stats.auroc(positive, negative):.3f} out of fold, n={len(rows)}, ECE {stats.ece(list(out_of_fold), labels):.3f}"
    )
    model.fit(np.array(rows), labels)
    scaler, line = model.steps[0][1], model.steps[1][1]
    slopes = line.coef_[0] / scaler.scale_
    weights = dict(zip(answerability.FEATURES, (round(float(w), 4) for w in slopes), strict=True))
    intercept = round(float(line.intercept_[0] - np.dot(slopes, scaler.mean_)), 4)
    store(_FOLDER / "answerability.json", made.embedder.name, {"intercept": intercept, "weights": weights})


def fit_scope(made: Advisor, cases: Sequence[Case]) -> None:
    """In the field or not, from the question's vector and the corpus's nearness."""
    extra = [json.loads(line) for line in _DATA.read_text(encoding="utf-8").splitlines()] if _DATA.is_file() else []
    asked = [
        (c.question, bool(c.outcomes & _IN_FIELD)) for c in cases if not c.history and "small_talk" not in c.outcomes
    ]
    asked += [(str(row["text"]), bool(row["in_field"])) for row in extra]
    rows, labels = [], []
    for text, label in asked:
        found = made.search(text)
        top = max((hit.dense for hit in found.hits), default=0.0)
        rows.append([*made.embedder.query(text), top, found.answerable])
        labels.append(label)
    model = LogisticRegression(C=20.0, class_weight="balanced", max_iter=5000)
    out_of_fold = cross_val_predict(model, np.array(rows), labels, cv=5, method="predict_proba")[:, 1]
    right = sum((p >= 0.5) == label for p, label in zip(out_of_fold, labels, strict=True))
    refused = sum(p < 0.5 for p, label in zip(out_of_fold, labels, strict=True) if label)
    print(f"scope: {right}/{len(labels)} right out of fold, {refused} of the field refused")
    model.fit(np.array(rows), labels)
    row: dict[str, Any] = {
        "intercept": round(float(model.intercept_[0]), 4),
        "vector": [round(float(w), 4) for w in model.coef_[0][:-2]],
        "dense_top": round(float(model.coef_[0][-2]), 4),
        "answerable": round(float(model.coef_[0][-1]), 4),
    }
    store(_FOLDER / "scope.json", made.embedder.name, row)


def holds(case: Case, texts: Sequence[str]) -> bool:
    """Whether one of the first five passages has a fact of every group."""
    groups = case.expect.get("must_include", ())
    return any(all(any(contains(plain(text), plain(a)) for a in group) for group in groups) for text in texts[:5])


def history(case: Case) -> list[Message]:
    """The case's history as messages."""
    return [m for user, said in case.history for m in (Message("user", user), Message("assistant", said))]


def store(path: Path, embedder: str, row: dict[str, Any]) -> None:
    """Put an embedding model's row into the file."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    rows[embedder] = row
    path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
