"""A quantity of a text: what its digits may mean, its unit, what it counts and how it is bounded."""

import re
from dataclasses import dataclass

from advisor.verify.bounds import Bound
from advisor.verify.tables import FAMILY


@dataclass(frozen=True, slots=True)
class Quantity:
    """`values`: what the digits may mean ("36.000" is 36 or 36,000). `unit`: currency code, "%", "points" (of per
    cent), "year" (a calendar year), "decade", "ordinal", "time" (in years), "times", or "" for a count; `nouns`: stems
    of what is counted."""

    text: str
    values: frozenset[float]
    unit: str = ""
    nouns: frozenset[str] = frozenset()
    bound: Bound = ""
    in_range: bool = False
    start: int = 0
    end: int = 0
    word: bool = False  # written in letters


def digits(text: str) -> frozenset[float]:
    """What a written number can mean, English or continental."""
    text = text.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*", text):
        out = {float(re.sub("[,.]", "", text))}
        if text.count(".") == 1 and "," not in text:
            out.add(float(text))
        return frozenset(out)
    if re.fullmatch(r"\d{1,3}(?:[,.]\d{3})+[.,]\d{1,2}", text):
        head, tail = text[: max(text.rfind("."), text.rfind(","))], re.split("[.,]", text)[-1]
        return frozenset({float(re.sub("[,.]", "", head) + "." + tail)})
    return frozenset({float(text.replace(",", "."))})


def same_unit(a: str, b: str) -> bool:
    """May the two units mean the same? "dollars" may be any dollar."""
    return a == b or b in FAMILY.get(a, ()) or a in FAMILY.get(b, ())
