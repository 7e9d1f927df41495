"""Numbers that other words can carry: one ("a"), two ("both"), first, zero ("no"), and nouns that count alike."""

import re

from advisor.verify.lists import listed
from advisor.verify.quantity import Quantity
from advisor.verify.text import stem

_ALIKE = {
    stem(word): stem(group.split()[0])
    for group in (
        "firm company business enterprise corporation",
        "organisation organization",
        "employee staff worker personnel",
        "job position",
        "application applicant bid bidder proposal",
        "member participant",
        "project initiative",
        "programme program scheme",
        "country nation state",
        "place site",
        "award winner awardee grantee",
        "university institute",
    )
    for word in group.split()
}


def canon(nouns: frozenset[str]) -> set[str]:
    return {_ALIKE.get(noun, noun) for noun in nouns}


_OFTEN = {
    2.0: re.compile(r"\b(?:half-yearly|semi-?annual\w*|every (?:six months|half year))\b", re.I),
    4.0: re.compile(r"\b(?:quarterly|every (?:quarter|three months))\b", re.I),
    12.0: re.compile(r"\b(?:monthly|every month)\b", re.I),
}
_ARTICLES = {stem(word) for word in listed("example lesson reading way reason explanation scholar writer author")}


def small_word(mine: Quantity, passage: str, theirs: list[Quantity]) -> bool:
    """Numbers that other words can carry: one ("a"), two ("both"), first, zero ("no")."""
    if mine.unit == "ordinal" and mine.values == {1.0}:
        return not any(q.unit == "ordinal" for q in theirs) or bool(
            re.search(r"\b(?:first|earliest|initial\w*|1st|pioneer\w*|original\w*)\b", passage, re.I)
        )
    if mine.unit == "ordinal" and mine.values == {2.0}:
        return re.search(r"\b(?:another|again|once more)\b", passage, re.I) is not None
    if mine.unit == "times":
        return any(n in mine.values and rx.search(passage) for n, rx in _OFTEN.items())
    if mine.bound == "more" and mine.values == {1.0}:
        return re.search(r"\b(?:several|multiple|various|many)\b", passage, re.I) is not None
    if not mine.word or mine.unit not in ("", "time"):
        return False
    if mine.values == {2.0} and re.search(r"\b(?:both|pair|couple|twin|duo)\b", passage, re.I):
        return True
    if mine.values == {0.0}:
        return bool(re.search(r"\b(?:no|none|zero|nothing)\b", passage, re.I))
    if mine.values == {1.0}:
        if mine.unit == "" and (not mine.nouns or mine.nouns & _ARTICLES):
            return True  # "one lesson", "either one or several": an article
        if any(canon(q.nouns) & canon(mine.nouns) and q.unit == mine.unit for q in theirs):
            return False
        if re.search(r"\b(?:one|single|sole|only|each|every)\b", passage, re.I):
            return True
        singular = [
            noun
            for noun in mine.nouns
            if re.search(rf"\b(?:an?|the|its|another) (?:\w+ ){{0,3}}{re.escape(noun[:5])}", passage, re.I)
        ]
        return bool(singular) or (
            mine.unit == "time"
            and bool(re.search(r"\b(?:a|per|the|this|next|last) year\b|\byearly\b|\bannual", passage, re.I))
        )
    return False
