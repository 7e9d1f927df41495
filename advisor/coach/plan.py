"""The plan: state and corpus in, one JSON-ready plan out. Pure functions; every fact and advice sentence cites its source."""

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from advisor.coach import agenda, comparable, eligibility, memo, readiness, runway
from advisor.coach.comparable import Self, shared_words
from advisor.coach.memo import Memo
from advisor.coach.profile import Standing
from advisor.coach.shelf import Notes, Shelf, arrange, lines, listed, nearest, said, under
from advisor.coach.slots import UNKNOWN
from advisor.documents import Citation, Document, Sentence
from advisor.resources import resource

_ALIVE = ("active", "unknown", "")


class Plans:
    """Makes plans from the documents; they are arranged once, when first needed."""

    def __init__(self, documents: Callable[[], Iterable[Document]]) -> None:
        self._documents = documents

    @functools.cached_property
    def shelf(self) -> Shelf:
        return arrange(self._documents())

    def plan(self, state: Memo, today: datetime.date) -> dict[str, Any]:
        return build(state, self.shelf, rules(), today)

    def readiness(self, state: Memo) -> list[dict[str, Any]]:
        """The ten items as they stand, plan or not."""
        words = {k: str(v.get("words", "")) for k, v in state.get("slots", {}).items()}
        rows = readiness.score(memo.stage_of(state), memo.answers(state), rules()["readiness"], words)
        return readiness.described(rows, self.shelf, Notes())

    def portrait(self, profile: str) -> tuple[Sentence, Citation] | None:
        """The first cited sentence of a persona."""
        document = self.shelf.personas.get(profile)
        first = next((row for row in lines(document) if row.refs), None) if document else None
        if document is None or first is None:
            return None
        notes = Notes()
        number = notes.cite(document, first)
        return Sentence(first.text, "fact", (number,)), notes.rows[0]


@functools.cache
def rules() -> Mapping[str, Any]:
    """corpus/interview/plan.yaml."""
    path: Path = resource("corpus") / "interview" / "plan.yaml"
    data: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def build(state: Memo, shelf: Shelf, data: Mapping[str, Any], today: datetime.date) -> dict[str, Any]:
    """The whole plan."""
    notes, standing, stage = Notes(), memo.standing_of(state), memo.stage_of(state)
    answers, words = memo.answers(state), {k: str(v.get("words", "")) for k, v in state.get("slots", {}).items()}
    me = myself(state, standing, stage)
    rows = readiness.score(stage, answers, data["readiness"], words)
    figures = _figures(state)
    survive = runway.runway(figures, today.year)
    steps = choose_steps(standing, stage, rows, state, shelf, data, notes)
    return {
        "made": today.isoformat(),
        "language": state.get("language", "en"),
        "profile": standing.profile,
        "profile_probability": round(standing.ranking[0][1], 3),
        "runner_up": standing.runner_up,
        "ranking": [[name, round(p, 4)] for name, p in standing.ranking],
        "stage": stage,
        "evidence": [dict(row) for row in standing.evidence],
        "known": {name: row["value"] for name, row in state.get("slots", {}).items()},
        "existing": existing(me, shelf, data, notes),
        "steps": [{**step, "done": step["id"] in set(state.get("ticked", []))} for step in steps],
        "readiness": readiness.described(rows, shelf, notes),
        **comparable.comparable(me, shelf, notes),
        **eligibility.programmes(me, shelf, data, notes, today),
        "runway": survive and {**survive, "others": _survivors(shelf, data, notes)},
        "runway_missing": []
        if survive
        else [name for name in ("fee", "costs", "grant", "grant_ends") if name not in answers],
        "competition": agenda.caution(answers, shelf, data, notes),
        "meeting": agenda.first_meeting(standing.profile, answers, shelf, data, notes),
        "citations": notes.plain(),
    }


def myself(state: Memo, standing: Standing, stage: str) -> Self:
    def text(name: str) -> str:
        value = state.get("slots", {}).get(name, {}).get("value", "")
        return "" if value == UNKNOWN else str(value)

    members = state.get("slots", {}).get("members", {}).get("value")
    return Self(
        standing.profile,
        stage,
        _industry(state),
        text("country"),
        text("region"),
        members if isinstance(members, int) else None,
        text("programme"),
        text("scope"),
    )


def _industry(state: Memo) -> str:
    """The person's words for it and the directory's name."""
    row = state.get("slots", {}).get("industry", {})
    words = (str(row.get(key) or "") for key in ("value", "option"))
    return " ".join(dict.fromkeys(word for word in words if word and word != UNKNOWN))


def _figures(state: Memo) -> runway.Figures:
    known = {name: row["value"] for name, row in state.get("slots", {}).items()}
    return runway.Figures(**{k: known[k] for k in runway.Figures.__slots__ if isinstance(known.get(k), int)})


