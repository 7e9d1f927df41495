"""The routes of a conversation. Each is a generator of events that returns what it changes in the memo; no graph, no store."""

from collections.abc import Generator

from advisor.coach import interview, memo, profile, speech
from advisor.coach.memo import Memo
from advisor.coach.slots import UNKNOWN, says
from advisor.coach.speech import Parts
from advisor.documents import (
    Done,
    Event,
    Outcome,
    Planned,
    Sentence,
    SentenceSaid,
    Status,
)

Turn = Generator[Event, None, Memo]
_TELLING = ("motivation", "obstacle", "role")
_TELLS_MORE = 9
_LONG = 14  # words from which an answer to another question tells of the person too
_NEEDED_FOR_PLAN = ("country", "industry")


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
    ended = done or Done("not_in_sources", language=state.get("language", "en"))
    if state.get("pending"):
        yield speech.notice("coach_back", state)
        yield interview.question(state["pending"], state.get("language", "en"))
        yield ended
        return {}
    told = state["route"].get("told", "")
    update: Memo = {}
    if not state.get("coached") and ended.outcome not in ("declined", "out_of_scope") and len(told.split()) >= 5:
        # A person who tells of themselves and asks wants both: the answer, and to be understood.
        statement = profile.read(told, parts.encode)
        update = {"coached": True, "statements": memo.remember(state, statement)}
        now: Memo = {**state, **update}
        name = interview.next_question([statement], memo.answers(now), [])
        yield speech.profiled(now)
        if name is not None:
            update["asked"], update["pending"] = [name], name
            yield interview.question(name, state.get("language", "en"))
    yield ended
    return update


def talk(state: Memo, parts: Parts) -> Turn:
    """Answers to the interview, and what a person tells of themselves."""
    told = state["route"].get("told") or (state["incoming"]["text"] if not state["incoming"]["slot"] else "")
    update: Memo = {"coached": True}
    asked = list(state.get("asked", []))
    pending = state.get("pending", "")
    known = dict(state.get("slots", {}))
    now: Memo = {**state, **update}
    beside = bool(pending) and pending not in known and (bool(state.get("learned")) or says("mends", told))
    unheard = bool(pending) and pending not in known and not beside
    if unheard:
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
        yield speech.notice("coach_unsure" if says("unknown", told) or not unheard else "coach_unheard", state)
    if beside:  # something else was told or put right: the question stays
        yield speech.profiled(now)
        yield interview.question(pending, state.get("language", "en"))
        yield speech.done(now)
        return update
    update["pending"] = ""
    yield from _go_on(now, update, asked, parts)
    return update


def _role(begun: bool) -> str:
    return "notice" if begun else "question"


def _tells(text: str, pending: str) -> bool:
    """Whether the profile can be read from a message: from what drives a person, not from numbers, places and corrections."""
    words = len(text.split())
    if pending:
        return (words >= 3 and pending in _TELLING) or (words >= _LONG and says("self", text))
    return words >= 5 and not says("mends", text)


def _go_on(now: Memo, update: Memo, asked: list[str], parts: Parts) -> Generator[Event, None, None]:
    """The next question; or, where enough is known, the profile, a plan brought up to date, and the offer of one."""
    language = now.get("language", "en")
    answers, told = memo.answers(now), memo.statements(now)
    if now.get("figuring"):
        name = interview.next_figure(answers, asked)
        update["figuring"] = name is not None
    elif now.get("plan"):
        name = None
    else:
        name = interview.next_question(told, answers, asked, now.get("rejected", []))
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
    update["offered"] = "plan"
    yield speech.notice("coach_offer_plan", now, role="question")
    yield speech.done(now)


def runway(state: Memo, parts: Parts) -> Turn:
    """The figures of the runway, one at a time, then the plan with the sum done."""
    update: Memo = {"figuring": True, "offered": ""}
    now: Memo = {**state, **update}
    yield from _go_on(now, update, list(state.get("asked", [])), parts)
    return update


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
    funded = known.get("funding", ("", ""))[1] == "public" or known.get("programme", ("", ""))[0] == "yes"
    update["offered"] = "runway" if made["runway_missing"] and funded else ""
    if update["offered"]:
        yield speech.notice("coach_offer_runway", state, role="question")
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
    told = state["route"].get("told", "")
    if len(told.split()) >= _TELLS_MORE:  # "that's not me, I ..." also tells who they are
        statement = profile.read(told, parts.encode, first=False)
        now["statements"] = update["statements"] = memo.remember(state, statement)
    yield from _go_on(now, update, list(state.get("asked", [])), parts)
    return update


def small(state: Memo, parts: Parts) -> Turn:
    """Greetings, thanks, why a question is asked, what is known: one line, then the pending question."""
    kind, language = state["route"]["kind"], state.get("language", "en")
    screened = state["incoming"]["kind"]
    outcome: Outcome = "small_talk" if kind == "small_talk" else "declined" if kind == "declined" else "coaching"
    if kind == "explain":
        yield SentenceSaid(Sentence(interview.question(state["pending"], language).why, "notice"))
    elif kind == "review":
        yield speech.notice("coach_review", state)
        yield from speech.known_lines(state)
    elif kind == "small_talk" and screened == "small_talk" and state.get("plan"):
        yield speech.notice("coach_since", state, role="question")
    else:
        yield speech.notice(
            "declined" if kind == "declined" else "thanks" if screened == "thanks" else "small_talk", state
        )
    if state.get("pending") and kind != "declined":
        yield interview.question(state["pending"], language)
    yield Done(outcome, tuple(state["incoming"]["masked"]), language=language)
    return {}


def human(state: Memo, parts: Parts) -> Turn:
    """A person is wanted: asks whether the summary may go along; only a yes gives contact and summary."""
    contact = state["incoming"].get("contact", "").removeprefix("mailto:")
    update: Memo = {"offered": "human" if contact else ""}
    if contact and state["route"]["kind"] == "handover":
        update = {"offered": ""}
        yield speech.notice("coach_contact", state, contact=contact)
        yield from speech.known_lines(state)
    elif state["route"]["kind"] == "stay":
        update = {"offered": ""}
        yield speech.notice("coach_unsure", state)
    elif contact:
        yield speech.notice("coach_human", state, role="question")
    else:
        yield speech.notice("coach_nobody", state)
    if state.get("pending") and not update["offered"]:
        yield interview.question(state["pending"], state.get("language", "en"))
    yield speech.done(state)
    return update
