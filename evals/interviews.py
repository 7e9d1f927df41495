"""Scripted users talk to the advisor: they answer what is asked, digress, correct themselves, and are sometimes not sure."""

from collections.abc import Mapping
from typing import Any

from advisor.assemble import Advisor
from advisor.documents import Asked, SentenceSaid
from evals.cases import Case

_MOST_TURNS = 16
_SILENT = "not sure"


def play(advisor: Advisor, case: Case) -> dict[str, Any]:
    """Profile, slots, number of questions, slots asked twice, digressions that were not answered."""
    script: Mapping[str, Any] = case.raw["script"]
    thread = f"eval-{case.id}"
    advisor.erase(thread)
    asked: list[str] = []
    lost: list[str] = []
    pending = _turn(advisor, thread, str(script["opening"]), asked)[0]
    for _ in range(_MOST_TURNS):
        if pending is None:
            break
        for digression in script.get("digressions", ()):
            if digression["after"] == len(asked):
                again, answered = _turn(advisor, thread, str(digression["question"]), [])
                if not answered or again != pending:
                    lost.append(str(digression["question"]))
        for correction in script.get("corrections", ()):
            if correction["after"] == len(asked):
                pending = (
                    _turn(advisor, thread, str(correction["text"]), asked if pending is None else [])[0] or pending
                )
        pending = _turn(advisor, thread, str(script["answers"].get(pending, _SILENT)), asked)[0]
    for correction in script.get("corrections", ()):
        if correction["after"] > len(asked):  # the interview was shorter than the script: it is said at the end
            _turn(advisor, thread, str(correction["text"]), [])
    state = advisor.state(thread)
    ranking = (state.get("profile") or {}).get("ranking") or []
    return {
        "profile": ranking[0]["profile"] if ranking else "",
        "ranking": ranking,
        "stage": state.get("stage", ""),
        "slots": dict(state.get("slots", {})),
        "questions": len(asked),
        "order": asked,
        "asked_twice": sorted({slot for slot in asked if asked.count(slot) > 1}),
        "digressions_lost": lost,
    }


def _turn(advisor: Advisor, thread: str, message: str, asked: list[str]) -> tuple[str | None, bool]:
    """(slot that is asked now, whether a cited sentence was said)."""
    pending, answered = None, False
    for event in advisor.reply(thread, message):
        if isinstance(event, Asked):
            pending = event.slot
            asked.append(event.slot)
        elif isinstance(event, SentenceSaid) and event.sentence.citations:
            answered = True
    return pending, answered
