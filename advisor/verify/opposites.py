"""Words that exclude each other: where the passage has one side and the claim another, the claim is false."""

import re
from functools import cache

from advisor.verify.lists import lines, listed
from advisor.verify.text import stem, words

# Each line: groups that exclude each other, split by "|". A claim word of one group needs a passage word of the same
# group, if the passage has a word of a rival group.


@cache
def _groups() -> tuple[tuple[frozenset[str], ...], ...]:
    """The table, each side with the stems of its longer words."""
    sides = [[listed(side) for side in line.split("|")] for line in lines("opposites.txt")]
    return tuple(tuple(side | {stem(word) for word in side if len(word) > 4} for side in line) for line in sides)


_COLLIDE = {"last", "cost", "even", "hard", "rare", "near", "short"}
_HALF = re.compile(r"\b(half|full|part) time\b", re.I)
_WENT = [
    (re.compile(rf"\b(?:go|goes|going|went|gone|moved?) {way}\b", re.I), told)
    for way, told in (("up", "increased"), ("down", "decreased"))
]


def _forms(text: str) -> dict[str, str]:
    out: dict[str, str] = {}
    text = _HALF.sub(r"\1-time", text)
    for rx, told in _WENT:
        text = rx.sub(told, text)
    for word in text.split():
        low = word.strip(".,;:!?()\"'").lower()
        if "-" in low:
            out.setdefault(low, low)
    for word in words(text.replace("-", " ")):
        low = word.lower().removesuffix("'s")
        out.setdefault(low, low)
        if len(low) > 4 and stem(low) not in _COLLIDE:
            out.setdefault(stem(low), low)
    return out


_BOUNDS = re.compile(
    r"\b(?:at (?:least|most)|no (?:more|less|fewer) than|one or (?:more|several)|more than|less than|fewer than|up to|over (?=\d)|not only)\b",
    re.I,
)
_DENIAL = re.compile(r"\b(?:not|no|never|none|nobody|without|neither|nor|cannot|\w+n't)\b", re.I)
_RATES = {
    "year": r"(?<!times )(?<!twice )(?:a|per|each|every) year|yearly|annual(?:ly)?|per annum",
    "month": r"(?:a|per|each|every) month|monthly",
    "week": r"(?:a|per|each|every) week|weekly",
    "day": r"(?:a|per|each|every) day|daily",
    "quarter": r"four times (?:a|per) year|(?:per|each|every) quarter|quarterly",
}
_RATE_RX = {
    name: re.compile(rf"\b(?:{pattern})\b(?! and a half| later| after| before| ago| earlier)", re.I)
    for name, pattern in _RATES.items()
}


def _rate_problem(claim: str, passage: str) -> str | None:
    """A yearly sum told as a monthly one."""
    said, given = (
        {name: m.group() for name, rx in _RATE_RX.items() if (m := rx.search(text))} for text in (claim, passage)
    )
    for name, words_ in said.items():
        if name not in given and given:
            return f'the passage says "{next(iter(given.values()))}", the claim says "{words_}"'
    return None


def _denied(word: str, text: str) -> bool:
    """Does a "not" stand close before the word, or "no longer" close after it?"""
    word = re.escape(word)
    return bool(
        re.search(
            rf"\b(?:not|never|no|without|hardly|n't)\b(?: \w+){{0,2}} {word}\b|\b{word} (?:not|no longer|never)\b",
            text,
            re.I,
        )
    )


def opposite_problem(claim: str, near: str, around: str, passage: str) -> str | None:
    """The claim says "rose" where the passage only says "fell". `near`: the sentences that the claim speaks of;
    `around`: those that come close."""
    if rate := _rate_problem(claim, passage):
        return rate
    if bool(_DENIAL.search(claim)) != bool(_DENIAL.search(near)):
        return None  # a denied opposite can be the same thing: left to the model
    claim, near, passage = (_BOUNDS.sub(" ", text) for text in (claim, f"{near} {around}", passage))
    said, given, close = _forms(claim), _forms(passage), _forms(near)
    for line in _groups():
        for n, side in enumerate(line):
            mine = side & said.keys()
            if not mine or side & given.keys():
                continue
            rivals = [
                word for m, other in enumerate(line) if m != n for word in other & close.keys() if word not in said
            ]
            rivals = [r for r in rivals if _denied(close[r], near) == any(_denied(said[m], claim) for m in mine)]
            if rivals:
                return f'the passage says "{close[min(rivals)]}", the claim says "{said[min(mine)]}"'
    return None
