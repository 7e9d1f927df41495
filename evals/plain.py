"""Texts compared as people read them: case, spaces, quotes and thousands separators do not decide."""

import re

_SPACE = re.compile(r"[\s\u00a0\u202f]+")


def contains(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in the text, at the start of a word and not cut out of a number."""
    return re.search(rf"(?<![\w.,]){re.escape(wanted)}(?!\d)", text) is not None


def says(text: str, alternative: str) -> bool:
    """`contains` with thousands either way: 85 stands in 85,000."""
    wanted = plain(alternative)
    return contains(text, wanted) or contains(re.sub(r"(?<=\d)000\b", ",000", text), wanted)


def plain(text: str) -> str:
    """Lower case, one space, straight quotes, no thousands separators, so that spelling does not decide."""
    text = _SPACE.sub(" ", text).lower().replace("’", "'").replace("–", "-").replace("‑", "-")
    return re.sub(r"(?<=\d)[,.](?=\d{3}\b)", "", text)