def existing(me: Self, shelf: Shelf, data: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """Clusters of the same industry in the country, and so whether to join, merge or start."""
    found = []
    for entry in shelf.directory:
        if not me.country or me.country not in listed(entry, "country"):
            continue
        common = shared_words(me.industry, " ".join((*listed(entry, "industry"), entry.title)))
        if common and str(entry.meta.get("status") or "") in _ALIVE:
            near = bool(me.region) and bool(shared_words(me.region, " ".join(listed(entry, "region"))))
            found.append((not near, entry.id, entry, common))
    found.sort(key=lambda row: row[:2])
    verdict = "start" if not found else "merge" if me.stage in ("growing", "mature", "renewing") else "join"
    method = shelf.by_id.get(data["documents"]["existing"])
    advice = [said(method, row, notes) for row in under(method, "")[:2]] if method else []
    if method:
        advice += [
            said(method, row, notes) for row in under(method, data["sections"]["start" if not found else "join"])[:1]
        ]
    clusters = [
        {
            "id": entry.id,
            "name": str(entry.meta.get("name") or entry.title),
            "site": entry.meta.get("site"),
            "near": not far,
            "alike": common,
            "as_of": entry.as_of,
            "sentences": [said(entry, row, notes) for row in lines(entry)[:1]],
        }
        for far, _, entry, common in found[:4]
    ]
    return {"verdict": verdict, "clusters": clusters, "advice": advice, "slots": ["country", "industry", "region"]}


def _survivors(shelf: Shelf, data: Mapping[str, Any], notes: Notes) -> list[dict[str, Any]]:
    method = shelf.by_id.get(data["documents"]["survive"])
    if method is None:
        return []
    return [
        said(method, row, notes)
        for part in ("survivors", "closed")
        for row in under(method, data["sections"][part])[:2]
    ]


def choose_steps(
    standing: Standing,
    stage: str,
    rows: list[dict[str, Any]],
    state: Memo,
    shelf: Shelf,
    data: Mapping[str, Any],
    notes: Notes,
) -> list[dict[str, Any]]:
    """The steps that fit this person most, a few for each horizon."""
    pool = sorted(_pool(standing, stage, rows, state, shelf, data), key=lambda row: (-row[0], row[2]["id"]))
    chosen: list[dict[str, Any]] = []
    for horizon, most in data["per_horizon"].items():
        taken: dict[str, int] = {}
        for _, kind, step, document, rests in pool:
            room = data["per_kind"][horizon].get(kind, 1)
            if step["horizon"] != horizon or taken.get(kind, 0) >= room or sum(taken.values()) >= most:
                continue
            taken[kind] = taken.get(kind, 0) + 1
            chosen.append(_step(step, kind, document, rests, state, notes))
    return chosen


_Row = tuple[float, str, Mapping[str, Any], Document, list[str]]


def _pool(
    standing: Standing, stage: str, rows: list[dict[str, Any]], state: Memo, shelf: Shelf, data: Mapping[str, Any]
) -> Iterable[_Row]:
    weights, rests = data["weights"], data["rests_on"]
    for name, p in standing.ranking[:2]:
        if name in shelf.personas and (name == standing.profile or p >= 0.2):
            yield from _steps(weights["profile"] * (0.5 + p / 2), "persona", shelf.personas[name], rests["persona"])
    if stage in shelf.stages:
        yield from _steps(weights["stage"], "stage", shelf.stages[stage], rests["stage"])
    for row in readiness.weakest(rows):
        document = shelf.checklist.get(row["item"])
        if document is not None:
            yield from _steps(weights["checklist"] * (4 - row["score"]) / 4, "checklist", document, row["slots"])
    for kind, slot, table in (("mindset", "scope", "mindset"), ("programme", "programme", "programme")):
        value = str(state.get("slots", {}).get(slot, {}).get("value", ""))
        key = (
            ("global" if value == "global" else "local") if kind == "mindset" and value not in ("", UNKNOWN) else value
        )
        document = shelf.by_id.get(str(data[table].get(key, "")))
        if document is not None:
            yield from _steps(weights[kind], kind, document, rests[kind])


def _steps(weight: float, kind: str, document: Document, rests: list[str]) -> Iterable[_Row]:
    for place, step in enumerate(document.meta.get("steps") or []):
        yield weight - 0.05 * place, kind, step, document, list(rests)


def _step(
    step: Mapping[str, Any], kind: str, document: Document, rests: list[str], state: Memo, notes: Notes
) -> dict[str, Any]:
    about = f"{step['action']} {step.get('why', '')}"
    line = nearest(under(document, str(step.get("cites") or "")), about)
    known = state.get("slots", {})
    mine = next((str(known[slot]["words"]) for slot in rests if known.get(slot, {}).get("words")), "")
    return {
        **{key: str(step.get(key) or "") for key in ("id", "action", "why", "who", "effort", "risk", "sign")},
        "role": "suggestion",  # the action is ours; what the source says stands beside it as `grounds`
        "horizon": int(step["horizon"]),
        "because": {"kind": kind, "document": document.title, "your_words": mine},
        "slots": rests,
        "grounds": line.text if line else "",  # the sentence of the corpus that the step is argued from, as it stands
        "citations": [notes.cite(document, line)] if line else [],
    }
