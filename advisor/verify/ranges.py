"""Ends of a range share unit, scale and noun: "NOK 2 to 5 million", "2018-19", "between 19 and 37 members"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.verify.quantity import Quantity
from advisor.verify.tables import PERIODS

_RANGE = re.compile(r"^(?:\s?-\s?|\s(?:to|and|bis|a|til|och|og|y|und|et|e)\s)$", re.I)
_SCALED = re.compile(r"illions?$|\d(?:m|bn|tn)$")
_BETWEEN = re.compile(r"\bbetween\s+(?:about |some |around )?$|\bmellom\s+$", re.I)
_AND = ("and", "og", "y", "und", "et", "e", "och")
_PERIOD = {"year": 1.0} | {name: PERIODS[name] for name in ("month", "week", "day")}
_NO_SCALE = ("year", "ordinal", "time", "%", "decade", "")


def joined(found: Sequence[Quantity], text: str) -> list[Quantity]:
    """The quantities of a text, those that are ends of a range told so."""
    out = list(found)
    for n in range(len(out) - 1):
        a, b = out[n], out[n + 1]
        between = text[a.end : b.start]
        if not _RANGE.match(between):
            continue
        if between.strip().lower() == "to" and _given(a, b):
            continue
        if between.strip().lower() in _AND and not _BETWEEN.search(text[: a.start]):
            continue
        if (ends := _units(a, b, between.strip())) is not None:
            out[n], out[n + 1] = _marked(*ends)
    return out


def _given(a: Quantity, b: Quantity) -> bool:
    """ "EUR 8.6 million to 78 clusters": a sum and those who get it."""
    return bool(_SCALED.search(a.text)) and not _SCALED.search(b.text) and not b.unit and bool(b.nouns)


def _units(a: Quantity, b: Quantity, link: str) -> tuple[Quantity, Quantity] | None:
    """Both ends with the unit that one of them leaves out; None where they are no range."""
    if a.unit == "year" and not b.unit and link == "-" and all(v < 100 for v in b.values):
        century = int(min(a.values)) // 100 * 100
        return a, replace(b, values=frozenset(century + v for v in b.values), unit="year")
    if "year" in (a.unit, b.unit):
        return (a, b) if a.unit == b.unit else None
    if a.unit == b.unit:
        return a, b
    if b.unit in ("", "times") and a.unit:
        return a, replace(b, unit=a.unit)
    if not a.unit:
        period = max((length for name, length in _PERIOD.items() if name in b.text.lower()), default=1.0)
        factor = period if b.unit == "time" else 1.0
        values = frozenset(round(v * factor, 4) for v in a.values) if b.unit == "time" else a.values
        return replace(a, unit=b.unit, values=values), b
    return a, b


def _marked(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity]:
    """The lower end takes the scale of the upper one; both take one noun."""
    if a.unit not in _NO_SCALE and re.search(r"[a-z]", b.text[-9:], re.I):
        for scale in (1e12, 1e9, 1e7, 1e6, 1e3):
            if max(b.values) >= scale and max(a.values) < min(1000, scale):
                a = replace(a, values=a.values | {v * scale for v in a.values})
                break
    nouns = a.nouns or b.nouns
    if a.unit == "year":
        return replace(a, in_range=False, nouns=nouns), replace(b, in_range=False, nouns=b.nouns or nouns)
    lower = replace(a, in_range=True, nouns=nouns, bound="" if a.bound == "min" else a.bound)
    return lower, replace(b, in_range=True, nouns=b.nouns or nouns, bound="")
