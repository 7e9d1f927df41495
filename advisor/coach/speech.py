"""What the routes say and need: notices, the profile, the plan and what changed in it. Pure but for the planner."""

import datetime
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from advisor.coach import memo
from advisor.coach.compose import role_of
from advisor.coach.memo import Memo
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
    steps = made["changed"]["added"] or made["changed"]["removed"] or made["changed"]["other"]
    yield notice("coach_changed" if steps else "coach_unchanged", now)
    added = [step for step in made["steps"] if step["id"] in made["changed"]["added"]]
    yield from first_steps({**made, "steps": added})
    yield Planned(made)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """Steps that came and went, and which other parts of the plan differ."""
    old, new = {s["id"] for s in before["steps"]}, {s["id"] for s in after["steps"]}
    other = [
        key
        for key in ("profile", "stage", "readiness", "programmes", "runway", "existing")
        if before.get(key) != after.get(key)
    ]
    return {"added": sorted(new - old), "removed": sorted(old - new), "other": other}


def profiled(state: Memo) -> Profiled:
    now = memo.standing_of(state)
    ranking = tuple((name, round(p, 4)) for name, p in now.ranking)
    return Profiled(ranking, now.evidence, now.runner_up, memo.stage_of(state))


def notice(key: str, state: Memo, role: Any = "notice") -> SentenceSaid:
    return SentenceSaid(Sentence(say(key, state.get("language", "en")), role))


def done(state: Memo) -> Done:
    return Done("coaching", tuple(state["incoming"].get("masked", ())), language=state.get("language", "en"))
