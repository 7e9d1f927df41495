"""Who did what to whom: the passage's own words, told with their parts exchanged (pure functions).

A claim that keeps the words but swaps what stands before and after the verb ("Compaq bought Digital"), a comparison
("rather than", "more than") or a pairing ("firms bring money, the state brings people") is false.
"""

import re
from itertools import combinations

from advisor.verify.dates import MONTHS
from advisor.verify.lists import listed
from advisor.verify.text import STOP, sentences, stem, words

_PAST = {
    past: stem(verb)
    for past, verb in (
        pair.split(":")
        for pair in listed(
            """
            lost:lose won:win bought:buy sold:sell gave:give given:give paid:pay ran:run led:lead made:make sent:send
            took:take taken:take built:build told:tell taught:teach lent:lend held:hold chose:choose chosen:choose
            brought:bring drew:draw fed:feed met:meet sought:seek beat:beat bore:bear wrote:write written:write
            """
        )
    )
}
_PRESENT = listed(
    """
    runs pays leads supports owns manages funds finances decides advises buys sells trains gives asks coordinates
    appoints uses provides helps leaves joins serves elects controls teaches employs follows chairs lends trusts audits
    """
)
_OBJECT = listed(
    "the a an its their his her our this that these those all every each some both no one two three four five six"
)
_BOTH_WAYS = frozenset(
    stem(word)
    for word in listed("stop start begin end open close grow change move rise increase merge continue join meet")
)
_BY_TIME = re.compile(
    rf"(?: [\w,.-]+){{0,3}}? by (?:the end of |early |late |mid-)?(?:\d|{'|'.join(m.title() for m in MONTHS if len(m) > 3)})"
)
_CUT = re.compile(r"[,;:]|\b(?:and|while|whereas|but)\b", re.I)
_MORE = re.compile(
    r"\b(?:exceeds?|exceeded|above|outnumbers?|ahead of|"
    r"(?:more|higher|larger|greater|bigger|longer|faster|better)\b.*?\bthan)\b(?! (?:[A-Z]{1,4}\$? ?)?\d)",
    re.I,
)
_LESS = re.compile(
    r"\b(?:below|behind|(?:less|lower|smaller|fewer|shorter|slower|worse)\b.*?\bthan)\b(?! (?:[A-Z]{1,4}\$? ?)?\d)",
    re.I,
)
_PIVOTS: tuple[tuple[re.Pattern[str], int, str], ...] = (
    (re.compile(r"\b(?:rather than|instead of|and not|not)\b", re.I), 1, "choice"),
    (_MORE, 1, "more"),
    (_LESS, -1, "more"),
    (re.compile(r"\binto\b", re.I), 1, "into"),
    (re.compile(r"\bbefore\b", re.I), 1, "time"),
    (re.compile(r"\bafter\b", re.I), -1, "time"),
)  # fmt: skip


def _sides(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word.lower() not in STOP and not word[0].isdigit()}


_POLES = frozenset(stem(word) for word in listed("public private large small young old local global male female"))


def _crossed(a: tuple[set[str], set[str]], b: tuple[set[str], set[str]]) -> bool:
    """Do both sides hold words that stand on the other side there, more of them than stand on the same?"""
    first, second = a[0] - a[1], a[1] - a[0]
    before, after = b[0] - b[1], b[1] - b[0]
    if not first & after or not second & before:
        return False
    if not second & after and first & after & _POLES and second & before & _POLES:
        return True  # "public spending is above private spending", told the other way round
    return len(first & after) + len(second & before) > len(first & before) + len(second & after)


def _exchanged(a: tuple[set[str], set[str]], b: tuple[set[str], set[str]], same: bool) -> bool:
    return _crossed(a, b) if same else _crossed((a[1], a[0]), b)


def _verbs(text: str) -> dict[str, tuple[str, str, bool]]:
    """The verbs of a sentence by stem: what stands before, what after, and whether it is passive."""
    out: dict[str, tuple[str, str, bool]] = {}
    found = list(re.finditer(r"[^\W\d_]+", text))
    for n, m in enumerate(found):
        word = m.group().lower()
        root = _PAST.get(word) or (stem(word) if (word.endswith("ed") and len(word) > 4) or word in _PRESENT else "")
        if not root or root in _BOTH_WAYS or m.group()[0].isupper():
            continue
        later = [found[i].group().lower() for i in range(n + 1, min(len(found), n + 4))]
        passive = not word.endswith("s") and "by" in later and not _BY_TIME.match(text, m.end())
        bare = found[n + 1].group() if n + 1 < len(found) and text[m.end() : found[n + 1].start()] == " " else ""
        acts = bare.lower() in _OBJECT or bare[:1].isupper() or text[m.end() + 1 : m.end() + 2].isdigit()
        if text[: m.start()].endswith("-") or (not passive and not acts):
            continue  # "fees paid from the start", "shared infrastructure": no telling who acts
        out[root] = (text[: m.start()], text[m.end() :], passive)
    return out


