"""Is what a question takes for granted wrong? Its claims held against each sentence found, by exact rules and by the
reader. A logistic model over a few readable features, fitted by evals/calibrate.py. Pure functions."""

import functools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.documents import Evidence
from advisor.verify.amounts import rival
from advisor.verify.names import places
from advisor.verify.negation import negation_problem
from advisor.verify.numbers import quantities
from advisor.verify.opposites import opposite_problem
from advisor.verify.quantifiers import quantifier_problem
from advisor.verify.quantity import Quantity
from advisor.verify.text import clean, stems

FEATURES = ("contradicts", "answers", "amount", "count", "year", "place", "opposite", "subject")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
READ = 12  # the sentences that the reader has seen come first


@dataclass(frozen=True, slots=True)
class Rebuttal:
    """The sentence that most probably says otherwise than the question takes for granted."""

    evidence: Evidence
    probability: float


def rebuttal(question: str, evidence: Sequence[Evidence]) -> Rebuttal | None:
    """`question` in the language of the sentences; None where there is nothing to hold it against."""
    model = _model()
    found = []
    for one in evidence[:READ]:
        values = features(question, one, evidence)
        z = model["intercept"] + sum(model[name] * values[name] for name in FEATURES)
        found.append(Rebuttal(one, 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))))
    return max(found, key=lambda r: r.probability, default=None)


def features(question: str, one: Evidence, evidence: Sequence[Evidence]) -> dict[str, float]:
    """How the question stands to one sentence. A figure that its document gives elsewhere is no wrong one."""
    asked, sentence = clean(question), clean(one.sentence.text)
    passage = f"{clean(one.chunk.title)}. {sentence}"
    elsewhere = tuple({e.chunk.text: None for e in evidence if e.chunk.document_id == one.chunk.document_id})
    there = places(passage)
    subject = set(stems(asked))
    against = rival(quantities(asked), quantities(sentence), [q for text in elsewhere for q in _given(text)])
    return {
        "contradicts": _logit(one.contradicts),
        "answers": _logit(one.answers),
        "amount": float(against is not None and against[1] != "count"),
        "count": float(against is not None and against[1] == "count"),
        "year": float(_other_year(asked, sentence, elsewhere)),
        "place": float(bool(there) and bool(places(asked) - there)),
        "opposite": float(
            bool(
                opposite_problem(asked, sentence, sentence, passage)
                or negation_problem(asked, sentence)
                or quantifier_problem(asked, sentence, passage)
            )
        ),
        "subject": len(subject & set(stems(passage))) / max(1, len(subject)),
    }


def _other_year(asked: str, sentence: str, elsewhere: Sequence[str]) -> bool:
    """Whether the question gives a year, the document does not, and the sentence gives another."""
    mine, here = (set(_YEAR.findall(text)) for text in (asked, sentence))
    return bool(mine and here) and not any(year in text for year in mine for text in elsewhere)


@functools.lru_cache(2000)
def _given(text: str) -> tuple[Quantity, ...]:
    return tuple(quantities(clean(text)))


def _logit(chance: float) -> float:
    held = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


@functools.cache
def _model() -> dict[str, float]:
    model: dict[str, float] = json.loads(Path(__file__).with_name("premise.json").read_text(encoding="utf-8"))
    return model
