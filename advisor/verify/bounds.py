"""How a number is bounded: about, more than, at least, up to (pure functions)."""

import re
from typing import Literal

Bound = Literal["", "about", "more", "less", "min", "max", "almost"]

_BOUND_BEFORE: list[tuple[Bound, str]] = [
    ("max",
        r"up to|as long as|no longer than|at most|no more than|not more than|as many as|as much as|as "
        r"high as|maximum(?: of)?|max|capped at|cap of|caps? \w+ at|ceiling of|limited to|limit of|"
        r"not exceed(?:ing)?|<=|≤|opptil|hasta|bis zu|jusqu'à|até"
     ),
    ("min",
        r"at least|no fewer than|no less than|not less than|minimum(?: of)?|min|>=|≥|as few as|as low "
        r"as|minst|al menos|mindestens|au moins|pelo menos|starting at|starting from"
     ),
    ("more",
        r"more than|(?<!took )(?<!take )(?<!takes )(?<!taken )over|above|exceed(?:ing|s|ed)?|upwards of|in excess of|greater than|older than|longer than|beyond|north "
        r"of|well over|topp(?:ed|ing)|pass(?:ed|ing)|surpass(?:ed|ing)|>|mer enn|más de|mehr als|"
        r"plus de|mais de"
     ),
    ("less", r"less than|fewer than|under|below|lower than|shorter than|younger than|<|mindre enn|menos de|weniger als|moins de"),
    ("almost", r"nearly|almost|close to|just under|not quite|nesten|casi|fast|presque|quase"),
    ("about",
        r"about|around|roughly|some|approximately|approx\.?|circa|ca\.?|an estimated|estimated|~|c\.|"
        r"in the region of|or so|near|rundt|unos|etwa|environ|cerca de"
     ),
]  # fmt: skip

_BOUND_RX: list[tuple[Bound, re.Pattern[str]]] = [
    (
        kind,
        re.compile(rf"(?:(?<=\s)|^|(?<=\())(?:{pattern})\s*(?:the |a |an |some |just |only |every |another )?$", re.I),
    )
    for kind, pattern in _BOUND_BEFORE
]

_BOUND_AFTER: list[tuple[Bound, re.Pattern[str]]] = [
    ("more", re.compile(r"^\s?\+|^\s?(?:plus\b|or so more)", re.I)),
    (
        "min",
        re.compile(
            r"^(?:\s\w+){0,2}\s(?:or more|or several|and more(?! than)|and above|or above|and up|at least|"
            r"minimum|at a minimum)\b",
            re.I,
        ),
    ),
    (
        "max",
        re.compile(
            r"^(?:\s\w+){0,2}\s(?:or less|or fewer|at most|maximum|at the most|(?:is|was|as) (?:the|a) (?:most|maximum|ceiling|limit|cap))\b",
            re.I,
        ),
    ),
]

DENIED = re.compile(
    r"\b(?:no|not|never|none|nobody|cannot|\w+n't)\b[^,;.]{0,40}\b(?:than|over|above|under|below)\s*(?:the |a )?$", re.I
)


def bound_of(before: str, after: str) -> Bound:
    before = before[-40:]
    for kind, rx in _BOUND_RX:
        if rx.search(before):
            return kind
    for kind, rx in _BOUND_AFTER:
        if rx.search(after[:40]):
            return kind
    return ""
