"""Links and addresses of an entry, and whether they belong to the page. Pure."""

import functools
import re
import unicodedata
from collections.abc import Collection, Mapping

URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|ru|net|org|info|biz|xyz|top|club|online|site|shop|io|me|co|cc|vip|bet|win|store|pro|su|de|es|fr|it|no|br)\b(?:/\S*)?",
    re.I,
)
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.\w{2,})", re.I)
MAIL = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)")
_LATIN = dict(
    zip(
        "абвгдежзиклмнопрстуфхцчшщъыьэюяæøß",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "ch",
            "sh",
            "sch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
            "ae",
            "o",
            "ss",
        ],
        strict=True,
    )
)


def domains_in(text: str) -> list[str]:
    """Domains of the links in a text, without www, in order."""
    return [match.group(1).lower() for url in URL.findall(text) if (match := _DOMAIN.match(url)) is not None]


def unknown(domains: Collection[str], known: Collection[str]) -> list[str]:
    """Those that are neither known nor below a known one, each once."""
    return [
        domain
        for domain in dict.fromkeys(domains)
        if not any(domain == one or domain.endswith("." + one) for one in known)
    ]


def related(domain: str, stems: Mapping[str, int]) -> bool:
    """Whether a domain's name holds a word that the article uses again and again, in plain Latin letters."""
    return any(len(stem) >= 5 and many >= 2 and plain_letters(stem) in domain for stem, many in stems.items())


@functools.lru_cache(4096)
def plain_letters(word: str) -> str:
    """A word as a domain name has it: Cyrillic spelt in Latin letters, accents gone."""
    bare = (letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    return "".join(_LATIN.get(letter, letter) for letter in bare)
