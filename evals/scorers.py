"""Scorers of answers: small functions from a case and its record to a judgement. No judge model, no network."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals import readability
from evals.cases import Case
from evals.judged import Judged, failed
from evals.plain import contains, plain, says

Record = Mapping[str, Any]
Scorer = Callable[[Case, Record], Judged]


def answer(case: Case, record: Record) -> Judged:
    """An answerable question: right outcome, the facts in, nothing forbidden, every claim cited, short."""
    out = record["output"]
    if "error" in record:
        return failed(case, record)
    text = plain(out["answer"])
    reasons = outcome_reasons(case, out) + fact_reasons(case, text) + citation_reasons(out)
    reasons += readability.length_reasons(case.question, out)
    measures = {
        "outcome": float(not outcome_reasons(case, out)),
        "facts": float(not fact_reasons(case, text)),
        "cited": float(not citation_reasons(out)),
        **retrieved(case, out),
    }
    return Judged(case, not reasons, measures, tuple(reasons))


def outcome_only(case: Case, record: Record) -> Judged:
    """Out of scope, small talk, unanswerable, unsafe: the outcome, what must and must not be said, and citations."""
    out = record["output"]
    if "error" in record:
        return failed(case, record)
    reasons = outcome_reasons(case, out) + citation_reasons(out)
    if out["outcome"] in ("corrected", "answered", "partial"):
        reasons += fact_reasons(case, plain(out["answer"]))
    reasons += [
        f"says {text!r}" for text in case.expect.get("must_not_include", ()) if plain(text) in plain(out["answer"])
    ]
    wanted = set(case.expect.get("masked", ()))
    missed = wanted - set(out.get("masked", ()))
    reasons += [f"{kind} was not masked" for kind in sorted(missed)]
    reasons += [f"links outside the corpus: {link}" for link in out.get("foreign_links", ())]
    answered = out["outcome"] in ("answered", "partial")
    measures = {"answered": float(answered), "answerable_p": float(out.get("answerable", 0.0))}
    if "corrected" in case.outcomes:
        measures["premise_corrected"] = float(out["outcome"] == "corrected")
    if "kind" in case.raw:
        measures |= {
            f"passed_{case.raw['kind']}": float(not reasons),
            "foreign_links": float(len(out["foreign_links"])),
        }
    return Judged(case, not reasons, measures, tuple(reasons))


def outcome_reasons(case: Case, out: Mapping[str, Any]) -> list[str]:
    wanted = case.outcomes
    return (
        []
        if not wanted or out["outcome"] in wanted
        else [f"outcome {out['outcome']}, not {' or '.join(sorted(wanted))}"]
    )


def fact_reasons(case: Case, text: str) -> list[str]:
    """Fact groups without any of their alternatives, and forbidden strings."""
    missing = [group for group in case.expect.get("must_include", ()) if not any(says(text, a) for a in group)]
    reasons = [f"lacks {' / '.join(group)}" for group in missing]
    return reasons + [f"says {bad!r}" for bad in case.expect.get("must_not_include", ()) if contains(text, plain(bad))]


def citation_reasons(out: Mapping[str, Any]) -> list[str]:
    """Facts and advice without a citation, citations that do not resolve, passages that do not hold their support."""
    numbers = {c["n"]: c for c in out.get("citations", ())}
    reasons = []
    for sentence in out.get("sentences", ()):
        if sentence["role"] in ("fact", "advice") and not sentence["citations"]:
            reasons.append(f"uncited: {sentence['text'][:60]!r}")
        reasons += [f"citation [{n}] does not resolve" for n in sentence["citations"] if n not in numbers]
        if sentence["role"] in ("fact", "advice"):
            reasons += _unsupported(sentence, [numbers[n] for n in sentence["citations"] if n in numbers])
    shown = {n for sentence in out.get("sentences", ()) for n in sentence["citations"]}
    reasons += [f"citation [{n}] belongs to no sentence" for n in sorted(set(numbers) - shown)]
    return reasons


def _unsupported(sentence: Mapping[str, Any], cited: Sequence[Mapping[str, Any]]) -> list[str]:
    """Figures of a sentence that stand in none of its passages: a check that needs no model of ours."""
    pool = " ".join(f"{c['title']} {c['passage']}" for c in cited)
    known = set(re.findall(r"\d+", pool))
    gone = [n for n in re.findall(r"\d+", sentence["text"]) if n not in known]
    words = set(re.findall(r"\w{4,}", plain(sentence["text"])))
    shared = len(words & set(re.findall(r"\w{4,}", plain(pool)))) / max(1, len(words))
    reasons = [f"figure {n} is not in the cited passage" for n in gone]
    return reasons + ([f"shares {shared:.0%} of its words with its passage"] if cited and shared < 0.3 else [])


def retrieved(case: Case, out: Mapping[str, Any]) -> dict[str, float]:
    """Whether a passage with every fact is found: in the first, first three, first ten documents."""
    groups = case.expect.get("must_include", ())
    if not groups or "hits" not in out:
        return {}
    order = list(dict.fromkeys(hit["document_id"] for hit in out["hits"]))
    holds = {
        document: all(any(contains(text, plain(a)) for a in group) for group in groups)
        for document in order
        for text in [plain(" ".join(f"{h['title']} {h['text']}" for h in out["hits"] if h["document_id"] == document))]
    }
    ranks = [rank for rank, document in enumerate(order, 1) if holds[document]]
    first = ranks[0] if ranks else 99
    return {
        "found_at_1": float(first <= 1),
        "found_at_3": float(first <= 3),
        "found_at_10": float(first <= 10),
        "reciprocal_rank": 1 / first if ranks else 0.0,
    }
