"""Text as the checks see it: cleaned, cut into sentences, words and stems."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped,unused-ignore]

_MARKS = re.compile(r"\[\^?s?\d+\]|(?<!\w)[*_`]{1,3}(?=\w)|(?<=[\w.,;:!?])[*_`]{1,3}(?!\w)")
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\([^)\s]{1,300}\)")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-", "‑": "-", "\u202f": " "})
_BREAK = re.compile(r"(?<=[.!?])[\"')]?\s+(?=[\"'(]?[^\W\d_a-zà-þ]|[\"'(]?\d)")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|etc|approx|mill|mrd|mio|no|nr|st|dr|mr|mrs|ms|prof|inc|ltd|co|corp|vs|ca|art|u\.s|u\.k)|\b[A-Z])\.$", re.I)
WORD = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*")

STOP = frozenset(
    """a an the this that these those it its it's they them their he she his her him we our us you your i my me and or but nor
    so yet if then than as of in on at to for from by with into onto over under about around between among across through
    during within is are was were be been being am do does did done have has had having will would shall can could may
    might should must not no there here which who whom whose what when where why how while also too very just such own
    same other another each both either neither some any all more most less least few many much up down out off again
    further once only s t d ll re ve m per via upon against toward towards because since until although though whereas
    however therefore thus hence one ones get gets got make makes made take takes took""".split()
)


def clean(text: str) -> str:
    """NFKC, plain quotes and dashes, no source marks, links or emphasis, single spaces."""
    text = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).replace(" .", ".").replace(" ,", ",").split())


def sentences(text: str) -> list[str]:
    """Sentences of a cleaned text."""
    out: list[str] = []
    start = 0
    for found in _BREAK.finditer(text):
        piece = text[start : found.start()].strip()
        if not _SHORT.search(piece):
            out.append(text[start : found.end()].strip())
            start = found.end()
    out.append(text[start:].strip())
    return [piece for piece in out if piece]


_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """English stem of one word, lower case, without a possessive."""
    word = word.lower().removesuffix("'s").rstrip("'")
    return str(_stemmer.stemWord(word))


def words(text: str) -> list[str]:
    """Words in their own case; hyphenated words come apart."""
    return WORD.findall(text)


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    return [stem(word) for word in words(text) if word.lower() not in STOP]


def plain(text: str) -> str:
    """Lower case words only, for comparing wordings."""
    return " ".join(word.lower() for word in words(text))
