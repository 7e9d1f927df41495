"""Text as the checks see it: cleaned, cut into sentences, words and stems."""

import re
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped,unused-ignore]

from advisor.verify.disguise import unmask
from advisor.verify.lists import listed

_MARKS = re.compile(r"\[\^?s?\d+\]|(?<!\w)[*_`]{1,3}(?=\w)|(?<=[\w.,;:!?])[*_`]{1,3}(?!\w)")
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\([^)\s]{1,300}\)")
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-", "‑": "-", "\u202f": " "}
)
_BREAK = re.compile(r"(?<=[.!?])[\"')]?\s+(?=[\"'(]?[^\W\d_a-zà-þ]|[\"'(]?\d|[a-z]{1,4}-?[A-Z])")
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|mill|mrd|mio|no|nr|st|dr|mr|mrs|ms|prof|inc|ltd|co|corp|vs|ca|art|u\.s|u\.k)|\b[A-Z])\.$",
    re.I,
)
WORD = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*")

STOP = listed(
    """
    a about across again against all also although am among an and another any are around as at be because
    been being between both but by can could d did do does done down during each either few for from further
    get gets got had has have having he hence her here him his how however i if in into is it it's its just
    least less ll m made make makes many may me might more most much must my neither no nor not of off on
    once one ones only onto or other our out over own per re s same shall she should since so some such t
    take takes than that the their them then there therefore these they this those though through thus to
    too took toward towards under until up upon us ve very via was we were what when where whereas which
    while who whom whose why will with within would yet you your
    """
)


def clean(text: str) -> str:
    """What a reader sees: NFKC, plain quotes and dashes, no source marks, links, tags or emphasis, single spaces."""
    text = unmask(text).translate(_ALIKE)
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
