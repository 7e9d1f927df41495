"""The starter profile and stage as they stand: probabilities from what was said and answered, with the person's own words.

Statements speak through the trained models, answers through the likelihoods of corpus/interview/slots.yaml. Pure functions.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.coach import textmodel
from advisor.coach.slots import PROFILES, STAGES, UNKNOWN, Option, Slot, slots
from advisor.coach.textmodel import Encode

Floats = NDArray[np.float64]
_CLAUSE = re.compile(
    r"(?<=[.!?;:\n])\s+|,\s+(?=(?:and|but|so|og|men|y|pero|und|aber|et|mais|e|mas|because|fordi|porque|weil|car)\b)"
)
_MOST_WORDS = 24  # a longer text has its clauses weighed one by one: an embedding costs about a millisecond a word
_LATER = 0.7  # how much a further statement weighs: people repeat themselves
_MOST_TOLD = 1.3  # all statements together weigh no more than this many: they are not independent
_DRIVE = "motivation"  # outweighs every other answer
_DRIVE_ANSWER, _ANSWER = 0.8, 0.35  # how much an answer weighs against what its likelihood says
_STAGE_ANSWER = 0.8
_STAGE = 0.4  # most statements say little of the stage
_FULL_WORDS = 8  # a shorter statement weighs less
_REFUSED = -6.0  # log odds of a profile that the person refused


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a person said of themselves: log probabilities, and its clauses with what each adds to every profile."""

    text: str
    profile: tuple[float, ...]
    stage: tuple[float, ...]
    weight: float = 1.0
    clauses: tuple[tuple[str, tuple[float, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is believed now, best first; `change`: answers that would turn it."""

    ranking: tuple[tuple[str, float], ...]
    stages: tuple[tuple[str, float], ...]
    evidence: tuple[Mapping[str, Any], ...] = ()
    change: tuple[Mapping[str, str], ...] = ()

    @property
    def profile(self) -> str:
        return self.ranking[0][0]

    @property
    def runner_up(self) -> str:
        return self.ranking[1][0]

    @property
    def margin(self) -> float:
        return self.ranking[0][1] - self.ranking[1][1]

    @property
    def stage(self) -> str:
        return self.stages[0][0]

    @property
    def blend(self) -> str:
        """The second profile where the two are near each other."""
        return self.runner_up if self.ranking[1][1] >= 0.25 else ""


def read(text: str, encode: Encode, first: bool = True) -> Statement:
    """What one message says of its writer."""
    model, stages = textmodel.load("profile"), textmodel.load("stage")
    vector = encode(text)
    whole = model.cooled(vector, text)
    words = len(text.split())
    weight = 1.0 if first else _LATER * min(1.0, words / _FULL_WORDS)
    return Statement(
        text,
        _ordered(np.log(textmodel.softmax(whole)), model.classes, PROFILES),
        _ordered(np.log(stages.probabilities(vector, text)), stages.classes, STAGES),
        weight,
        _clauses(text, whole, model, encode),
    )


def _clauses(
    text: str, whole: Floats, model: textmodel.TextModel, encode: Encode
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Each clause, verbatim, with the change in log odds that its absence makes."""
    parts = [part.strip() for part in _CLAUSE.split(text) if len(part.split()) >= 2]
    warm = textmodel.heat(model.temperature, model.short, text)
    if len(parts) < 2:
        added = whole - whole.mean()
        return ((text.strip(), _ordered(added, model.classes, PROFILES)),)
    rows = []
    for part in parts[:8]:
        if len(text.split()) <= _MOST_WORDS:
            rest = text.replace(part, " ", 1).strip()
            added = whole - model.logits(encode(rest), rest) / warm
        else:
            added = model.logits(encode(part), part) / warm / len(parts)
        rows.append((part, _ordered(added - added.mean(), model.classes, PROFILES)))
    return tuple(rows)


def _ordered(values: Floats, classes: Sequence[str], order: Sequence[str]) -> tuple[float, ...]:
    places = [list(classes).index(name) for name in order]
    return tuple(round(float(values[place]), 4) for place in places)


def standing(
    statements: Sequence[Statement],
    answers: Mapping[str, tuple[str | int, str]],
    rejected: Iterable[str] = (),
    asked: Iterable[str] = (),
    doubt: float = 0.0,
) -> Standing:
    """`answers`: slot -> (value, option). Nothing said: all alike. `doubt`: the share that is spread over all profiles."""
    profile, stage = scores(statements, answers, rejected)
    p, s = (1 - doubt) * _soft(profile) + doubt / len(PROFILES), _soft(stage)
    return Standing(
        tuple(sorted(zip(PROFILES, map(float, p), strict=True), key=lambda row: -row[1])),
        tuple(sorted(zip(STAGES, map(float, s), strict=True), key=lambda row: -row[1])),
        _evidence(statements, answers, p),
        _change(profile, answers, set(asked)),
    )


def scores(
    statements: Sequence[Statement], answers: Mapping[str, tuple[str | int, str]], rejected: Iterable[str] = ()
) -> tuple[Floats, Floats]:
    """Log odds over profiles and stages."""
    profile, stage = np.zeros(len(PROFILES)), np.zeros(len(STAGES))
    share = min(1.0, _MOST_TOLD / max(_MOST_TOLD, sum(statement.weight for statement in statements)))
    told = " ".join(statement.text for statement in statements).lower()
    for statement in statements:
        profile += share * statement.weight * np.array(statement.profile)
        stage += _STAGE * statement.weight * np.array(statement.stage)
    for name, (value, option) in answers.items():
        found = chosen_option(slots()[name], value, option)
        if found is not None:
            if str(value).lower() not in told:  # else its words were weighed as a statement
                profile += _weight(name) * likelihood(slots()[name], found, "profiles")
            stage += _STAGE_ANSWER * likelihood(slots()[name], found, "stages")
    for name in rejected:
        profile[PROFILES.index(name)] += _REFUSED - max(0.0, profile[PROFILES.index(name)] - profile.mean())
    return profile, stage


def _weight(slot: str) -> float:
    return _DRIVE_ANSWER if slot == _DRIVE else _ANSWER


def chosen_option(slot: Slot, value: str | int, option: str) -> Option | None:
    """The option or range that an answer falls under."""
    if value == UNKNOWN:
        return None
    if slot.ranges and isinstance(value, int):
        return next((r for r in slot.ranges if r.upto is not None and value <= r.upto), None)
    return next((o for o in slot.options if o.value == (option or value)), None)


def likelihood(slot: Slot, option: Option, what: str) -> Floats:
    """log P(option | class) of every class."""
    names = PROFILES if what == "profiles" else STAGES
    choices = slot.ranges or slot.options
    rows = []
    for name in names:
        weights = [float(getattr(o, what).get(name, 1.0)) for o in choices]
        rows.append(math.log(float(getattr(option, what).get(name, 1.0)) / sum(weights)))
    return np.array(rows)


def _soft(values: Floats) -> Floats:
    return textmodel.softmax(values)


def _evidence(
    statements: Sequence[Statement], answers: Mapping[str, tuple[str | int, str]], p: Floats
) -> tuple[Mapping[str, Any], ...]:
    """The words that push most for the first profile or against it towards the second."""
    first, second = (int(i) for i in np.argsort(-p)[:2])
    rows: list[dict[str, Any]] = []
    for statement in statements:
        for quote, added in statement.clauses:
            lift = statement.weight * (added[first] - added[second])
            towards = PROFILES[first] if lift >= 0 else PROFILES[second]
            rows.append({"quote": quote, "profile": towards, "weight": round(lift, 3)})
    rows.sort(key=lambda row: -abs(row["weight"]))
    return tuple(row for row in rows if abs(row["weight"]) >= 0.1)[:6] or tuple(rows[:1])


def _change(
    profile: Floats, answers: Mapping[str, tuple[str | int, str]], asked: set[str]
) -> tuple[Mapping[str, str], ...]:
    """Open questions whose answer would put another profile first."""
    top = int(profile.argmax())
    found: list[dict[str, str]] = []
    for slot in slots().values():
        if slot.name in answers or not slot.ask:
            continue
        for option in slot.options:
            turned = int((profile + _weight(slot.name) * likelihood(slot, option, "profiles")).argmax())
            if turned != top:
                found.append({"slot": slot.name, "value": option.value, "profile": PROFILES[turned]})
    return tuple(found[:4])


Reader = Callable[[str], Statement]
