"""What kind of answer a question gets, from calibrated probabilities and the evidence. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.coach.premise import rebuttal
from advisor.documents import Evidence, Found, Outcome
from advisor.index.lexical import terms
from advisor.texts import LANGUAGES
from advisor.verify.lists import listed
from advisor.verify.text import STOP

ANSWERED = 0.4  # from here on: the sources answer it; calibrated on dev (evals/calibrate.py)
ANSWERABLE = 0.3  # below: not in the sources; between the two only a part of it is
IN_SCOPE = 0.5  # below: outside the field
WRONG = 0.7  # from here on: a sentence says otherwise than the question takes for granted

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_BIG_NAME = re.compile(r"\b(?:[A-ZÅÆØÄÖÜÉ][\w&-]*[a-z][\w&-]*|[A-Z]{2,}[\w&-]*)\b")
# Words of talking rather than of a subject: their absence from a sentence is no gap.
_TALK = listed(
    """
    actually around bit else exactly explain find give heard help just kind know like look maybe mean need
    okay please possible possibly quickly read really right said same seem sense show sort still story sure
    take tell thank thanks thing things think time today true understand usually want wanted wonder wondering
    work works
    """
)


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome; `missing` names what nothing in the evidence covers, `lead` is the sentence that puts right."""

    outcome: Outcome
    missing: tuple[str, ...] = ()
    lead: Evidence | None = None


def decide(question: str, found: Found, evidence: Sequence[Evidence], scope: float, language: str = "en") -> Decision:
    """`question` in the language of the evidence, `language` that of the asker; `scope`: P(it belongs to the field)."""
    english = language in ("en", "und")  # of a question put into English word by word, stray words are no gap
    if scope < IN_SCOPE:
        # The scope model knows the six languages; of another it cannot say that a question is foreign to the field.
        return Decision("out_of_scope" if language in LANGUAGES else "not_in_sources")
    against = rebuttal(question, evidence)
    if against is not None and against.probability >= WRONG:
        return Decision("corrected", lead=against.evidence)
    if not evidence or found.answerable < ANSWERABLE:
        return Decision("not_in_sources")
    missing = _missing_names(question, evidence)
    if not missing and found.answerable < ANSWERED and english:
        missing = _missing_words(question, evidence)
    return Decision("partial", missing) if missing else Decision("answered")


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
    words = [word for word in words if len(word) > 3 and word.lower() not in STOP | _TALK]
    return tuple(dict.fromkeys(word for word in words if terms(word) and not set(terms(word)) & said))
