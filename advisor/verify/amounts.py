"""Do the claim's quantities stand in the passage, with the same unit, bound and noun? (pure functions)"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from advisor.verify.numbers import quantities
from advisor.verify.quantity import Quantity, same_unit
from advisor.verify.small import canon, small_word

_BASICALLY_BOUND = re.compile(r"\b(?:minimum|at least|requir\w+|must|need\w*|no fewer)\b", re.I)
_CAPPED = re.compile(
    r"\b(?:cap(?:ped|s)?|limit\w*|only|maximum|ceiling|up to|at most|no more than|as many as|as much "
    r"as|max|longest|within|under)\b",
    re.I,
)
_LOOSE = re.compile(
    r"\b(?:at least|up to|as few as|as many as|from|minimum|maximum|no more than|at most|smallest|"
    r"largest|lowest|highest|"
    r"low(?:er)? end|high(?:er)? end|starting|or more|or fewer|between|to|range\w*|as little as|"
    r"as much as|top|bottom|never more|and)\b",
    re.I,
)


_OTHER = ("year", "decade", "ordinal")


def _near(a: float, b: float, share: float) -> bool:
    return abs(a - b) <= share * max(abs(a), abs(b)) + 1e-9


def _equal(mine: Quantity, theirs: Quantity) -> bool:
    share = 0.004 if "%" in (mine.unit, theirs.unit) or mine.unit == "time" else 1e-9
    return any(_near(a, b, share) for a in mine.values for b in theirs.values)


def _figures(value: float) -> int:
    """How many digits carry meaning: 1 in 500, 3 in 525."""
    return len(f"{value:.6g}".replace(".", "").split("e")[0].strip("0"))


def _fits(mine: Quantity, theirs: Quantity) -> bool:
    """Same value by declared equivalence, or an honest rounding ("more than 500" of 525, "about 200" of 198)."""
    if _equal(mine, theirs):
        return True
    for a in mine.values:
        for b in theirs.values:
            if _figures(a) >= _figures(b) and mine.unit != "%":
                continue  # no rounding: as exact as the passage
            if mine.bound == "more" and a < b <= 1.12 * a and theirs.bound not in ("max", "less"):
                return True
            if mine.bound == "almost" and 0.93 * a <= b < a:
                return True
            if mine.bound == "about" and _near(a, b, 0.03):
                return True
    return False


def _units(mine: Quantity, theirs: Quantity) -> bool:
    if same_unit(mine.unit, theirs.unit):
        return True
    if {mine.unit, theirs.unit} == {"year", "decade"}:
        return False
    if mine.unit == "" and theirs.unit not in ("year", "decade", "points"):
        return not mine.nouns or (theirs.unit == "ordinal" and False)
    if mine.unit == "ordinal" and theirs.unit == "":
        return True
    return mine.unit == "" and theirs.unit == "ordinal"


def _elided(mine: Quantity, theirs: Quantity, all_theirs: list[Quantity]) -> bool:
    """ "two years at first and three on renewal": the second number has the first one's unit."""
    return (
        theirs.unit == ""
        and not theirs.nouns
        and mine.unit != "year"
        and any(p.unit == mine.unit and abs(p.end - theirs.start) < 60 for p in all_theirs)
    )


def _bounds(mine: Quantity, theirs: Quantity, passage: str) -> bool:
    a, b = mine.bound, theirs.bound
    if not _equal(mine, theirs):
        return True  # a rounding, judged above
    if a == b or mine.in_range or theirs.in_range:
        return True
    near = passage[max(0, theirs.start - 60) : theirs.end + 40]
    if a in ("", "about"):
        return b in ("", "about", "more", "almost") or (b == "min" and a == "" and not mine.bound and "from" in near)
    if a == "more":
        return b == "more"
    if a == "min":
        return b == "more" or (b == "" and bool(_BASICALLY_BOUND.search(near)))
    if a == "max":
        return b == "" and bool(_CAPPED.search(near))
    if a == "almost":
        return b in ("about", "less")
    return b in ("almost", "max") and a == "less" and False


def _stolen(mine: Quantity, theirs: Quantity, all_theirs: list[Quantity]) -> Quantity | None:
    """Another number of the passage that counts what the claim's number counts; `theirs` counts something else."""
    if not mine.nouns or not theirs.nouns or canon(mine.nouns) & canon(theirs.nouns):
        return None
    for other in all_theirs:
        if (
            other is not theirs
            and not _equal(mine, other)
            and same_unit(other.unit, theirs.unit)
            and canon(other.nouns) & canon(mine.nouns)
        ):
            return other
    return None


_OF = re.compile(r"\s(?:out )?of (?:the |its |all )?")


def _shown(q: Quantity) -> str:
    return q.text.strip()


def _reason(mine: Quantity, theirs: list[Quantity]) -> str:
    alike = [q for q in theirs if same_unit(q.unit, mine.unit)] or theirs
    alike = [q for q in alike if canon(q.nouns) & canon(mine.nouns)] or alike
    if not alike:
        return f"no passage gives the number {_shown(mine)}"
    shown = " and ".join(dict.fromkeys(_shown(q) for q in alike[:3]))
    return f"the passage says {shown}, the claim says {_shown(mine)}"


