"""Which programmes a cluster may apply to, and what is missing, from the programmes' own rules. Pure functions."""

import datetime
from collections.abc import Mapping
from typing import Any

from advisor.coach.comparable import Self
from advisor.coach.shelf import Notes, Shelf, lines, listed, said, under
from advisor.documents import Document

_OPEN = ("open", "between_calls")
_WHO = "Who may apply"


def programmes(me: Self, shelf: Shelf, data: Mapping[str, Any], notes: Notes, today: datetime.date) -> dict[str, Any]:
    """Programmes of the country and the Union, best first; where a country has none, what others did."""
    union = me.country in data["eu"]
    own = [p for p in shelf.programmes if me.country and me.country in _countries(p)]
    wider = [p for p in shelf.programmes if union and "EU" in _countries(p) and p not in own]
    rows = [checked(p, me, notes, today) for p in (*own, *wider)]
    rows.sort(key=lambda row: (not row["alive"], row["missing_count"], row["id"]))
    alive = [row for row in rows if row["alive"] and row["id"] in {p.id for p in own}]
    found: dict[str, Any] = {"programmes": rows[:6], "none_in_country": bool(me.country) and not alive, "others": []}
    if found["none_in_country"]:
        found["others"] = without(shelf, data, notes)
    return found


def without(shelf: Shelf, data: Mapping[str, Any], notes: Notes) -> list[dict[str, Any]]:
    """What clusters in countries without a programme did."""
    method = shelf.by_id.get(data["documents"]["without"])
    if method is None:
        return []
    heads = data["sections"]["others"]
    return [said(method, row, notes) for head in ("", *heads) for row in under(method, head)[:1]]


def checked(programme: Document, me: Self, notes: Notes, today: datetime.date) -> dict[str, Any]:
    """One programme against what is known: tests met, not met and not known."""
    meta = programme.meta
    tests: list[tuple[str, bool | None]] = [("country", True), ("open", meta.get("status") in _OPEN)]
    stages = listed(programme, "stage")
    if stages:
        tests.append(("stage", me.stage in stages))
    if meta.get("min_members"):
        tests.append(("members", None if me.members is None else me.members >= int(meta["min_members"])))
    if meta.get("legal_form"):
        tests.append(("legal_form", None))
    if meta.get("match"):
        tests.append(("match", None))
    closes = str(meta.get("closes") or "")
    if closes:
        tests.append(("deadline", closes >= today.isoformat()[: len(closes)]))
    status = str(meta.get("status") or "unknown")
    opening = lines(programme)[:1]
    who = [row for row in under(programme, _WHO) if row.heading][:1]
    paid = [row for row in under(programme, "What it pays") if row.heading][:1]
    missing = [name for name, met in tests if met is not True]
    return {
        "id": programme.id,
        "title": programme.title,
        "status": status,
        "alive": status in (*_OPEN, "changed"),
        "meet": sum(met is True for _, met in tests),
        "of": len(tests),
        "tests": [{"test": name, "met": met, "rule": _rule(name, meta, stages)} for name, met in tests],
        "missing": missing,
        "missing_count": sum(met is False for _, met in tests),
        "closes": closes,
        "pays": str(meta.get("pays") or ""),
        "as_of": programme.as_of,
        "outdated": bool(programme.valid_until)
        and programme.valid_until < today.isoformat()[: len(programme.valid_until)],
        "sentences": [said(programme, row, notes) for row in (*opening, *who, *paid)],
        "slots": ["country", "stage", "members"],
    }


def _rule(name: str, meta: Mapping[str, Any], stages: tuple[str, ...]) -> str:
    return {
        "country": ", ".join(meta.get("eligible_countries") or []),
        "open": str(meta.get("status") or ""),
        "stage": ", ".join(stages),
        "members": str(meta.get("min_members") or ""),
        "legal_form": str(meta.get("legal_form") or ""),
        "match": str(meta.get("match") or ""),
        "deadline": str(meta.get("closes") or ""),
    }[name]


def _countries(programme: Document) -> tuple[str, ...]:
    return listed(programme, "eligible_countries") or listed(programme, "country")
