"""How an answer reads: length, copied words, the answer first, reading ease, and what of a draft came through."""

import re
from collections.abc import Mapping
from typing import Any

from advisor.readability import reading_ease
from evals.cases import Case
from evals.judged import Judged, failed
from evals.plain import plain

_MOST_WORDS = 120
_MOST_COPIED = 40
_LIST = re.compile(r"\b(list|ten|eight|all|which|what are|name)\b", re.I)


def score(case: Case, record: Mapping[str, Any]) -> Judged | None:
    """A given answer, judged as a text; None where no answer was given."""
    if "error" in record:
        return failed(case, record)
    out = record["output"]
    if out["outcome"] not in ("answered", "partial", "corrected"):
        return None
    reasons = length_reasons(case.question, out)
    first = answer_first(out)
    reasons += [] if first else ["does not begin with the answer"]
    measures = {
        "words": float(len(out["answer"].split())),
        "verbatim_words": float(longest_run(out)),
        "answer_first": float(first),
    }
    if out.get("language") == "en":
        measures["reading_ease"] = reading_ease(out["answer"])
    if out.get("drafted"):
        shown = sum(s["role"] in ("fact", "advice") for s in out["sentences"])
        measures["draft_kept"] = shown / max(1, shown + out["withheld"])
    return Judged(case, not reasons, measures, tuple(reasons))


def length_reasons(question: str, out: Mapping[str, Any]) -> list[str]:
    """Why an answer is no answer but a document: too long, or copied."""
    words, copied = len(out["answer"].split()), longest_run(out)
    reasons = [f"{words} words"] if words > (2 if _LIST.search(question) else 1) * _MOST_WORDS else []
    return reasons + ([f"{copied} words in a row stand so in a passage"] if copied > _MOST_COPIED else [])


def answer_first(out: Mapping[str, Any]) -> bool:
    """Whether the first sentence that is no notice is a cited claim."""
    said = [s for s in out.get("sentences", ()) if s["role"] != "notice"]
    return bool(said) and said[0]["role"] in ("fact", "advice")


def longest_run(out: Mapping[str, Any]) -> int:
    """Most words of the answer in a row that stand so in one passage."""
    words = plain(out["answer"]).split()
    best = 0
    for citation in out.get("citations", ()):
        passage = f" {' '.join(plain(citation['passage']).split())} "
        start = 0
        for end in range(1, len(words) + 1):
            while start < end and f" {' '.join(words[start:end])} " not in passage:
                start += 1
            best = max(best, end - start)
    return best
