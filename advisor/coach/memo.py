"""What a conversation remembers, as plain JSON values: the one state of a thread, and the pure steps that change it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, TypedDict

from advisor.coach.beside import Heard
from advisor.coach.interview import Answers
from advisor.coach.profile import Standing, Statement, standing
from advisor.coach.slots import UNKNOWN, slots
from advisor.documents import Message

_KEPT_MESSAGES = 400
_DOUBT = (
    0.12  # after one message, shrinking with every answer: no first sentence makes a profile certain (dev interviews)
)


class Memo(TypedDict, total=False):
    """The state of a thread. Every value is JSON."""

    turn: int
    language: str
    messages: list[dict[str, Any]]
    slots: dict[str, dict[str, Any]]
    statements: list[dict[str, Any]]
    asked: list[str]
    pending: str
    rejected: list[str]
    coached: bool
    profiled: bool
    plan: dict[str, Any] | None
    ticked: list[str]
    incoming: dict[str, Any]  # the message of the turn under way; empty between turns
    route: dict[str, str]
    corrected: bool
    learned: list[str]
    figuring: bool  # the runway's figures are being asked
    offered: str  # what a bare yes would accept: plan, runway or human
    said: list[str]
    outcome: str
    masked: list[str]


def answers(memo: Memo) -> Answers:
    return {name: (row["value"], row.get("option", "")) for name, row in memo.get("slots", {}).items()}


def statements(memo: Memo) -> list[Statement]:
    return [
        Statement(
            row["text"],
            tuple(row["profile"]),
            tuple(row["stage"]),
            row["weight"],
            tuple((quote, tuple(added)) for quote, added in row["clauses"]),
        )
        for row in memo.get("statements", [])
    ]


def known(memo: Memo) -> dict[str, str | int]:
    return {name: row["value"] for name, row in memo.get("slots", {}).items()}


def standing_of(memo: Memo) -> Standing:
    asked = memo.get("asked", [])
    told = len(memo.get("statements", [])) + sum(name in asked for name in memo.get("slots", {}))
    doubt = _DOUBT / (1 + max(0, told - 1) / 4)
    return standing(statements(memo), answers(memo), memo.get("rejected", []), asked, doubt)


def stage_of(memo: Memo) -> str:
    """The stage said, else the one believed."""
    said = memo.get("slots", {}).get("stage", {}).get("value")
    return str(said) if said not in (None, UNKNOWN) else standing_of(memo).stage


def learn(memo: Memo, heard: Mapping[str, Heard]) -> Memo:
    """The slots with what was heard; `corrected` where a known value changed."""
    known = dict(memo.get("slots", {}))
    changed, learned = False, []
    for name, fact in heard.items():
        before = known.get(name)
        if before is not None and fact.value == UNKNOWN and before["value"] != UNKNOWN:
            continue
        if before is not None and before["value"] not in (fact.value, UNKNOWN):
            changed = True
        if before is None or before["value"] != fact.value:
            learned.append(name)
        known[name] = {"value": fact.value, "option": fact.option, "words": fact.words, "turn": memo.get("turn", 0)}
    return {"slots": known, "corrected": changed, "learned": learned}


def remember(memo: Memo, statement: Statement) -> list[dict[str, Any]]:
    row = asdict(statement)
    row["clauses"] = [[quote, list(added)] for quote, added in statement.clauses]
    return [*memo.get("statements", []), row]


def history(memo: Memo, most: int = 12) -> tuple[Message, ...]:
    """What was said, for the answerer: questions and answers, oldest first."""
    rows = [row for row in memo.get("messages", []) if row.get("text")]
    return tuple(Message(row["role"], row["text"]) for row in rows[-most:])


def closed(memo: Memo) -> Memo:
    """The turn written down; nothing under way."""
    incoming = memo.get("incoming", {})
    turn = memo.get("turn", 0)
    rows = [
        *memo.get("messages", []),
        {"role": "user", "text": incoming.get("shown", ""), "turn": turn},
        {"role": "assistant", "text": " ".join(memo.get("said", [])), "turn": turn, "outcome": memo.get("outcome", "")},
    ]
    return {"messages": rows[-_KEPT_MESSAGES:], "incoming": {}, "said": [], "route": {}, "turn": turn + 1}


def view(memo: Memo) -> dict[str, Any]:
    """What a surface may show: slots, profile, stage, plan, messages."""
    found: dict[str, Any] = {
        "slots": {name: row["value"] for name, row in memo.get("slots", {}).items()},
        "words": {name: row.get("words", "") for name, row in memo.get("slots", {}).items()},
        "messages": list(memo.get("messages", [])),
        "pending": memo.get("pending", ""),
        "asked": list(memo.get("asked", [])),
        "language": memo.get("language", "en"),
        "profile": None,
        "stage": "",
        "plan": memo.get("plan"),
    }
    if memo.get("statements") or memo.get("slots"):
        now = standing_of(memo)
        found["stage"] = stage_of(memo)
        found["profile"] = {
            "ranking": [{"profile": name, "probability": round(p, 4)} for name, p in now.ranking],
            "evidence": [dict(row) for row in now.evidence],
            "runner_up": now.runner_up,
            "blend": now.blend,
            "change": [dict(row) for row in now.change],
            "stage": found["stage"],
        }
    return found


def known_slots(names: Iterable[str], memo: Memo) -> list[str]:
    return [name for name in names if name in slots() and name in memo.get("slots", {})]
