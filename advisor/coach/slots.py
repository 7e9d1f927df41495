"""What the interview may ask and how people put things: corpus/interview/*.yaml, read once. Knowledge is data."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from advisor.errors import SetupError
from advisor.resources import resource

PROFILES = (
    "market_builder",
    "problem_solver",
    "visionary",
    "government_lead",
    "industry_network",
    "executive_network",
    "economic_development_team",
    "national_government_team",
)
LANGUAGES_ASKED = ("en", "nb", "es", "de", "fr", "pt")
STAGES = ("idea", "forming", "launched", "growing", "mature", "renewing")
UNKNOWN = "unknown"

Kind = Literal["text", "choice", "country", "number", "years", "amount", "year"]


@dataclass(frozen=True, slots=True)
class Option:
    """A button: how much more often a profile or stage gives this answer, and how it sounds in free text."""

    value: str
    label: Mapping[str, str]
    profiles: Mapping[str, float]
    stages: Mapping[str, float]
    says: tuple[re.Pattern[str], ...] = ()
    hints: tuple[re.Pattern[str], ...] = ()  # stricter than `says`: heard in any message
    upto: float | None = None  # of a range of numbers


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to know. `need`: how much the plan rests on it, 0 to 1."""

    name: str
    kind: Kind
    ask: bool
    need: float
    question: Mapping[str, str]
    why: Mapping[str, str]
    options: tuple[Option, ...] = ()
    ranges: tuple[Option, ...] = ()
    runway: bool = False


@functools.cache
def slots() -> Mapping[str, Slot]:
    """All slots in the order of the file."""
    return {name: _slot(name, row) for name, row in _read("slots").items()}


@functools.cache
def phrases(name: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of one section of phrases.yaml."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _read("phrases")[name])


@functools.cache
def phrase_list(name: str) -> tuple[str, ...]:
    """The plain words of one section of phrases.yaml."""
    return tuple(str(word) for word in _read("phrases")[name])


def says(name: str, text: str) -> bool:
    """Whether a text says what a section of phrases.yaml stands for."""
    return any(pattern.search(text) for pattern in phrases(name))


@functools.cache
def places() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """(pattern, country, name) of towns and regions, longest name first."""
    rows = [(str(name), code) for code, names in _read("phrases")["places"].items() for name in names]
    rows.sort(key=lambda row: -len(row[0]))
    return tuple((re.compile(rf"\b{re.escape(plain(name))}\b"), code, name) for name, code in rows)


@functools.cache
def countries() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, ISO code) of country names and adjectives."""
    return tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), code) for code, pattern in _read("countries").items())


@functools.cache
def industries() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern over plain text, the industry's name in the directory), the narrow ones first."""
    return tuple((re.compile(rf"(?<!\w)(?:{pattern})\w*"), name) for name, pattern in _read("industries").items())


@functools.cache
def number_words() -> Mapping[str, Any]:
    return _read("numbers")


def plain(text: str) -> str:
    """Lower case without accents: German eszett is ss, Norwegian ø is o, æ is ae."""
    text = text.lower().replace("ß", "ss").replace("ø", "o").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]


def _read(name: str) -> dict[str, Any]:
    path: Path = resource("corpus") / "interview" / f"{name}.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        raise SetupError(
            f"The interview cannot be read ({problem})", value=path, cure="Mend or reinstall it."
        ) from problem
    if not isinstance(data, dict):
        raise SetupError("The interview file holds no fields", value=path, cure="Mend or reinstall it.")
    return data


def _slot(name: str, row: Mapping[str, Any]) -> Slot:
    return Slot(
        name,
        row["kind"],
        bool(row.get("ask")),
        float(row.get("need", 0)),
        row["question"],
        row["why"],
        tuple(_option(option, str(option["value"])) for option in row.get("options", ())),
        tuple(_option(option, str(option["upto"])) for option in row.get("ranges", ())),
        bool(row.get("runway")),
    )


def _option(row: Mapping[str, Any], value: str) -> Option:
    return Option(
        value,
        row.get("label", {}),
        row.get("profiles", {}),
        row.get("stages", {}),
        _patterns(row.get("says", ())),
        _patterns(row.get("hints", ())),
        float(row["upto"]) if "upto" in row else None,
    )


def _patterns(rows: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in rows)
