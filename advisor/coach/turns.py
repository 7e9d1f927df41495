"""The routes of a conversation. Each is a generator of events that returns what it changes in the memo; no graph, no store."""

from collections.abc import Generator
from typing import Any

from advisor.coach import interview, memo, profile, safety, speech
from advisor.coach.memo import Memo
from advisor.coach.router import route
from advisor.coach.slots import STAGES, UNKNOWN, slots
from advisor.coach.speech import Parts
from advisor.coach.understand import Heard, Value, answered, hear, option_of
from advisor.documents import (
    Done,
    Event,
    Outcome,
    Planned,
    Sentence,
    SentenceSaid,
    Status,
)
from advisor.errors import RequestError
from advisor.texts import LANGUAGES

Turn = Generator[Event, None, Memo]
_SETTLES = 4  # words from which a message tells its language
_NEEDED_FOR_PLAN = ("country", "industry")


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
    heard = hear(text, pending or None, language, parts.today().year) if got["kind"] != "declined" else {}
    found = route(text, got["kind"], pending, heard, bool(state.get("coached")), bool(state.get("profiled")))
    if found.kind == "question":
        heard = hear(found.told, None, language, parts.today().year) if found.told else {}
    elif pending == "stage" and found.kind == "interview" and "stage" not in heard:
        heard = {**heard, "stage": _stage(text, parts)}
    learned = memo.learn(state, heard) if heard else {"corrected": False, "learned": []}
    return {
        **learned,
        "language": language,
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


def question(state: Memo, parts: Parts) -> Turn:
    """Answered from the corpus; then the pending question returns."""
    asked = state["route"].get("question") or state["incoming"]["text"]
    if asked == state["incoming"]["text"]:
        asked = state["incoming"].get("raw") or asked
    done: Done | None = None
    for event in parts.answerer.answer(asked, memo.history(state)):
        if isinstance(event, Done):
            done = event
        else:
            yield event
    if state.get("pending"):
        yield speech.notice("coach_back", state)
        yield interview.question(state["pending"], state.get("language", "en"))
    yield done or Done("not_in_sources", language=state.get("language", "en"))
    return {}


def talk(state: Memo, parts: Parts) -> Turn:
    """Answers to the interview, and what a person tells of themselves."""
    told = state["route"].get("told") or (state["incoming"]["text"] if not state["incoming"]["slot"] else "")
    update: Memo = {"coached": True}
    asked = list(state.get("asked", []))
    pending = state.get("pending", "")
    known = dict(state.get("slots", {}))
    now: Memo = {**state, **update}
    if pending and pending not in known:
        known[pending] = {"value": UNKNOWN, "option": "", "words": told, "turn": state.get("turn", 0)}
        now["slots"] = update["slots"] = known
    if _tells(told, pending):
        statement = profile.read(told, parts.encode, first=not state.get("statements"))
        now["statements"] = update["statements"] = memo.remember(state, statement)
    if not state.get("coached"):
        yield speech.notice(
            "coach_begin" if now.get("statements") else "coach_tell", state, role=_role(bool(now.get("statements")))
        )
        if not now.get("statements") and not known:
            yield speech.done(state)
            return update
    elif state.get("corrected"):
        yield speech.notice("coach_corrected", state)
    elif pending and known.get(pending, {}).get("value") == UNKNOWN:
        yield speech.notice("coach_unsure", state)
    update["pending"] = ""
    yield from _go_on(now, update, asked, parts)
    return update


def _role(begun: bool) -> str:
    return "notice" if begun else "question"


def _tells(text: str, pending: str) -> bool:
    """Whether a message says something of the person that the profile can be read from."""
    words = len(text.split())
    return words >= 5 or (pending in ("motivation", "obstacle", "role") and words >= 3)


def _go_on(now: Memo, update: Memo, asked: list[str], parts: Parts) -> Generator[Event, None, None]:
    """The next question; or, where enough is known, the profile, a plan brought up to date, and the offer of one."""
    language = now.get("language", "en")
    answers, told = memo.answers(now), memo.statements(now)
    name = None if now.get("plan") else interview.next_question(told, answers, asked, now.get("rejected", []))
    if told or answers:
        yield speech.profiled(now)
    if name is not None:
        update["asked"], update["pending"] = [*asked, name], name
        yield interview.question(name, language)
        yield speech.done(now)
        return
    if now.get("plan"):
        yield from speech.replanned(now, update, parts)
        yield speech.done(now)
        return
    if not now.get("profiled"):
        update["profiled"] = True
        yield speech.notice("coach_profile", now)
        portrait = parts.planner.portrait(memo.standing_of(now).profile)
        if portrait is not None:
            yield SentenceSaid(portrait[0], (portrait[1],))
    money = interview.next_runway(answers, asked)
    if money is not None:
        update["asked"], update["pending"] = [*asked, money], money
        yield interview.question(money, language)
    else:
        yield speech.notice("coach_offer_plan", now, role="question")
    yield speech.done(now)


def plan(state: Memo, parts: Parts) -> Turn:
    """The plan once country and industry are known or were asked for; else the question that lacks."""
    update: Memo = {"coached": True}
    now: Memo = {**state, **update}
    told = state["route"].get("told", "")
    if told and _tells(told, ""):
        statement = profile.read(told, parts.encode, first=not state.get("statements"))
        now["statements"] = update["statements"] = memo.remember(state, statement)
    asked = list(state.get("asked", []))
    known = memo.answers(now)
    needed = [*_NEEDED_FOR_PLAN, *(() if now.get("statements") else ("motivation",))]
    lacking = next((name for name in needed if name not in known and name not in asked), None)
    if lacking is not None:
        update["asked"], update["pending"] = [*asked, lacking], lacking
        yield speech.notice("coach_plan_more", state)
        yield interview.question(lacking, state.get("language", "en"))
        yield speech.done(state)
        return update
    yield Status("composing")
    yield speech.profiled(now)
    made = parts.planner.plan(now, parts.today())
    update["plan"], update["pending"] = made, ""
    yield speech.notice("coach_plan", state)
    yield from speech.first_steps(made)
    yield Planned(made)
    yield speech.done(state)
    return update


def since(state: Memo, parts: Parts) -> Turn:
    """What happened since the last visit: read like any telling; the plan follows."""
    return (yield from talk(state, parts))


def reject(state: Memo, parts: Parts) -> Turn:
    """The profile shown is not the person's: lowered for good; the interview goes on with the rest."""
    top = memo.standing_of(state).profile
    update: Memo = {"rejected": [*state.get("rejected", []), top], "profiled": False, "coached": True}
    now: Memo = {**state, **update}
    yield speech.notice("coach_not_you", state)
    update["pending"] = ""
    asked = list(state.get("asked", []))
    yield from _go_on(now, update, asked, parts)
    return update


def small(state: Memo, parts: Parts) -> Turn:
    """Greetings, thanks, why a question is asked, what is known, a human: one line, then the pending question."""
    kind, language = state["route"]["kind"], state.get("language", "en")
    screened = state["incoming"]["kind"]
    outcome: Outcome = "small_talk" if kind == "small_talk" else "declined" if kind == "declined" else "coaching"
    if kind == "explain":
        yield SentenceSaid(Sentence(interview.question(state["pending"], language).why, "notice"))
    elif kind == "review":
        yield speech.notice("coach_review", state)
        for name, row in state.get("slots", {}).items():
            yield SentenceSaid(Sentence(f"{slots()[name].question.get(language, name)} {row['value']}", "notice"))
    elif kind == "human":
        yield speech.notice("coach_human", state, role="question")
    else:
        yield speech.notice(
            "declined" if kind == "declined" else "thanks" if screened == "thanks" else "small_talk", state
        )
    if state.get("pending") and kind != "declined":
        yield interview.question(state["pending"], language)
    yield Done(outcome, tuple(state["incoming"]["masked"]), language=language)
    return {}