def _dated(q: Quantity, spans: list[tuple[int, int]]) -> bool:
    """Is it the day or the month of a calendar date?"""
    whole_year = q.unit == "year" and len(_shown(q)) == 4
    return not whole_year and any(a <= q.start < b for a, b in spans)


def amount_problem(
    claim: str, passage: str, skip: list[tuple[int, int]], skip_passage: list[tuple[int, int]]
) -> str | None:
    """The first quantity of the claim that the passage does not give. `skip`: spans read as calendar days."""
    mine = [q for q in quantities(claim) if not _dated(q, skip)]
    theirs = [q for q in quantities(passage) if not _dated(q, skip_passage)]
    theirs += shares(passage, theirs) + _lengths(passage, theirs)
    for q in mine:
        if q.unit == "decade":
            start = min(q.values)
            if not any(
                (p.unit == "decade" and p.values == q.values)
                or (p.unit == "year" and start <= min(p.values) < start + 10)
                for p in theirs
            ):
                return _reason(q, theirs)
            continue
        fits = [p for p in theirs if (_units(q, p) or _elided(q, p, theirs)) and _fits(q, p)]
        if not fits:
            if small_word(q, passage, theirs):
                continue
            return _reason(q, theirs)
        complaint: str | None = None
        for p in fits:
            complaint = None
            if not _bounds(q, p, passage):
                complaint = f'the passage says "{_around(passage, p)}", the claim says "{_around(claim, q)}"'
            elif (
                p.in_range
                and not q.in_range
                and not any(r is not p and _equal(q, r) for r in fits)
                and not _LOOSE.search(claim[max(0, q.start - 30) : q.start])
                and _other_end(p, theirs, mine)
            ):
                complaint = f"{_shown(p)} is one end of a range in the passage"
            elif q.unit != "year" and (other := _stolen(q, p, theirs)):
                complaint = f"the passage says {_shown(other)} for what the claim gives as {_shown(q)}"
            if complaint is None:
                break
        if complaint:
            return complaint
    return None


def rival(
    claim: Sequence[Quantity], passage: Sequence[Quantity], elsewhere: Sequence[Quantity] = ()
) -> tuple[Quantity, Literal["unit", "same", "count"]] | None:
    """A quantity of the passage that stands where the claim has another one of its kind: of one unit, or counting the
    same, or at least counting. None where every quantity of the claim is given here or elsewhere. Years are left aside."""
    theirs = [q for q in passage if q.unit not in _OTHER]
    for mine in claim:
        if mine.unit in _OTHER or mine.values <= {0.0, 1.0}:
            continue
        if any(_units(mine, q) and _fits(mine, q) for q in (*theirs, *elsewhere)):
            continue
        alike = [q for q in theirs if same_unit(q.unit, mine.unit)]
        if alike and mine.unit:
            return alike[0], "unit"
        same = [q for q in alike if canon(q.nouns) & canon(mine.nouns)]
        if alike:
            return (same[0], "same") if same else (alike[0], "count")
    return None


def _other_end(p: Quantity, theirs: list[Quantity], mine: list[Quantity]) -> bool:
    """Is the range's other end missing from the claim?"""
    at = theirs.index(p)
    ends = [r for r in theirs[max(0, at - 1) : at + 2] if r is not p and r.in_range]
    return not any(_equal(q, end) for end in ends for q in mine)


def _around(text: str, q: Quantity) -> str:
    before = text[: q.start].split()[-2:]
    return " ".join([*before, q.text.strip()])


_PART_OF = re.compile(r"\bof (?:the |its |all |[\w']+'s? )?(?:the )?$", re.I)
_THEN = re.compile(r"(?: [\w-]+){1,4}, (?:only )?")


def shares(text: str, given: list[Quantity]) -> list[Quantity]:
    """ "28 of 56 countries" is half of them: the shares that counts of a whole make."""
    out: list[Quantity] = []
    for first, second in itertools.pairwise(given):
        between = text[first.end : second.start]
        if _OF.fullmatch(between):
            part, whole = first, second
        elif _PART_OF.search(text[: first.start]) and _THEN.fullmatch(between):
            part, whole = second, first  # "of the 45 clusters, 30"
        else:
            continue
        if not part.unit and not whole.unit and 0 < max(part.values) <= max(whole.values):
            share = frozenset({round(100 * max(part.values) / max(whole.values), 2)})
            shown = text[first.start : second.end]
            out.append(replace(part, text=shown, values=share, unit="%", nouns=whole.nouns, end=second.end))
    return out


def _lengths(text: str, given: list[Quantity]) -> list[Quantity]:
    """ "entered in 2006 and rose in 2009": three years, where a sentence gives two years and no more."""
    out: list[Quantity] = []
    years = [q for q in given if q.unit == "year"]
    for a, b in itertools.pairwise(years):
        others = [q for q in years if q is not a and q is not b]
        if _STOPS.search(text[a.end : b.start]) or any(
            not _STOPS.search(text[min(q.end, a.end) : max(q.start, b.start)]) for q in others
        ):
            continue
        length = abs(min(b.values) - min(a.values))
        if length:
            out.append(replace(a, text=text[a.start : b.end], values=frozenset({length}), unit="time", end=b.end))
    return out


_STOPS = re.compile(r"[.;](?:\s|$)")
