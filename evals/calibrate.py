"""Fit three probabilities on dev: is it answerable, is it in the field, is its premise wrong. Writes their JSON files.

`python -m evals.calibrate`: logistic regression (scikit-learn, a development dependency), small enough to read. The
scope model also learns from evals/data/scope.jsonl: questions of and outside the field that stand in no split.
"""

import functools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import advisor.coach
import advisor.retrieve
from advisor import settings
from advisor.assemble import Advisor
from advisor.cli.common import prepare
from advisor.coach import premise
from advisor.documents import Evidence, Message
from advisor.retrieve import answerability, translate
from advisor.retrieve.translate import Query
from evals import reader_train, stats
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
    fit_premise(made, [c for c in cases if c.suite in ("answers", "followups", "abstention")])


def fit_answerability(made: Advisor, cases: Sequence[Case]) -> None:
    """Positive: a found passage holds every fact. Negative: the question cannot be answered from the corpus."""
    searcher = made.searcher()
    rows, labels, groups = [], [], []

    def add(group: str, query: Query, sentences: Sequence[Evidence], label: bool) -> None:
        values = answerability.features(query, sentences)
        rows.append([values[name] for name in answerability.FEATURES])
        labels.append(label)
        groups.append(group)

    for case in cases:
        query = searcher.query(case.question, history(case))
        hits = searcher.search(case.question, history(case), 10).hits
        if case.suite == "abstention" and "corrected" not in case.outcomes:
            add(case.id, query, searcher.read(query, hits), False)
        elif "answered" in case.outcomes and holds(case, [hit.chunk.embed_text for hit in hits[:5]]):
            add(case.id, query, searcher.read(query, hits), True)
    for row in filter(reader_train.held_out, reader_train.rows()):
        found = searcher.search(row["question"])
        known = any(reader_train.carries(s.text, row["answers"]) for hit in found.hits for s in hit.chunk.sentences)
        if row["kind"] == "near_miss" or (row["kind"] == "answerable" and known):
            query = searcher.query(row["question"])
            add(row["question"], query, found.evidence, row["kind"] == "answerable")
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
    for cut in (0.2, 0.3, 0.4, 0.5, 0.6):
        missed, let_in = sum(p < cut for p in positive), sum(p >= cut for p in negative)
        print(f"answerable at {cut}: {missed} of {len(positive)} missed, {let_in} of {len(negative)} let in")
    model.fit(np.array(rows), labels)
    scaler, line = model.steps[0][1], model.steps[1][1]
    slopes = line.coef_[0] / scaler.scale_
    weights = dict(zip(answerability.FEATURES, (round(float(w), 4) for w in slopes), strict=True))
    intercept = round(float(line.intercept_[0] - np.dot(slopes, scaler.mean_)), 4)
    store(_FOLDER / "answerability.json", made.embedder.name, {"intercept": intercept, "weights": weights})


def fit_premise(made: Advisor, cases: Sequence[Case]) -> None:
    """Positive: a sentence with the right fact under a wrong premise. Negative: any sentence under another question."""
    searcher = made.searcher()
    rows, labels, groups, kinds = [], [], [], []

    def add(question: str, past: Sequence[Message], wrong: bool, rights: Callable[[str], bool]) -> None:
        evidence = searcher.search(question, past).evidence
        if not evidence:
            return
        asked = searcher.query(question).to(evidence[0].chunk.language)
        for one in evidence[: premise.READ]:
            if wrong and not rights(one.sentence.text):
                continue  # it may or may not speak against the premise
            rows.append([premise.features(asked, one, evidence)[name] for name in premise.FEATURES])
            labels.append(wrong)
            groups.append(question)
            kinds.append(wrong)

    for case in cases:
        add(case.question, history(case), "corrected" in case.outcomes, functools.partial(_told, case))
    for row in filter(reader_train.held_out, reader_train.rows()):
        carries = functools.partial(reader_train.carries, wanted=row["answers"])
        add(row["question"], (), row["kind"] == "wrong_premise", carries)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, class_weight={False: 1, True: 3}))
    out_of_fold = cross_val_predict(
        model, np.array(rows), labels, cv=GroupKFold(6), groups=groups, method="predict_proba"
    )[:, 1]
    best: dict[str, tuple[float, bool]] = {}
    for group, chance, wrong in zip(groups, out_of_fold, kinds, strict=True):
        best[group] = max(best.get(group, (0.0, wrong)), (float(chance), wrong))
    for cut in (0.3, 0.4, 0.5, 0.6, 0.7):
        hit = sum(p >= cut for p, wrong in best.values() if wrong)
        false = sum(p >= cut for p, wrong in best.values() if not wrong)
        wrongs = sum(wrong for _, wrong in best.values())
        print(f"premise at {cut}: {hit} of {wrongs} corrected, {false} of {len(best) - wrongs} falsely")
    model.fit(np.array(rows), labels)
    scaler, line = model.steps[0][1], model.steps[1][1]
    slopes = line.coef_[0] / scaler.scale_
    weights = dict(zip(premise.FEATURES, (round(float(w), 4) for w in slopes), strict=True))
    weights["intercept"] = round(float(line.intercept_[0] - np.dot(slopes, scaler.mean_)), 4)
    path = Path(advisor.coach.__file__).with_name("premise.json")
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def _told(case: Case, sentence: str) -> bool:
    return holds(case, [sentence])


def fit_scope(made: Advisor, cases: Sequence[Case]) -> None:
    """In the field or not, from the question's vector and the corpus's nearness."""
    extra = [json.loads(line) for line in _DATA.read_text(encoding="utf-8").splitlines()]
    extra += [{"text": row["question"], "in_field": row["kind"] != "off_topic"} for row in reader_train.rows()]
    asked = [
        (c.question, bool(c.outcomes & _IN_FIELD)) for c in cases if not c.history and "small_talk" not in c.outcomes
    ]
    asked += [(str(row["text"]), bool(row["in_field"])) for row in extra]
    rows, labels = [], []
    for text, label in asked:
        found = made.search(text)
        top = max((hit.dense for hit in found.hits), default=0.0)
        rows.append([*made.embedder.query(translate.to_english(text)), top])
        labels.append(label)
    model = LogisticRegression(C=20.0, class_weight="balanced", max_iter=5000)
    out_of_fold = cross_val_predict(model, np.array(rows), labels, cv=5, method="predict_proba")[:, 1]
    outside = [p for p, label in zip(out_of_fold, labels, strict=True) if not label]
    inside = [p for p, label in zip(out_of_fold, labels, strict=True) if label]
    for cut in (0.3, 0.4, 0.5, 0.6):
        kept, lost = sum(p >= cut for p in outside), sum(p < cut for p in inside)
        print(f"scope at {cut}: {kept} of {len(outside)} outside let in, {lost} of {len(inside)} inside refused")
    model.fit(np.array(rows), labels)
    row: dict[str, Any] = {
        "intercept": round(float(model.intercept_[0]), 4),
        "vector": [round(float(w), 4) for w in model.coef_[0][:-1]],
        "dense_top": round(float(model.coef_[0][-1]), 4),
    }
    store(_FOLDER / "scope.json", made.embedder.name, row)


def holds(case: Case, texts: Sequence[str]) -> bool:
    """Whether one of the first five passages has a fact of every group."""
    groups = case.expect.get("must_include", ())
    return bool(groups) and any(
        all(any(contains(plain(text), plain(a)) for a in group) for group in groups) for text in texts[:5]
    )


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
