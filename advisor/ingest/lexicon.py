"""The hand-written word lists of the spam filter, read once. Pure."""

import functools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any


@functools.cache
def _lexicon() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("spam_lexicon.json").read_text(encoding="utf-8"))
    return found


@functools.cache
def lexicon_pattern() -> re.Pattern[str]:
    """One named group a theme."""
    groups = []
    for name, words in sorted(_lexicon()["themes"].items()):
        parts = sorted(
            (re.escape(word).replace(r"\*", r"\w*").replace(r"\-", r"[\s-]+") for word in words),
            key=lambda part: (-len(part), part),
        )
        groups.append(f"(?P<{name}>{'|'.join(parts)})")
    return re.compile(r"(?<!\w)(?:" + "|".join(groups) + r")(?!\w)")


def themes(text: str) -> Counter[str]:
    """How many different words of each spam theme a text has."""
    found = {(match.lastgroup or "", match.group(0)) for match in lexicon_pattern().finditer(text.lower())}
    return Counter(name for name, _ in found)


@functools.cache
def pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_lexicon()[name]})(?!\w)", re.I)
