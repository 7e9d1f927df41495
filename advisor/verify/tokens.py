"""Tokens of a text as the reader of numbers sees them, and the nouns that a number counts (pure functions)."""

import re

from advisor.verify.tables import MONEY_BEFORE, SCALES, WHOSE, WORDS
from advisor.verify.text import STOP, stem

WHOSE_RX = "|".join(WHOSE)
_CODES = "|".join(c for c in MONEY_BEFORE if c.isalpha() and len(c) > 2 and c not in ("try", "mad", "pen", "cop"))
_NUMBER = r"\d{1,3}(?:[,.]\d{3})+(?:[.,]\d{1,2})?(?![\d])|\d{1,3}(?: \d{3})+(?![\d])|\d+(?:[.,]\d+)?"
TOKEN = re.compile(
    rf"""(?P<money>(?:US|NZ|HK|[CASR])?\$|[€£¥₩₹]|\b(?:{_CODES}|TRY|MAD|PEN|COP|kr|Rs)\b\.?(?=\s?[\d])|\b(?:RM|R)(?=\d))
    |(?P<name>\b(?:[^\W\d_]+\d+\w*|\d+(?!(?:k|m|mn|bn|tn|trn|x|st|nd|rd|th|s|G?W?h|km|kg|ha)\b)[^\W\d_]+\w*)\b)
    |(?P<num>(?:(?<!\w)|(?<=[RMr]))(?:{_NUMBER}))(?P<suffix>(?:k|m|mn|bn|tn|trn|x|st|nd|rd|th|s)\b)?
    |(?P<percent>%|\bper\s?cent\b|\bpercent\b|\bprosent\b|\bprozent\b|\bpor\sciento\b|\bpour\scent\b|\bpor\scento\b|\bpct\b)
    |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    |(?P<other>\S)""",
    re.X | re.I,
)  # fmt: skip
_NOT_NOUN = STOP | {
    "year",
    "years",
    "new",
    "first",
    "total",
    "percent",
    "cent",
    "a",
    "euro",
    "euros",
    "dollar",
    "dollars",
}


def nouns(tokens: list[re.Match[str]], at: int) -> frozenset[str]:
    """Stems of up to three meaning words after a number, up to the next break."""
    out: list[str] = []
    for token in tokens[at : at + 6]:
        word = token["word"]
        if word is None:
            if token["other"] in ("-", "/"):
                continue
            break
        low = word.lower()
        if (
            low in ("of", "the", "these", "its", "such", "all", "new", "other", "more", "additional", "or", "different")
            and len(out) == 0
        ):
            continue
        if low in STOP or low in WORDS or (low in SCALES):
            break
        if low.endswith("ed") and not out and len(low) > 4:
            break
        if low not in _NOT_NOUN:
            out.append(stem(low))
        if len(out) == 3:
            break
    return frozenset(out)
