"""What a turn starts from: the message screened, its language, the facts in it and its route. Pure but for the stage model."""

from typing import Any

from advisor.coach import memo, profile, safety
from advisor.coach.beside import Heard, Value
from advisor.coach.memo import Memo
from advisor.coach.router import route
from advisor.coach.slots import STAGES, UNKNOWN, says, slots
from advisor.coach.speech import Parts
from advisor.coach.understand import answered, hear, option_of
from advisor.errors import RequestError
from advisor.texts import LANGUAGES

_SETTLES = 4  # words from which a message tells its language


def incoming(message: str, slot: str, parts: Parts, state: Memo) -> dict[str, Any]:
    """A message, screened and masked: what the turn starts from. Raises RequestError."""
    if slot:
        if slot not in slots():
            raise RequestError("There is no such question", value=slot, cure=f"One of: {', '.join(slots())}.")
        text, masked = safety.mask(message.strip()[:200])
        return {"text": text, "slot": slot, "kind": "ask", "masked": list(masked), "shown": text}
    screened = safety.screen(message, parts.limit)
    return {
        "text": screened.text,
        "slot": "",
        "kind": screened.kind,
        "masked": list(screened.masked),
        "shown": safety.mask(message.strip())[0],
        "raw": safety.mask(message.strip())[0],
    }


def listen(state: Memo, parts: Parts) -> Memo:
    """Language, facts and route of the message. No model runs here for a plain question."""
    got = state["incoming"]
    text, pending = got["text"], state.get("pending", "")
    language = _language(text, state, parts)
    if got["slot"]:
        heard = _pressed(got["slot"], text, language, parts)
        return {**memo.learn(state, heard), "language": language, "route": {"kind": "interview", "told": ""}}
    year, known = parts.today().year, memo.known(state)
    heard = hear(text, pending or None, language, year, known) if got["kind"] != "declined" else {}
    found = route(text, got["kind"], pending, heard, bool(state.get("coached")), state.get("offered", ""))
    if found.kind == "question":
        heard = hear(found.told, None, language, year, known) if found.told else {}
    elif pending == "stage" and found.kind == "interview" and not heard and not says("mends", text):
        heard = {"stage": _stage(text, parts)}
    learned = memo.learn(state, heard) if heard else {"corrected": False, "learned": []}
    asked_for = state.get("offered", "")  # consent to a hand-over is good for the next turn only
    return {
        **learned,
        "language": language,
        "offered": "" if asked_for == "human" else asked_for,
        "route": {"kind": found.kind, "question": found.question, "told": found.told},
    }


def _language(text: str, state: Memo, parts: Parts) -> str:
    before = state.get("language", "")
    if before and len(text.split()) < _SETTLES:
        return before
    found = parts.language_of(text)
    return found if found in LANGUAGES else before or "en"


def _pressed(name: str, text: str, language: str, parts: Parts) -> dict[str, Heard]:
    slot = slots()[name]
    option = option_of(slot, text)
    if option is not None and text == option.value:
        value: Value = option.value
        return {name: Heard(name, value, text, option.value)}
    if text == UNKNOWN:
        return {name: Heard(name, UNKNOWN, text)}
    found = answered(slot, text, language, parts.today().year)
    return {name: found or Heard(name, UNKNOWN, text)}


def _stage(text: str, parts: Parts) -> Heard:
    """The stage from an answer in other words than the rules know."""
    read = profile.read(text, parts.encode)
    best = max(zip(read.stage, STAGES, strict=True))
    return Heard("stage", best[1] if best[0] > -0.92 else UNKNOWN, text, best[1] if best[0] > -0.92 else "")
