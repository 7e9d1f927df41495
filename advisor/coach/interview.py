"""Which question is worth most next, and when enough is known. Pure functions over slots and scores."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.coach import profile
from advisor.coach.profile import Statement
from advisor.coach.slots import PROFILES, STAGES, Slot, in_language, slots
from advisor.coach.textmodel import softmax
from advisor.documents import Asked

MOST = 7  # questions of one interview
_USUAL = 5  # from here on only what the plan rests on is asked, or what tells the profile
_TELLING = 0.2  # nats
_LEAST = 0.45  # worth below which a question is not put
_SURE = 0.9  # a stage believed this much is not asked for
_STABLE = (0.8, 0.65)  # the first profile, and its lead over the second, from which asking for the profile ends
_STAGE_SHARE = 0.6

Answers = Mapping[str, tuple[str | int, str]]


@dataclass(frozen=True, slots=True)
class Gain:
    """What asking a slot brings: expected information on profile and stage in nats, and the plan's need."""

    slot: str
    information: float
    need: float

    @property
    def worth(self) -> float:
        return self.information + self.need


def next_question(
    statements: Sequence[Statement], answers: Answers, asked: Collection[str], rejected: Iterable[str] = ()
) -> str | None:
    """The slot to ask next; None when enough is known."""
    put = sum(not slots()[name].runway for name in asked)
    if put >= MOST:
        return None
    ranked = gains(statements, answers, asked, rejected)
    if put >= _USUAL:
        ranked = [gain for gain in ranked if gain.need >= _LEAST or gain.information >= _TELLING]
    return ranked[0].slot if ranked and ranked[0].worth >= _LEAST else None


def gains(
    statements: Sequence[Statement], answers: Answers, asked: Collection[str], rejected: Iterable[str] = ()
) -> list[Gain]:
    """Open slots, the most worthwhile first."""
    logit, stage_logit = profile.scores(statements, answers, rejected)
    order = np.sort(softmax(logit))[::-1]
    stable = float(order[0]) >= _STABLE[0] and float(order[0] - order[1]) >= _STABLE[1]
    staged = float(softmax(stage_logit).max()) >= _SURE
    found = []
    for slot in slots().values():
        if not slot.ask or slot.name in answers or slot.name in asked:
            continue
        information = 0.0 if stable else _information(slot, logit, "profiles")
        if not staged:
            information += _STAGE_SHARE * _information(slot, stage_logit, "stages")
        found.append(Gain(slot.name, information, 0.0 if staged and slot.name == "stage" else slot.need))
    return sorted(found, key=lambda gain: -gain.worth)


def _information(slot: Slot, logit: NDArray[np.float64], what: str) -> float:
    """Expected fall of entropy over profiles or stages."""
    choices = slot.ranges or slot.options
    if not any(getattr(option, what) for option in choices):
        return 0.0
    names = PROFILES if what == "profiles" else STAGES
    p = softmax(logit)
    after = 0.0
    for option in choices:
        given = np.exp(profile.likelihood(slot, option, what))
        chance = float(np.dot(given, p))
        if chance > 0:
            after += chance * entropy(given * p / chance)
    assert len(p) == len(names)
    return max(0.0, entropy(p) - after)


def entropy(p: NDArray[np.float64]) -> float:
    kept = p[p > 1e-12]
    return float(-(kept * np.log(kept)).sum())


def question(name: str, language: str) -> Asked:
    """The question as it is put: text, buttons, and why it is asked."""
    slot = slots()[name]
    options = tuple((option.value, in_language(option.label, language)) for option in slot.options)
    return Asked(name, in_language(slot.question, language), options, in_language(slot.why, language))


def next_figure(answers: Answers, asked: Collection[str]) -> str | None:
    """The next figure of the runway; they are asked for only where a person wants the sum done."""
    return next((s.name for s in slots().values() if s.runway and s.name not in answers and s.name not in asked), None)
