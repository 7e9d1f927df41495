"""Text that reads otherwise than it is written: hidden characters, tags, look-alike letters and digits."""

import html
import re
import unicodedata

_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z][^<>]{0,200}>", re.S)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(r"(?<=\w)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FRACTIONS = {"½": "half", "⅓": "one third", "⅔": "two thirds", "¼": "a quarter", "¾": "three quarters"}
_FRACTION = re.compile(f"(?<!\\d)[{''.join(_FRACTIONS)}]")
_TWINS = str.maketrans(
    "АВЕКМНОРСТУХІЈЅавекморстухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοριυνⅠⅤⅩⅼ",
    "ABEKMHOPCTYXIJSabekmopctyxijsdqwhABEZHIKMNOPTYXaopiuvIVXl",
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_WORD = re.compile(r"[^\W\d_]+")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")


def unmask(text: str) -> str:
    """The text as a reader sees it, in plain characters."""
    text = _TAG.sub("", html.unescape(text))
    text = _FRACTION.sub(lambda m: f" {_FRACTIONS[m.group()]} ", text)
    text = _POWER.sub(lambda m: "^" + m.group().translate(_RAISED), text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(_plain(c) for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Co", "Cn") or c in "\t\n\r")
    return _WORD.sub(lambda m: _untwin(m.group()), text)


def _plain(char: str) -> str:
    """Any alphabet's digit as 0 to 9."""
    return str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char


def _untwin(word: str) -> str:
    """Look-alikes of other alphabets as Latin letters, where the word would then be Latin throughout."""
    if word.isascii():
        return word
    plain = word.translate(_TWINS)
    return plain if all(_LATIN.match(c) for c in plain) else word


def disguised(text: str) -> str | None:
    """Why a text cannot be checked as it reads: it turns its letters round or mixes alphabets within a word."""
    if _TURNED.search(text):
        return "the claim holds characters that turn round how it reads"
    for word in _WORD.findall(unmask(text)):
        kinds = {unicodedata.name(c, "").split()[0] for c in word} & {
            "LATIN",
            "CYRILLIC",
            "GREEK",
            "ARMENIAN",
            "CHEROKEE",
        }
        if len(kinds) > 1:
            return f"{word} mixes alphabets"
    return None
