"""The plan's steps as a calendar (RFC 5545). Pure function of the plan."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from advisor.documents import digest

_DUE = {30: 30, 90: 90, 365: 365, 3650: 1825}


def as_calendar(plan: Mapping[str, Any]) -> str:
    """A to-do-like all-day event for each open step on the day it is due; lines folded at 75 bytes, CRLF."""
    return "".join(f"{line}\r\n" for row in _lines(plan) for line in _folded(row))


def _lines(plan: Mapping[str, Any]) -> Iterator[str]:
    made = datetime.date.fromisoformat(plan["made"])
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cluster Advisor//Plan//EN", "CALSCALE:GREGORIAN")
    for step in plan["steps"]:
        due = made + datetime.timedelta(days=_DUE[step["horizon"]])
        yield "BEGIN:VEVENT"
        yield f"UID:{digest(step['id'], plan['made'])}@cluster-advisor"
        yield f"DTSTAMP:{made:%Y%m%d}T000000Z"
        yield f"DTSTART;VALUE=DATE:{due:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{due + datetime.timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_escaped(step['action'])}"
        told = f"Why: {step['why']}\nWho: {step['who']}\nRisk: {step['risk']}\nSign of success: {step['sign']}"
        yield f"DESCRIPTION:{_escaped(told)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(line: str, limit: int = 75) -> Iterator[str]:
    """Lines of at most 75 bytes; what is carried over starts with a space; no character is cut."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > limit:
            yield piece
            piece = " "
        piece += character
    yield piece
