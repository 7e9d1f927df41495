"""Two figures exchanged: each is told with the words that stand by the other (pure functions)."""

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from advisor.verify.binding import CANON
from advisor.verify.numbers import quantities
from advisor.verify.quantity import Quantity, same_unit
from advisor.verify.text import STOP, WORD, sentences, stem

Span = tuple[int, int]
_CUT = re.compile(r"[,;:(]|\b(?:and|while|whereas|but|with|then|or)\b", re.I)
_APART = 40  # characters that a cut between a word and a figure counts for
_LIST = re.compile(r"\W*(?:to|and|or)?\W*", re.I)
_OF = re.compile(r"\s(?:out )?of (?:the |its |their |all )?")


def _beside(text: str, found: Sequence[Span]) -> list[set[str]]:
    """For each figure the words that stand nearer to it than to another."""
    out: list[set[str]] = [set() for _ in found]
    cuts = [m.start() for m in _CUT.finditer(text)]
    for m in WORD.finditer(text):
        low = m.group().lower()
        if low in STOP or low[0].isdigit() or any(start <= m.start() < end for start, end in found):
            continue
        ways = []
        for start, end in found:
            a, b = (m.end(), start) if m.end() <= start else (end, m.start())
            ways.append(b - a + _APART * sum(a <= cut < b for cut in cuts))
        best = min(ways)
        key = CANON.get(stem(low), stem(low))
        for n, way in enumerate(ways):
            if way <= best + 2:
                out[n].add(key)
    return out


def _crossed(mine: tuple[set[str], set[str]], theirs: tuple[set[str], set[str]]) -> bool:
    """Does each side of the claim hold words of the other side of the passage, and fewer of its own?"""
    a, b = theirs[0] - theirs[1], theirs[1] - theirs[0]
    straight = len(mine[0] & a) + len(mine[1] & b)
    crossed = len(mine[0] & b), len(mine[1] & a)
    return all(crossed) and sum(crossed) > straight


def _equal(a: Quantity, b: Quantity) -> bool:
    return same_unit(a.unit, b.unit) and any(abs(x - y) <= 1e-6 * max(abs(x), 1.0) for x in a.values for y in b.values)


def pairing_problem(claim: str, near: str) -> str | None:
    """Does the claim give one figure to the words of another, and the other way round?"""
    mine = [q for q in quantities(claim) if q.unit != "ordinal"]
    parts = {n for n, (a, b) in enumerate(pairwise(mine)) if a.unit == b.unit and _OF.fullmatch(claim[a.end : b.start])}
    for n in parts:
        if min(mine[n].values) > max(mine[n + 1].values):
            return f"the claim takes {mine[n].text} of {mine[n + 1].text}"
    if len(mine) < 2:
        return None
    beside = _beside(claim, [(q.start, q.end) for q in mine])
    for sentence in sentences(near):
        theirs = [q for q in quantities(sentence) if q.unit != "ordinal"]
        if len(theirs) < 2:
            continue
        words = _beside(sentence, [(q.start, q.end) for q in theirs])
        places = [[n for n, p in enumerate(theirs) if _equal(q, p)] for q in mine]
        for i, j in combinations(range(len(mine)), 2):
            if j == i + 1 and (i in parts or _LIST.fullmatch(claim[mine[i].end : mine[j].start])):
                continue  # "600 of the 851 members", "from 2009 to 2011"
            if len(places[i]) != 1 or len(places[j]) != 1 or places[i] == places[j] or mine[i].unit != mine[j].unit:
                continue
            if _crossed((beside[i], beside[j]), (words[places[i][0]], words[places[j][0]])):
                return f"the claim exchanges {mine[i].text} and {mine[j].text}"
    return None
