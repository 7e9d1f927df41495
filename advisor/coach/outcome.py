"""What kind of answer a question gets, from calibrated probabilities and the evidence. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.documents import Evidence, Found, Outcome
from advisor.index.lexical import terms
from advisor.retrieve.evidence import asks_for_amount
from advisor.texts import LANGUAGES

ANSWERED = 0.4  # from here on: the sources answer it; calibrated on dev (evals/calibrate.py)
ANSWERABLE = 0.3  # below: not in the sources; between the two only a part of it is
IN_SCOPE = 0.5  # below: outside the field

_FUTURE = re.compile(r"\b(will|shall|going to|next year)\b", re.I)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_FIGURE = re.compile(
    r"(?<![\w.,-])(?:[$€£]|NOK |EUR |SEK |DKK |C\$|US\$)?\d[\d.,]*(?: ?(?:%|percent|million|billion|trillion))?", re.I
)
_BIG_NAME = re.compile(r"\b(?:[A-ZÅÆØÄÖÜÉ][\w&-]*[a-z][\w&-]*|[A-Z]{2,}[\w&-]*)\b")


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome; `missing` names what nothing in the evidence covers."""

    outcome: Outcome
    missing: tuple[str, ...] = ()


def decide(question: str, found: Found, evidence: Sequence[Evidence], scope: float, language: str = "en") -> Decision:
    """`scope` is the probability that the question belongs to the field."""
    # Words of another language cannot be looked for in the sentences; that question is answered or not.
    english = language in ("en", "und")
    if scope < IN_SCOPE:
        # The scope model knows the six languages; of another it cannot say that a question is foreign to the field.
        return Decision("out_of_scope" if language in LANGUAGES else "not_in_sources")
    if not evidence or found.answerable < ANSWERABLE:
        return Decision("not_in_sources")
    if _contradicted(question, evidence):
        return Decision("corrected")
    missing = _missing_names(question, evidence)
    if not missing and found.answerable < ANSWERED and english:
        missing = _missing_words(question, evidence)
    return Decision("partial", missing) if missing else Decision("answered")


def _contradicted(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether the question states a year or figure that no passage has while the best sentence has another of its kind."""
    pool = " ".join(f"{e.chunk.header} {e.chunk.text}" for e in evidence[:12])
    lead = evidence[0].sentence.text
    if asks_for_amount(question) or _FUTURE.search(question):
        return False  # the year or figure is part of what is asked, not a claim
    stated_years = set(_YEAR.findall(question))
    if stated_years and not stated_years & set(_YEAR.findall(pool)) and _YEAR.search(lead):
        return True
    stated = {_plain(m) for m in _FIGURE.findall(_YEAR.sub("", question))}
    stated = {figure for figure in stated if len(figure) > 1}
    if not stated:
        return False
    known = {_plain(m) for m in _FIGURE.findall(pool)}
    return not stated & known and bool(_FIGURE.search(_YEAR.sub("", lead)))


def _missing_names(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Names in the question, past its first word, that no passage holds."""
    pool = " ".join(f"{e.chunk.header} {e.chunk.text}" for e in evidence).lower()
    first = question.split()[:1]
    names = [name for name in _BIG_NAME.findall(question) if name not in first and name != "I"]
    gone = [name for name in names if name.lower()[:5] not in pool]
    gone = gone if len(gone) < len(names) else []
    gone += [year for year in _YEAR.findall(question) if year not in pool]
    return tuple(dict.fromkeys(gone))


def _missing_words(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The reader's own words that none of the best sentences holds."""
    said = {term for e in evidence[:5] for term in terms(f"{e.chunk.header} {e.sentence.text}")}
    words = [word.strip(".,;:!?¿¡()\"'") for word in question.split()]
    return tuple(dict.fromkeys(word for word in words if len(word) > 3 and terms(word) and not set(terms(word)) & said))


def _plain(figure: str) -> str:
    return re.sub(r"[^\d]", "", figure)
