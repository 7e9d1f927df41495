"""The first meeting: whom to invite, what to ask them, an agenda, and what competitors must not talk about. Pure functions."""

from collections.abc import Mapping
from typing import Any

from advisor.coach.interview import Answers
from advisor.coach.shelf import Notes, Shelf, listed, said, under


def first_meeting(
    profile: str, answers: Answers, shelf: Shelf, data: Mapping[str, Any], notes: Notes
) -> dict[str, Any]:
    """Agenda, invitations, questions and what to leave with; each sentence as it stands in its source."""
    method = shelf.by_id.get(data["documents"]["meeting"])
    persona = shelf.personas.get(profile)
    found: dict[str, Any] = {"agenda": [], "invite": [], "leave_with": [], "questions": []}
    if method is not None:
        for part in ("agenda", "invite", "leave_with"):
            found[part] = [said(method, row, notes) for row in under(method, data["sections"][part])]
    if persona is not None:
        found["questions"] = list(listed(persona, "questions"))[:6]
    return found


def caution(answers: Answers, shelf: Shelf, data: Mapping[str, Any], notes: Notes) -> dict[str, Any] | None:
    """The competition-law caution, where the plan brings rivals together."""
    method = shelf.by_id.get(data["documents"]["competition"])
    meets = [row["slot"] for row in data["rivals"] if answers.get(row["slot"], ("", ""))[1] in row["options"]]
    if method is None:
        return None
    sentences = [said(method, row, notes) for row in under(method, "")[:2]]
    if meets:
        for part in ("outside", "house_rules"):
            sentences += [said(method, row, notes) for row in under(method, data["sections"][part])[:2]]
    return {"sentences": sentences, "slots": meets or ["motivation"], "rivals_meet": bool(meets)}
