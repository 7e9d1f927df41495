"""Names of people, places and organisations: which of a claim's names a passage does not hold (pure functions)."""

import re
import unicodedata
from functools import cache

from advisor.verify.dates import MONTHS
from advisor.verify.lists import lines, listed
from advisor.verify.text import STOP, stem

_TOKEN = re.compile(r"[^\W_]+(?:[&'.][^\W_]+)*\.?")
_SMALL = listed(
    """
    & a and d de del der des du for i in la le of og on the to und van von y
    """
)
_PLAIN_CAPITAL = listed(
    """
    act agency ai annual b2b bachelor board budget c2c center centre ceo cfo chair city cluster clusters
    council county covid covid-19 decree east eastern english excellence federal friday fridays fund gdp
    global government hr i ict initiative innovation international internet it kpi kpis law level master
    ministry monday mondays mou mous national ngo ngos non north northern parliament phase phd pr pro
    program programme programmes programs q1 q2 q3 q4 r&d region roi saturday sector sme smes south southern
    stage state sunday thursday tuesday university web wednesday west western
    """
)


_ALWAYS = {"us", "uk", "eu", "usa", "uae", "nz", "prc"}  # names only in capitals


def fold(word: str) -> str:
    """Lower case, accents off, no possessive."""
    word = word.lower().rstrip(".").removesuffix("'s").rstrip("'")
    word = word.replace("ø", "o").replace("æ", "ae").replace("ß", "ss").replace("ł", "l").replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def places(text: str) -> set[int]:
    """Rows of the table of countries and regions that a text names."""
    low = f" {' '.join(_TOKEN.findall(text)).replace('.', '.')} "
    folded = " " + " ".join(fold(w) for w in low.split()) + " "
    found: set[int] = set()
    for n, row in enumerate(_rows()):
        for name in row:
            if f" {name} " in folded:
                if name in _ALWAYS and not re.search(rf"\b{name.upper()}\b", text):
                    continue
                if name in ("polish", "turkey", "us", "island", "poles") and not re.search(
                    rf"\b{name.capitalize()}\b|\bUS\b", text
                ):
                    continue
                found.add(n)
                break
    if _index("northern ireland") in found and not re.search(r"(?<!northern )\b(?:ireland|irish)\b", text, re.I):
        found.discard(_index("ireland"))
    if _index("uk") in found and re.search(r"new england", text, re.I):
        found.discard(_index("england"))
    return found


@cache
def _rows() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(fold(word.replace("-", " ")) for word in line.split()) for line in lines("places.txt"))


@cache
def _index(name: str) -> int:
    return next(n for n, row in enumerate(_rows()) if name in row)


@cache
def common() -> frozenset[str]:
    """Everyday words, so that the first word of a sentence is not taken for a name."""
    return frozenset(lines("words.txt"))


def _ordinary(word: str) -> bool:
    low = word.lower().rstrip(".").removesuffix("'s")
    return low in STOP or low in common() or low.rstrip("s") in common() or stem(low) in _common_stems()


@cache
def _common_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in common())


def names(text: str) -> list[tuple[str, bool]]:
    """Capitalised words of a sentence: (word, opens a sentence)."""
    out: list[tuple[str, bool]] = []
    opening, previous_end = True, 0
    for m in _TOKEN.finditer(text):
        gap = text[previous_end : m.start()]
        if re.search(r"[.!?:]\s", gap) or (
            previous_end
            and text[previous_end - 1] == "."
            and re.match(r"\s[A-Z]", text[previous_end - 0 : m.start() + 1])
            and len(text[:previous_end].split()[-1]) > 4
        ):
            opening = True
        word = m.group()
        inner = any(c.isupper() for c in word[1:]) or (
            any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        )
        if (word[0].isupper() or inner) and not re.fullmatch(r"\d[\d.,]*(?:st|nd|rd|th|s|k|m|mn|bn|tn|x)?\.?", word):
            out.append((word.rstrip(".") if word.count(".") <= 1 else word, opening))
        opening, previous_end = False, m.end()
    return out


def initials(text: str) -> set[str]:
    """Acronyms that runs of words of a text could have."""
    tokens = list(_TOKEN.findall(text.replace("-", " ")))
    out: set[str] = set()
    for start in range(len(tokens)):
        if not tokens[start][0].isupper():
            continue
        letters, every = "", ""
        for word in tokens[start : start + 9]:
            if word.lower() in _SMALL and word[0].islower():
                every += word[0]
                continue
            if not word[0].isupper() and not word[0].islower():
                break
            letters, every = letters + word[0], every + word[0]
            if len(letters) >= 2:
                out |= {letters.lower(), every.lower()}
    return out


def _expands(text: str, word: str, acronyms: set[str]) -> bool:
    """Is the word part of an expansion, in the claim, of an acronym that the passage has?"""
    tokens = list(_TOKEN.findall(text.replace("-", " ")))
    for start in range(len(tokens)):
        letters = every = ""
        inside = False
        for token in tokens[start : start + 9]:
            inside = inside or token.rstrip(".") == word
            if token.lower() in _SMALL and token[0].islower():
                every += token[0]
                continue
            letters, every = letters + token[0].lower(), every + token[0].lower()
            if (
                inside
                and len(letters) >= 2
                and tokens[start][0].isupper()
                and (letters in acronyms or every in acronyms)
            ):
                return True
    return False


def name_problem(claim: str, passage: str, money: frozenset[str] = frozenset()) -> str | None:
    """The first name or place of the claim that the passage does not hold, as a reason; currency codes are skipped."""
    inside = {fold(w) for w in _TOKEN.findall(passage.replace("-", " "))} | {fold(w) for w in passage.split()}
    inside |= {fold(part) for w in inside for part in re.split(r"[&.'/]", w)}
    inside_stems = {stem(w) for w in inside}
    acronyms = {
        fold(w) for w in _TOKEN.findall(passage.replace("-", " ")) if len(w) > 1 and sum(c.isupper() for c in w) >= 2
    }
    spelled: set[str] | None = None
    here, there = places(passage), places(claim)
    europe, union = _index("europe"), _index("eu")
    missing = there - here
    if union in here:
        missing.discard(europe)
    if _index("uk") in here and re.search(r"northern irish|northern ireland", claim + passage, re.I):
        missing -= {_index("uk")}
    for n in sorted(missing):
        shown = (
            next((w for w in _TOKEN.findall(claim) if fold(w) in _rows()[n]), None)
            or next(iter(sorted(_rows()[n], key=len, reverse=True))).title()
        )
        if fold(shown) in money:
            continue
        return f"no passage names {shown}"
    for word, opening in names(claim.replace("-", " ")):
        low = fold(word)
        if low in inside or low in _PLAIN_CAPITAL or low.rstrip("s") in inside or low in money or len(low) == 1:
            continue
        if any(low in row or any(low in name.split() for name in row) for row in _rows()):
            continue  # a place, seen to above
        if word.lower() in MONTHS:
            continue
        capitals = sum(c.isupper() for c in word)
        if opening and capitals == 1 and _ordinary(word):
            continue
        if stem(low) in inside_stems and capitals == 1:
            continue
        if capitals >= 2 and word[:-1].isupper() | word.isupper():
            spelled = initials(passage) if spelled is None else spelled
            if low.rstrip("s") in spelled or low in spelled:
                continue
        if _expands(claim, word, acronyms):
            continue
        return f"no passage names {word}"
    return None
