"""The page's words in six languages: prompts/page/*.toml beside the widget's strings."""

import functools
import re
import tomllib
from collections.abc import Mapping

from babel import Locale

from advisor.resources import resource
from advisor.texts import LANGUAGES
from advisor.web.widget_files import strings

Words = Mapping[str, str]
NAMES = {"en": "English", "nb": "Norsk", "es": "Español", "de": "Deutsch", "fr": "Français", "pt": "Português"}


@functools.cache
def words(language: str) -> Words:
    """All labels of a language; what it lacks is English."""
    own = {name: tomllib.loads(_path(name).read_text(encoding="utf-8")) for name in {"en", language}}
    return {**strings()["en"], **own["en"], **strings().get(language, {}), **own[language]}


def _path(language: str):  # type: ignore[no-untyped-def]
    return resource("prompts") / "page" / f"{language}.toml"


def chosen(asked: str, accepted: str = "") -> str:
    """The language that a visitor asked for, else the first of Accept-Language that we speak."""
    for name in (asked, *re.split(r"[,;]", accepted)):
        short = name.strip().lower().split("-")[0]
        short = "nb" if short in ("no", "nn") else short
        if short in LANGUAGES:
            return short
    return "en"


@functools.cache
def country(code: str, language: str) -> str:
    """A country's name; another text than an ISO code as it is."""
    return str(Locale.parse(language).territories.get(code, code))
