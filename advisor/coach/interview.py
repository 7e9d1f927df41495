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
_NEEDED = ("country", "industry", "stage")  # without these a plan says little
_SURE = 0.75
_MARGIN = 0.5
_LEAST_GAIN = 0.2
_STAGE_SHARE, _PLAN_SHARE = 0.6, 0.35

Answers = Mapping[str, tuple[str | int, str]]


@dataclass(frozen=True, slots=True)
class Gain:
    """What asking a slot is expected to bring, in nats, and the plan's need."""

    slot: str
    gain: float


def next_question(
    statements: Sequence[Statement], answers: Answers, asked: Collection[str], rejected: Iterable[str] = ()
) -> str | None:
    """The slot to ask next; None when enough is known."""
    if len(asked) >= MOST:
        return None
    ranked = gains(statements, answers, asked, rejected)
    if not ranked:
        return None
    logit, stage_logit = profile.scores(statements, answers, rejected)
    p, s = softmax(logit), softmax(stage_logit)
    needed = [name for name in _NEEDED if name not in answers and name not in asked]
    if "stage" in needed and float(s.max()) >= _SURE:
        needed.remove("stage")
    order = np.sort(p)[::-1]
    stable = float(order[0] - order[1]) >= _MARGIN and float(order[0]) >= 0.6
    if stable and not needed:
        return None
    if len(asked) >= MOST - len(needed) or stable:
        return needed[0] if needed else None
    return ranked[0].slot if ranked[0].gain >= _LEAST_GAIN else (needed[0] if needed else None)


def gains(
    statements: Sequence[Statement], answers: Answers, asked: Collection[str], rejected: Iterable[str] = ()
) -> list[Gain]:
    """Open slots, the most worthwhile first."""
    logit, stage_logit = profile.scores(statements, answers, rejected)
    found = [
        Gain(
            slot.name,
            _information(slot, logit, "profiles")
            + _STAGE_SHARE * _information(slot, stage_logit, "stages")
            + _PLAN_SHARE * slot.value,
        )
        for slot in slots().values()
        if slot.ask and slot.name not in answers and slot.name not in asked
    ]
    return sorted(found, key=lambda gain: -gain.gain)


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


def next_runway(answers: Answers, asked: Collection[str]) -> str | None:
    """The runway's questions come once money is the subject: public money pays, or a programme does."""
    funded = answers.get("funding", ("", ""))[1] == "public" or answers.get("programme", ("", ""))[0] == "yes"
    if not funded:
        return None
    return next((s.name for s in slots().values() if s.runway and s.name not in answers and s.name not in asked), None)
