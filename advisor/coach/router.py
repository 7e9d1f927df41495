"""What kind of turn a message is. Rules over data; a question stays a question. Pure functions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from advisor.coach.beside import Heard
from advisor.coach.slots import says

Kind = Literal[
    "question",
    "interview",
    "plan",
    "small_talk",
    "declined",
    "reject",
    "explain",
    "human",
    "handover",
    "stay",
    "review",
    "since",
    "runway",
]
_TELLS = 9  # words from which a message that asks nothing is taken as telling
_SHORT = 4
_PARTS = re.compile(r"(?<=[.!?\n])\s+")


@dataclass(frozen=True, slots=True)
class Route:
    """`question`: the part to be answered from the corpus; `told`: the part that tells of the person."""

    kind: Kind
    question: str = ""
    told: str = ""


def route(
    text: str, screened: str, pending: str, heard: Mapping[str, Heard], coached: bool, offered: str = ""
) -> Route:
    """`screened`: the kind that safety found; `pending`: the open question; `coached`: an interview or plan has
    begun; `offered`: what a bare yes accepts, plan, runway or human."""
    if screened == "declined":
        return Route("declined", text)
    if pending and says("explain", text):
        return Route("explain")
    for name in ("human", "review"):
        if says(name, text) and (coached or name == "human"):
            return Route(name)
    if coached and says("not_me", text):
        return Route("reject", told=text)
    if says("plan", text) and not (_names_a_thing(text) and says("asks", text)):
        return Route("plan", told=_told(text))
    if offered == "human" and (says("agree", text) or says("declines", text)):
        return Route("handover" if says("agree", text) else "stay")
    if offered and not pending and says("agree", text):
        return Route("runway" if offered == "runway" else "plan")
    asked = [part for part in _PARTS.split(text) if is_question(part)]
    if says("coach", text):
        return Route("interview", told=_told(text))
    if asked and not _only_unsure(text, pending, heard):
        return Route("question", " ".join(asked) if len(asked) < len(_PARTS.split(text)) else text, _told(text))
    if pending:
        return Route("interview", told=text)
    if coached and len(text.split()) <= _SHORT and says("unknown", text):
        return Route("interview")
    if screened in ("small_talk", "thanks"):
        return Route("small_talk")
    if coached and says("since", text):
        return Route("since", told=text)
    if coached and heard:
        return Route("since", told=text)
    if says("agree", text) or (says("self", text) and len(text.split()) >= 4) or len(text.split()) >= _TELLS:
        return Route("interview", told=text)
    return Route("question", text)


def is_question(part: str) -> bool:
    """Ends with a question mark, or opens like a question and does not go on to tell."""
    return part.rstrip(' "”»').endswith("?") or (says("asks", part) and not says("tells", part))


def _told(text: str) -> str:
    return " ".join(part for part in _PARTS.split(text) if not is_question(part) and says("self", part))


def _only_unsure(text: str, pending: str, heard: Mapping[str, Heard]) -> bool:
    """ "Twelve, maybe?" answers the pending question although it ends like a question."""
    return bool(pending) and pending in heard and len(text.split()) <= 5 and not says("asks", text)


def _names_a_thing(text: str) -> bool:
    """ "What is the plan of Vinnova?" asks for a fact, not for one's own plan."""
    return re.search(r"(?<!^)(?<![.!?] )\b[A-ZÅÆØÄÖÜÉ][a-zåæøäöüé]{3,}", text) is not None and not says("self", text)
