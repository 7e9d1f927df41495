"""What the routes say and need: notices, the profile, the plan and what changed in it. Pure but for the planner."""

import datetime
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from advisor.coach import memo
from advisor.coach.compose import role_of
from advisor.coach.memo import Memo
from advisor.coach.slots import in_language, slots
from advisor.coach.textmodel import Encode
from advisor.documents import Citation, Done, Event, Message, Planned, Profiled, Sentence, SentenceSaid
from advisor.texts import say


class Answers(Protocol):
    """Who answers questions from the corpus."""

    def answer(self, question: str, history: Sequence[Message] = (), only: Any = None) -> Iterator[Event]: ...


class Planner(Protocol):
    """Who makes plans, and quotes what a profile is."""

    def plan(self, state: Memo, today: datetime.date) -> dict[str, Any]: ...

    def portrait(self, profile: str) -> tuple[Sentence, Citation] | None: ...

    def readiness(self, state: Memo) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes need of other rooms."""

    answerer: Answers
    planner: Planner
    encode: Encode
    language_of: Callable[[str], str]
    today: Callable[[], datetime.date] = datetime.date.today
    limit: int = 4000


def first_steps(made: Mapping[str, Any], most: int = 3) -> Iterator[Event]:
    """What the sources say behind the first steps, as it stands there; the steps themselves come with the plan."""
    by_number = {row["n"]: row for row in made["citations"]}
    shown: set[int] = set()
    for step in made["steps"]:
        fresh = tuple(Citation(**by_number[n]) for n in step["citations"] if n not in shown)
        if not fresh or not step["grounds"] or len(shown) >= most:
            continue
        shown.update(step["citations"])
        yield SentenceSaid(Sentence(step["grounds"], role_of(step["grounds"]), tuple(step["citations"])), fresh)


def replanned(now: Memo, update: Memo, parts: Parts) -> Generator[Event, None, None]:
    """The plan made anew, and what changed by it."""
    before = now["plan"]
    assert before is not None
    made = parts.planner.plan(now, parts.today())
    made["changed"] = changes(before, made)
    update["plan"] = made
    yield notice("coach_changed" if any(made["changed"].values()) else "coach_unchanged", now)
    yield from _changed(before, made, now.get("language", "en"))
    added = [step for step in made["steps"] if step["id"] in made["changed"]["added"]]
    yield from first_steps({**made, "steps": added})
    yield Planned(made)


def _changed(before: Mapping[str, Any], made: Mapping[str, Any], language: str) -> Iterator[Event]:
    """What changed, in lines: facts and stage, the checklist, steps that came and went."""
    rows = []
    for name, (old, new) in made["changed"]["known"].items():
        shown = " → ".join(shown_value(name, value, language) for value in (old, new) if value is not None)
        rows.append(f"{in_language(slots()[name].question, language)} {shown}")
    for key, name in (("coach_rises", "up"), ("coach_falls", "down")):
        if made["changed"][name]:
            rows.append(say(key, language, items=", ".join(made["changed"][name])))
    for key, name, plan in (("coach_step_new", "added", made), ("coach_step_gone", "removed", before)):
        actions = [step["action"] for step in plan["steps"] if step["id"] in made["changed"][name]]
        rows += [say(key, language, action=action) for action in actions]
    yield from (SentenceSaid(Sentence(row, "notice")) for row in rows)


def shown_value(name: str, value: Any, language: str) -> str:
    """A slot's value as its button says it."""
    option = next((o for o in slots()[name].options if o.value == value), None)
    return in_language(option.label, language) if option else str(value)


def known_lines(state: Memo) -> Iterator[Event]:
    """Everything that is known of a person, a line a question."""
    language = state.get("language", "en")
    for name, row in state.get("slots", {}).items():
        told = shown_value(name, row["value"], language)
        yield SentenceSaid(Sentence(f"{in_language(slots()[name].question, language)} {told}", "notice"))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Steps that came and went, facts and checklist items that moved, and which other parts of the plan differ."""
    old, new = {s["id"] for s in before["steps"]}, {s["id"] for s in after["steps"]}
    other = [
        key
        for key in ("profile", "stage", "readiness", "programmes", "runway", "existing")
        if before.get(key) != after.get(key)
    ]
    facts = {**before["known"], "stage": before["stage"]}, {**after["known"], "stage": after["stage"]}
    known = {n: [facts[0].get(n), v] for n, v in facts[1].items() if facts[0].get(n) != v}
    scores = {row["item"]: row["score"] for row in before["readiness"]}
    moved = [(row["score"] - scores.get(row["item"], row["score"]), row["title"]) for row in after["readiness"]]
    return {
        "added": sorted(new - old),
        "removed": sorted(old - new),
        "known": known,
        "up": [title for by, title in moved if by > 0],
        "down": [title for by, title in moved if by < 0],
        "other": other,
    }


def profiled(state: Memo) -> Profiled:
    now = memo.standing_of(state)
    ranking = tuple((name, round(p, 4)) for name, p in now.ranking)
    return Profiled(ranking, now.evidence, now.runner_up, memo.stage_of(state))


def notice(key: str, state: Memo, role: Any = "notice", **values: str) -> SentenceSaid:
    return SentenceSaid(Sentence(say(key, state.get("language", "en"), **values), role))


def done(state: Memo) -> Done:
    return Done("coaching", tuple(state["incoming"].get("masked", ())), language=state.get("language", "en"))
