"""How hard a text is to read."""

import re

_WORD = re.compile(r"[a-z']+")
_END = re.compile(r"[.!?](?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_NAME = re.compile(r"(?<!^)\b[A-ZÀ-Þ][\w'’&-]*|^\S*[A-Z]{2}\S*")


def reading_ease(text: str) -> float:
    """Flesch (1948): 60 is plain English, 30 is hard. Syllables are counted by their vowels."""
    words = _WORD.findall(text.lower())
    if not words:
        return 0.0
    sentences = max(1, len(_END.findall(text)))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * sum(map(_syllables, words)) / len(words)


def sentence_ease(sentence: str) -> float:
    """The ease of one sentence. A name counts as an easy word: nobody can choose a shorter one."""
    return reading_ease(_NAME.sub("name", sentence))


def _syllables(word: str) -> int:
    spoken = word[:-1] if word.endswith("e") and not word.endswith("le") else word
    return max(1, len(_VOWELS.findall(spoken)))
