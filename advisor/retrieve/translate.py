"""A question of another language, word by word in English, so that an English corpus can be searched with it.

The lexicon is data (`corpus/lexicon.tsv`, one concept a row); words that it does not have stay: names, figures.
"""

import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import snowballstemmer

from advisor.ingest.language import detect
from advisor.resources import resource

ENGLISH = ("en", "und")  # passages that are asked in English
_STEMMERS = {"nb": "norwegian", "es": "spanish", "de": "german", "fr": "french", "pt": "portuguese"}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d[\d.,]*|[^\w\s¿¡]")
_LONGEST = 5  # words of a phrase
_SHORTEST_PART = 4  # letters of a part of a compound
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)'", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was asked, its language, and the same in English."""

    text: str
    language: str
    english: str

    def to(self, language: str) -> str:
        """How to ask a passage of that language."""
        return self.english if language in ENGLISH else self.text


def query(text: str) -> Query:
    language = detect(text)
    return Query(text, language, to_english(text, language))


def to_english(text: str, language: str = "") -> str:
    """The text where it is English or of a language without lexicon; else its words in English."""
    language = language or detect(text)
    if language not in _STEMMERS:
        return text
    words = [_ELIDED.sub("", word) if language == "fr" else word for word in _words(text)]
    return " ".join(_said(words, language))


def _said(words: list[str], language: str) -> Iterator[str]:
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            found = _lookup(words[at : at + length], language)
            if found is not None:
                yield found
                at += length
                break
        else:
            yield _compound(words[at], language) or words[at]
            at += 1


def _compound(word: str, language: str) -> str | None:
    """German and Norwegian compounds: the longest known beginning and a known rest."""
    if language not in ("de", "nb"):
        return None
    low = word.lower()
    for cut in range(len(low) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        head = _lookup([low[:cut]], language) or _lookup([low[:cut].removesuffix("s")], language)
        tail = _lookup([low[cut:]], language)
        if head and tail:
            return f"{head} {tail}"
    return None


def _lookup(words: list[str], language: str) -> str | None:
    """The form as it is written comes before its stem, which it may share with another word (Grund, gründen)."""
    exact, stemmed = _lexicon(language)
    return exact.get(" ".join(words).lower()) or stemmed.get(_stem(words, language))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("’", "'"))


def _stem(words: list[str], language: str) -> str:
    stemmer = _stemmer(language)
    return " ".join(str(stemmer.stemWord(word.lower())) for word in words)


@functools.cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_STEMMERS[language])


@functools.cache
def _lexicon(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """English by written form and by stem."""
    exact: dict[str, str] = {}
    stemmed: dict[str, str] = {}
    with (resource("corpus") / "lexicon.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for form in (row[language] or "").split("|"):
                words = _words(form)
                if words and words != ["-"]:
                    exact.setdefault(" ".join(words).lower(), row["en"].replace("|", " "))
                    stemmed.setdefault(_stem(words, language), row["en"].replace("|", " "))
    return exact, stemmed
