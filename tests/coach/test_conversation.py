"""Conversations: routes, digressions, corrections, resuming, several processes, simulation."""

import multiprocessing
import random
import sqlite3
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from advisor.coach.conversation import SlotValue
from advisor.coach.slots import slots
from advisor.documents import Asked, Done, Planned, Profiled, SentenceSaid
from advisor.errors import RequestError
from tests.coach.conftest import FakeAnswerer, conversation, fake_encode

OPENING = "I am a manager of twelve firms in Bergen and we want to sell abroad."
Say = Callable[..., list[Any]]


def only(kind: type, events: list[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_a_statement_starts_coaching_and_what_it_says_is_not_asked(talk: Say) -> None:
    events = talk(OPENING)
    assert only(Done, events)[0].outcome == "coaching" and only(Profiled, events)
    known = talk.conversation.state("t")["slots"]  # type: ignore[attr-defined]
    assert known["country"] == "NO" and known["members"] == 12 and known["region"] == "Bergen"
    assert only(Asked, events)[0].slot not in known


def test_one_sentence_makes_no_profile_certain(talk: Say) -> None:
    first = only(Profiled, talk("We want to sell our oyster gear to buyers abroad and win export markets together."))
    assert 0.3 < first[0].ranking[0][1] <= 0.9


def test_a_question_stays_a_question(talk: Say) -> None:
    for question in ("What does Arena pay?", "membership fees", "Tell me about Medicon Valley", "who starts a cluster"):
        events = talk(question, "plain")
        assert only(Done, events)[-1].outcome == "answered" and not only(Asked, events), question


def test_a_digression_is_answered_and_the_question_returns(talk: Say) -> None:
    pending = only(Asked, talk(OPENING))[0]
    events = talk("What does Arena pay?")
    assert any(s.sentence.text == "The sources say so." for s in only(SentenceSaid, events))
    assert only(Asked, events) == [pending]


def test_a_correction_replaces_a_slot(talk: Say) -> None:
    talk(OPENING)
    talk("Actually, we are fourteen members, not twelve.")
    assert talk.conversation.state("t")["slots"]["members"] == 14  # type: ignore[attr-defined]


def test_a_correction_that_is_not_understood_uses_up_no_question(talk: Say) -> None:
    pending = only(Asked, talk("We want to sell our oyster gear abroad together."))[0]
    assert only(Asked, talk("Sorry, that was wrong, the other thing I said.")) == [pending]
    assert pending.slot not in talk.conversation.state("t")["slots"]  # type: ignore[attr-defined]


def test_not_sure_is_a_value_and_is_not_asked_again(talk: Say) -> None:
    asked = [only(Asked, talk(OPENING))[0].slot]
    for _ in range(8):
        found = only(Asked, talk("not sure"))
        if not found:
            break
        asked.append(found[0].slot)
    assert len(asked) == len(set(asked)) <= 7
    assert talk.conversation.state("t")["slots"][asked[0]] == "unknown"  # type: ignore[attr-defined]


def test_buttons_answer_and_a_plan_follows(talk: Say) -> None:
    events = talk(OPENING)
    while asked := only(Asked, events):
        slot = slots()[asked[0].slot]
        value = slot.options[0].value if slot.options else {"industry": "seafood"}.get(slot.name, "2027")
        events = talk(SlotValue(slot.name, value))
    plan = only(Planned, talk("plan please"))[0].plan
    assert plan["steps"] and all(step["citations"] for step in plan["steps"])
    made = talk.conversation  # type: ignore[attr-defined]
    step = plan["steps"][0]["id"]
    assert made.tick("t", step, True) and not made.tick("t", "no-such-step", True)
    assert made.state("t")["plan"]["steps"][0]["done"]
    later = only(Planned, talk("Since last time we launched and have 45 members now."))[0].plan
    assert later["known"]["members"] == 45 and later["known"]["stage"] == "launched"
    assert later["changed"]["added"] and later["profile"] == plan["profile"]
    assert "stage" in later["changed"]["other"] and later["changed"]["up"]
    assert later["changed"]["known"]["members"] == [12, 45] and later["changed"]["known"]["stage"][1] == "launched"


def test_a_later_visit_is_asked_what_happened_and_is_shown_what_changed(talk: Say) -> None:
    talk("We are twelve seafood firms in Bergen, still only an idea, and we want to sell abroad together.")
    events = talk("plan please")
    while asked := only(Asked, events):
        slot = slots()[asked[0].slot]
        events = talk(SlotValue(slot.name, slot.options[0].value if slot.options else "2027"))
    if not only(Planned, events):
        events = talk("plan please")
    before = only(Planned, events)[0].plan
    assert any("since we last spoke" in s.sentence.text for s in only(SentenceSaid, talk("hello")))
    events = talk("Since then we have founded the association, and thirty members have signed.")
    said = " ".join(s.sentence.text for s in only(SentenceSaid, events))
    after = only(Planned, events)[0].plan
    assert (before["stage"], after["stage"]) == ("idea", "launched")
    assert "Launched" in said and "12 → 30" in said and "checklist" in said
    titles = {step["id"]: step["action"] for step in (*before["steps"], *after["steps"])}
    assert all(titles[name] in said for name in (*after["changed"]["added"], *after["changed"]["removed"]))


def test_a_person_is_given_only_after_consent_and_with_the_summary(tmp_path: Path) -> None:
    made = conversation(tmp_path)

    def say(text: str, contact: str = "mailto:help@agency.example") -> str:
        events = list(made.reply("h", text, contact))
        return " ".join(s.sentence.text for s in only(SentenceSaid, events))

    list(made.reply("h", OPENING))
    assert "agency.example" not in say("I want to talk to a human") and "agency.example" not in say("no thanks")
    say("Can I speak to someone?")
    told = say("yes please")
    assert "help@agency.example" in told and "12" in told and "Bergen" in told
    assert "agency.example" not in say("yes")
    assert "No person" in say("I want to talk to a human", "")


def test_that_is_not_me_lowers_the_profile_for_good(talk: Say) -> None:
    first = only(Profiled, talk(OPENING))[0].ranking[0][0]
    after = only(Profiled, talk("That's not me."))[0].ranking
    assert after[0][0] != first
    assert only(Profiled, talk("We want to sell abroad and reach buyers with our members."))[0].ranking[0][0] != first


def test_personal_data_is_masked_before_it_is_kept(talk: Say, tmp_path: Path) -> None:
    talk("I am Kari, kari@example.org, and we are nine firms in Oslo.")
    assert b"kari@example.org" not in b"".join(path.read_bytes() for path in tmp_path.glob("threads*"))


def test_an_empty_message_is_refused(talk: Say) -> None:
    with pytest.raises(RequestError):
        talk("  ")
    with pytest.raises(RequestError):
        talk(SlotValue("no_such_slot", "x"))


def test_sentences_stream_while_the_answer_is_made(tmp_path: Path) -> None:
    class Slow(FakeAnswerer):
        def answer(self, question: str, history: Any = (), only: Any = None) -> Any:
            for event in super().answer(question, history):
                yield event
                time.sleep(0.2)

    began = time.perf_counter()
    events = conversation(tmp_path, Slow()).reply("s", "What does Arena pay?")
    times = {type(event).__name__: time.perf_counter() - began for event in events}
    assert times["Done"] - times["Status"] > 0.3


def test_history_reaches_the_answerer(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    made = conversation(tmp_path, answerer)
    list(made.reply("h", "What does Arena pay?"))
    list(made.reply("h", "And how long does it last?"))
    assert [size for _, size in answerer.asked] == [0, 2]


def test_a_turn_cut_between_nodes_is_resumed(tmp_path: Path) -> None:
    class Dies(FakeAnswerer):
        def answer(self, question: str, history: Any = (), only: Any = None) -> Any:
            raise KeyboardInterrupt
            yield

    made = conversation(tmp_path, Dies())
    with pytest.raises(KeyboardInterrupt):
        list(made.reply("r", "What does Arena pay?"))
    made.close()
    again = conversation(tmp_path)
    assert only(Done, list(again.reply("r", "What does Arena pay?")))[0].outcome == "answered"
    assert len(again.state("r")["messages"]) == 2
    other = conversation(tmp_path, Dies())
    with pytest.raises(KeyboardInterrupt):
        list(other.reply("r", "Who runs Arena?"))
    list(again.reply("r", "What does NCE pay?"))
    assert [m["text"] for m in again.state("r")["messages"] if m["role"] == "user"][1:] == [
        "Who runs Arena?",
        "What does NCE pay?",
    ]


def test_a_killed_process_loses_no_turn(tmp_path: Path) -> None:
    code = f"""
        import os
        from pathlib import Path
        from tests.coach.conftest import FakeAnswerer, conversation
        class Kills(FakeAnswerer):
            def answer(self, question, history=(), only=None):
                os._exit(9)
                yield
        made = conversation(Path({str(tmp_path)!r}), Kills())
        list(made.reply("k", {OPENING!r}))
        list(made.reply("k", "What does Arena pay?"))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 9
    made = conversation(tmp_path)
    assert only(Done, list(made.resume("k")))[0].outcome == "answered"
    assert made.state("k")["slots"]["members"] == 12 and len(made.state("k")["messages"]) == 4


def test_erasing_leaves_nothing_in_the_files(talk: Say, tmp_path: Path) -> None:
    talk("I am a zebrafinch breeder and we want to sell abroad.")
    made = talk.conversation  # type: ignore[attr-defined]
    made.erase("t")
    assert made.state("t") == {} and made.threads == []
    assert b"zebrafinch" not in b"".join(path.read_bytes() for path in tmp_path.glob("threads*"))


def test_only_the_newest_checkpoint_is_kept(talk: Say, tmp_path: Path) -> None:
    for number in range(5):
        talk(f"What does Arena pay in year {number}?")
    with sqlite3.connect(tmp_path / "threads.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM checkpoints").fetchone()[0] == 1


def _talk_in_process(folder: str, name: str, turns: int) -> None:
    made = conversation(Path(folder))
    for number in range(turns):
        list(made.reply("both", f"What does {name} pay in case {number}?"))


def test_two_processes_on_one_thread_lose_no_turn(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_talk_in_process, args=(str(tmp_path), name, 6)) for name in ("Arena", "Basque")]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)
        assert run.exitcode == 0
    said = [m["text"] for m in conversation(tmp_path).state("both")["messages"] if m["role"] == "user"]
    assert sorted(said) == sorted(f"What does {n} pay in case {i}?" for n in ("Arena", "Basque") for i in range(6))


MESSAGES = (
    OPENING,
    "What does Arena pay?",
    "not sure",
    "plan please",
    "That's not me",
    "Actually, we are fourteen members",
    "seafood",
    "We are in Portugal",
    "Why do you ask?",
    "hello",
    "thanks",
    "Somos doce empresas y queremos vender fuera.",
    "yes",
    "What should I do next?",
    "Since last time we founded the cluster.",
    "Which starter profile am I?",
    "12",
    "maybe twenty?",
    "what do you know about me?",
)


def simulate(folder: Path, seed: int) -> None:
    """One random conversation with restarts and a second process's connection on the same store."""
    chance = random.Random(seed)
    pair = [conversation(folder), conversation(folder)]
    thread, pending, asked = f"s{seed}", "", []
    for sent in range(1, chance.randint(6, 15)):
        made = chance.choice(pair)
        if chance.random() < 0.15:
            made.close()
            pair[pair.index(made)] = made = conversation(folder)
        options = slots()[pending].options if pending else ()
        message: Any = (
            SlotValue(pending, chance.choice(options).value)
            if options and chance.random() < 0.4
            else chance.choice(MESSAGES)
        )
        before = dict(made.state(thread).get("slots", {}))
        events = list(made.reply(thread, message))
        assert only(Done, events), message
        state = made.state(thread)
        assert len(state["messages"]) == 2 * sent
        assert set(before) <= set(state["slots"])
        now = only(Asked, events)[-1].slot if only(Asked, events) else ""
        if now and now != pending:
            asked.append(now)
        pending = state["pending"]
    assert len(asked) == len(set(asked)), asked
    for made in pair:
        made.close()


def test_sixty_simulated_conversations(tmp_path: Path) -> None:
    for seed in range(60):
        simulate(tmp_path, seed)


@pytest.mark.soak
def test_a_thousand_simulated_conversations(tmp_path: Path) -> None:
    for seed in range(1000, 2000):
        simulate(tmp_path, seed)


def test_an_interview_turn_is_quick(tmp_path: Path) -> None:
    made = conversation(tmp_path, encode=fake_encode)
    times = []
    for thread in range(8):
        for message in (OPENING, "seafood", "We are still an idea.", "not sure", "Actually, fourteen members"):
            began = time.perf_counter()
            list(made.reply(str(thread), message))
            times.append(time.perf_counter() - began)
    assert statistics.quantiles(times, n=20)[-1] < 0.15
