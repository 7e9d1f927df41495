"""Is a number said of the thing that the passage says it of? A year of one sentence told of another is false."""

import itertools
import re

from advisor.verify.numbers import quantities
from advisor.verify.quantity import Quantity, same_unit
from advisor.verify.text import sentences, stem, stems, words

_CLAUSE = re.compile(r"(?:[,;:]|\b(?:and|while|whereas|but|although|though|because|which|who|when)\b)\s*", re.I)
_ALIKE = """
found founded set start started begin began begun launch launched establish established create created open
end ended finish finished close closed stop stopped
get got receive received obtain obtained
give gave pay paid put spend spent provide provided
firm firms company companies business businesses enterprise enterprises
job jobs employee employees staff worker workers people
member members partner partners membership
rise rose grow grew increase increased
fall fell shrink shrank decrease decreased drop dropped
choose chose chosen select selected pick picked win won winner award awarded
need needs require required must
programme scheme initiative policy
widen widened broaden broadened extend extended expand
merge merged join joined
year years annual annually yearly
project projects
town city cities towns municipality
research r&d
money fund funds funding grant grants
"""
CANON = {stem(word): stem(group.split()[0]) for group in _ALIKE.strip().splitlines() for word in group.split()}


def _meaning(text: str) -> set[str]:
    numbers = {word for q in quantities(text) for word in words(q.text.lower())}
    return {CANON.get(s, s) for s in stems(text) if s not in numbers and not s[0].isdigit()}


def _segment(text: str, q: Quantity) -> str:
    """The clause of a claim around a number; the whole claim if the clause says little."""
    cuts = [0, *[m.end() for m in _CLAUSE.finditer(text) if m.end() <= q.start or m.start() >= q.end], len(text)]
    for a, b in itertools.pairwise(cuts):
        if a <= q.start < b:
            clause = text[a:b]
            return clause if len(_meaning(clause)) >= 3 else text
    return text


def _equal(a: Quantity, b: Quantity) -> bool:
    return any(abs(x - y) <= 1e-6 * max(abs(x), 1.0) for x in a.values for y in b.values)


def _class(q: Quantity) -> str:
    return q.unit if q.unit in ("", "%", "year", "time", "points", "times", "decade", "ordinal") else "money"


def _judge(
    said: set[str], q: Quantity, inside: list[tuple[list[Quantity], set[str]]], told: list[Quantity], margin: int
) -> str | None:
    """The rival number whose surroundings fit what is said clearly better than those of the claim's number."""
    own = [
        len(said & near)
        for numbers, near in inside
        if any(_equal(q, p) and (same_unit(p.unit, q.unit) or not q.unit) for p in numbers)
    ]
    if not own:
        return None
    for numbers, near in inside:
        rivals = [
            p for p in numbers if _class(p) == _class(q) and not any(_equal(p, t) for t in told) and p.values != {1.0}
        ]
        if rivals and not any(_equal(q, p) for p in numbers):
            best = len(said & near)
            if best >= max(own) + 2 or (max(own) == 0 and best >= margin):
                return f"the passage says {rivals[0].text} of this, the claim says {q.text}"
    return None


def binding_problem(claim: str, passage: str) -> str | None:
    """A number of the claim that stands in another sentence or clause of the passage than what is said of it."""
    parts = sentences(passage)
    told = quantities(claim)
    if not told:
        return None
    inside = [(quantities(part), _meaning(part)) for part in parts]
    everywhere = {
        s for _, meaning in inside for s in meaning if sum(s in other for _, other in inside) > 0.6 * len(inside)
    }
    everywhere = everywhere if len(parts) > 1 else set()
    for q in told:
        if q.unit in ("ordinal", "decade"):
            continue
        said = _meaning(_segment(claim, q)) - everywhere
        if len(parts) > 1 and (problem := _judge(said, q, inside, told, 1)):
            return problem
        for part in parts:
            clauses = [(quantities(piece), _meaning(piece)) for piece in _CLAUSE.split(part) if piece]
            if len(clauses) > 1 and (problem := _judge(said, q, clauses, told, 2)):
                return problem
    return None
