"""Cases most alike, with what is alike, and one that went the other way. Pure functions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.coach.shelf import Notes, Shelf, lines, listed, nearest, profile_id, said, under
from advisor.coach.slots import UNKNOWN
from advisor.documents import Document

_ENDED_WELL = frozenset({"thriving", "active", "renewed"})
_WORD = re.compile(r"[^\W\d_]{3,}")
_GENERIC = frozenset(
    ["technology", "technologies", "tech", "industry", "sector", "cluster", "innovation", "and", "the", "services"]
)


@dataclass(frozen=True, slots=True)
class Self:
    """What a case is compared with."""

    profile: str
    stage: str
    industry: str = ""
    country: str = ""
    region: str = ""
    members: int | None = None
    programme: str = ""
    scope: str = ""


def comparable(me: Self, shelf: Shelf, notes: Notes, most: int = 3) -> dict[str, Any]:
    """{"cases": [...], "counter": {...} or None}."""
    ranked = sorted(((alike(me, case), case) for case in shelf.cases), key=lambda row: (-_weight(row[0]), row[1].id))
    chosen = ranked[:most]
    if not chosen:
        return {"cases": [], "counter": None}
    well = chosen[0][1].meta.get("outcome") in _ENDED_WELL
    ids = {case.id for _, case in chosen}
    other = next((r for r in ranked if r[1].id not in ids and (r[1].meta.get("outcome") in _ENDED_WELL) != well), None)
    return {
        "cases": [_told(case, same, notes) for same, case in chosen],
        "counter": _told(other[1], other[0], notes) if other else None,
    }


def alike(me: Self, case: Document) -> dict[str, str]:
    """What the two have in common: field -> the common value."""
    meta = case.meta
    same: dict[str, str] = {}
    if profile_id(meta.get("starter")) == me.profile:
        same["profile"] = me.profile
    if me.stage in listed(case, "stage"):
        same["stage"] = me.stage
    industry = shared_words(me.industry, " ".join((*listed(case, "industry"), case.title)))
    if industry:
        same["industry"] = industry
    if me.country and me.country in listed(case, "country"):
        same["country"] = me.country
    if me.region and shared_words(me.region, " ".join(listed(case, "region"))):
        same["region"] = me.region
    if me.programme in ("yes", "no") and bool(meta.get("programme")) == (me.programme == "yes"):
        same["programme"] = me.programme
    count = meta.get("members")
    if me.members and isinstance(count, int) and count and 0.5 <= count / me.members <= 2:
        same["members"] = str(count)
    if me.scope and str(meta.get("mindset")) == ("global" if me.scope == "global" else "local"):
        same["mindset"] = str(meta.get("mindset"))
    return same


_WEIGHTS: Mapping[str, float] = {
    "profile": 3,
    "industry": 3,
    "country": 2,
    "region": 1,
    "stage": 1.5,
    "programme": 1,
    "members": 1,
    "mindset": 0.5,
}


def _weight(same: Mapping[str, str]) -> float:
    return sum(_WEIGHTS[name] for name in same)


def shared_words(one: str, other: str) -> str:
    """Words of the first that the second holds too, plural or not."""
    if not one or one == UNKNOWN:
        return ""
    pool = {word.lower()[:6] for word in _WORD.findall(other)}
    return " ".join(word for word in _WORD.findall(one.lower()) if word[:6] in pool and word not in _GENERIC)


def _told(case: Document, same: Mapping[str, str], notes: Notes) -> dict[str, Any]:
    rows = lines(case)
    sentences = [said(case, rows[0], notes)] if rows else []
    lesson = nearest(under(case, "What to learn"), "lesson money members")
    if lesson is not None and lesson.heading:
        sentences.append(said(case, lesson, notes))
    return {
        "id": case.id,
        "title": case.title,
        "outcome": str(case.meta.get("outcome") or ""),
        "alike": dict(same),
        "sentences": sentences,
    }