def _pairs_exchanged(claim: str, sentence: str) -> bool:
    """Two clauses of the claim that each mix words of the same two clauses of the passage."""
    mine = [_sides(part) for part in _CUT.split(claim)]
    theirs = [_sides(part) for part in _CUT.split(sentence)]
    mine, theirs = [m for m in mine if len(m) >= 2], [t for t in theirs if t]
    for a, b in combinations(mine, 2):
        for x, y in combinations(theirs, 2):
            own_x, own_y = (x - y) & (a ^ b), (y - x) & (a ^ b)
            if a & own_x and a & own_y and b & own_x and b & own_y:
                return True
    return False


_WAYS = {"from": -1, "leaving": -1, "to": 1, "into": 1, "towards": 1, "toward": 1}
_WAY = re.compile(r"\b(from|to|into|towards?|leaving)\s+(?:the |its |their )?([A-Z][\w&-]*(?:\.\w+)*)")


def _way_problem(claim: str, near: str) -> str | None:
    """From a place where the passage says to it."""
    given: dict[str, set[int]] = {}
    for m in _WAY.finditer(near):
        given.setdefault(m[2], set()).add(_WAYS[m[1]])
    for m in _WAY.finditer(claim):
        ways = given.get(m[2], set())
        if ways and _WAYS[m[1]] not in ways and len(re.findall(re.escape(m[2]), near)) == 1:
            return f'the claim says "{m.group()}", the passage goes the other way'
    return None


def _names_in(text: str) -> list[tuple[str, int, int]]:
    """Names that do not open the text: runs of capitalised words."""
    return [(m.group(), m.start(), m.end()) for m in _NAME.finditer(text) if m.group().lower() not in MONTHS]


_NAME = re.compile(r"\b[A-ZÀ-Þ][\w&.-]*(?:\s[A-ZÀ-Þ][\w&.-]*)*")
_TURNS = re.compile(r"\b(?:by|from|of|for|with|is|are|was|were)\b|'s\b", re.I)


def _names_exchanged(claim: str, sentence: str) -> str | None:
    """Two names that changed places around the same words."""
    mine = {name: (a, b) for name, a, b in _names_in(claim)}
    theirs = {name: (a, b) for name, a, b in _names_in(sentence)}
    shared = sorted(set(mine) & set(theirs), key=lambda name: mine[name])
    for first, second in combinations(shared, 2):
        if theirs[first] < theirs[second] or first[:5] == second[:5]:
            continue
        between = claim[mine[first][1] : mine[second][0]]
        there = sentence[theirs[second][1] : theirs[first][0]]
        common = _sides(between) & _sides(there)
        if not common:
            continue
        turns = sorted(m.group().lower() for m in _TURNS.finditer(between))
        if turns == sorted(m.group().lower() for m in _TURNS.finditer(there)):
            return f"the claim exchanges {first} and {second}"
    return None


def role_problem(claim: str, near: str) -> str | None:
    """The parts of a sentence exchanged."""
    if way := _way_problem(claim, near):
        return way
    for sentence in sentences(near):
        if swapped := _names_exchanged(claim, sentence):
            return swapped
        for rx, sign, kind in _PIVOTS:
            mine = rx.search(claim)
            if not mine:
                continue
            for other, turn, family in _PIVOTS:
                theirs = other.search(sentence) if family == kind else None
                if theirs is None:
                    continue
                a = _sides(claim[: mine.start()]), _sides(claim[mine.end() :])
                b = _sides(sentence[: theirs.start()]), _sides(sentence[theirs.end() :])
                if _exchanged(a, b, sign == turn):
                    return f'the claim turns round what the passage says ("{mine.group()}")'
        given = _verbs(sentence)
        for verb, (before, after, passive) in _verbs(claim).items():
            if verb in given:
                earlier, later, was_passive = given[verb]
                if _exchanged(
                    (_sides(before), _sides(after)), (_sides(earlier), _sides(later)), passive == was_passive
                ):
                    return f'the claim exchanges who and whom around "{verb}"'
        if _pairs_exchanged(claim, sentence):
            return "the claim pairs the passage's facts the other way round"
    return None
