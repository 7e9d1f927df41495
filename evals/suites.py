"""Suites: which scorer judges which cases, and the figures that only a whole suite has."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from evals import readability, retrieval, scorers, stats
from evals.cases import SUITES, Case
from evals.judged import Figure, Judged, failed, figure, share, summary
from evals.run import Run

SCORERS: Mapping[str, scorers.Scorer] = {
    "answers": scorers.answer,
    "followups": scorers.answer,
    "abstention": scorers.outcome_only,
    "scope": scorers.outcome_only,
    "safety": scorers.outcome_only,
    "profile": lambda case, record: profile(case, record),
    "interview": lambda case, record: interview(case, record),
    "retrieval": retrieval.score,
}


_GIVEN = frozenset({"answered", "partial", "corrected"})  # something was said to the question
READ = frozenset({"answers", "followups"})  # what the readability suite reads


def judge(cases: Sequence[Case], run: Run, wanted: Collection[str] = ()) -> dict[str, list[Judged]]:
    """Judgements by suite, of the wanted ones or all. A case without a record failed."""
    judged: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        record = run.records.get(case.id, {"output": {}, "error": "no record"})
        if not wanted or case.suite in wanted:
            judged[case.suite].append(SCORERS[case.suite](case, record))
        if case.suite in READ and (not wanted or "readability" in wanted):
            read = readability.score(case, record)
            judged["readability"] += [read] if read else []
    return {suite: judged[suite] for suite in SUITES if suite in judged}


def figures(judged: Mapping[str, Sequence[Judged]], run: Run) -> dict[str, dict[str, Figure]]:
    """Figures by suite and name."""
    made = {suite: summary(rows) for suite, rows in judged.items()}
    if "abstention" in judged:
        false = [float(_outcome(run, j) in _GIVEN - j.case.outcomes) for j in judged["abstention"]]
        made["abstention"]["false_answers"] = share(false)
    if "answers" in judged:
        refused = [float(_outcome(run, j) not in _GIVEN) for j in judged["answers"]]
        made["answers"]["false_refusals"] = share(refused)
    if {"answers", "abstention"} <= judged.keys():
        rows = [(_p(run, j), True) for j in judged["answers"]]
        rows += [(_p(run, j), False) for j in judged["abstention"] if not j.case.outcomes & {"answered", "corrected"}]
        made["abstention"]["answerable_auroc"] = Figure(_auroc(rows), *stats.resampled(_auroc, rows), len(rows))
    if "profile" in judged:
        made["profile"] |= _profile_figures(judged["profile"], run)
    return made


def profile(case: Case, record: scorers.Record) -> Judged:
    """Ranked profiles for one statement: first, first two, and quotes that are the person's own words."""
    if "error" in record:
        return failed(case, record)
    ranking = [row["profile"] for row in record["output"]["ranking"]]
    right = {case.expect["profile"], *case.expect.get("also", ())}
    quotes = [row["quote"] for row in record["output"].get("evidence", ())]
    foreign = [quote for quote in quotes if quote not in case.question]
    reasons = [] if ranking[:1] and ranking[0] in right else [f"says {ranking[:2]}, not {case.expect['profile']}"]
    reasons += [f"quotes what was not said: {quote!r}" for quote in foreign]
    language = str(case.raw.get("language", "en"))
    top1 = float(bool(ranking) and ranking[0] in right)
    measures = {
        "top1": top1,
        f"top1_{'en' if language == 'en' else 'other'}": top1,
        f"top1_{language}": top1,
        "top2": float(bool(right & set(ranking[:2]))),
    }
    return Judged(case, not reasons, measures, tuple(reasons))


def interview(case: Case, record: scorers.Record) -> Judged:
    """A scripted user: profile, slots, number of questions, nothing asked twice, digressions answered."""
    if "error" in record:
        return failed(case, record)
    out: Mapping[str, Any] = record["output"]
    wanted = case.expect.get("slots", {})
    right = [name for name, value in wanted.items() if str(out["slots"].get(name)).lower() == str(value).lower()]
    reasons = (
        [] if out["profile"] == case.expect["profile"] else [f"profile {out['profile']}, not {case.expect['profile']}"]
    )
    reasons += [f"slot {n} is {out['slots'].get(n)!r}, not {wanted[n]!r}" for n in wanted if n not in right]
    reasons += [f"asked twice: {slot}" for slot in out["asked_twice"]]
    reasons += [f"digression not answered: {text}" for text in out["digressions_lost"]]
    measures = {
        "profile": float(out["profile"] == case.expect["profile"]),
        "slots": len(right) / max(1, len(wanted)),
        "questions": float(out["questions"]),
        "asked_twice": float(len(out["asked_twice"])),
    }
    return Judged(case, not reasons, measures, tuple(reasons))


def _outcome(run: Run, judged: Judged) -> str:
    return str(run.records.get(judged.case.id, {}).get("output", {}).get("outcome", ""))


def _auroc(rows: Sequence[tuple[float, bool]]) -> float:
    return stats.auroc([p for p, able in rows if able], [p for p, able in rows if not able])


def _p(run: Run, judged: Judged) -> float:
    return float(run.records.get(judged.case.id, {}).get("output", {}).get("answerable", 0.0))


def _profile_figures(judged: Sequence[Judged], run: Run) -> dict[str, Figure]:
    tops, rights, briers = [], [], []
    for j in judged:
        ranking = run.records.get(j.case.id, {}).get("output", {}).get("ranking") or []
        if not ranking:
            continue
        tops.append(ranking[0]["probability"])
        rights.append(ranking[0]["profile"] == j.case.expect["profile"])
        briers.append(sum((r["probability"] - (r["profile"] == j.case.expect["profile"])) ** 2 for r in ranking))
    rows = list(zip(tops, rights, strict=True))
    return {"ece": Figure(_ece(rows), *stats.resampled(_ece, rows), len(rows)), "brier": figure(briers)}


def _ece(rows: Sequence[tuple[float, bool]]) -> float:
    return stats.ece([p for p, _ in rows], [right for _, right in rows])


def confusion(judged: Sequence[Judged], run: Run) -> dict[str, dict[str, int]]:
    """How often each expected profile was taken for which."""
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for j in judged:
        ranking = run.records.get(j.case.id, {}).get("output", {}).get("ranking") or [{"profile": "none"}]
        table[str(j.case.expect["profile"])][str(ranking[0]["profile"])] += 1
    return {expected: dict(row) for expected, row in table.items()}
