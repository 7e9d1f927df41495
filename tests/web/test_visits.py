"""The page's door to conversations: the limits of the API, an end for every reply, nothing left of what was erased."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from web.fake import FREE, FakeCoach, application

from advisor.settings import Limits
from advisor.web.problems import Problem
from advisor.web.visits import Visits


def admitted(visits: Visits, times: int, owner: Any = None, address: str = "192.0.2.1") -> list[Any]:
    """What became of so many messages: the owner, or the seconds to wait."""

    def one() -> Any:
        try:
            return visits.admit(owner, address)
        except Problem as problem:
            assert problem.status == 429
            return problem.retry_after

    async def all_of_them() -> list[Any]:
        return [await to_thread.run_sync(one) for _ in range(times)]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("limits", "passed"),
    [
        (Limits(per_address="3/minute"), 3),
        (FREE.model_copy(update={"threads_per_address": "2/hour"}), 2),
        (FREE, 6),
    ],
)
def test_a_visitor_of_the_page_is_counted(tmp_path: Path, limits: Limits, passed: int) -> None:
    visits = Visits(application(tmp_path, limits=limits)[1])
    made = admitted(visits, 6)
    assert all(isinstance(one, tuple) for one in made[:passed])
    assert all(isinstance(one, int) and 0 < one <= 3600 for one in made[passed:])
    if passed < 6:
        assert isinstance(admitted(visits, 1, address="192.0.2.2")[0], tuple)


def test_a_conversation_is_counted_too(tmp_path: Path) -> None:
    visits = Visits(application(tmp_path, limits=FREE.model_copy(update={"per_thread": "2/minute"}))[1])
    (owner,) = admitted(visits, 1)
    assert [isinstance(one, int) for one in admitted(visits, 3, owner)] == [False, True, True]
    assert admitted(visits, 1, ("f" * 32, "a guess"))[0] != owner


def test_erasing_stops_the_reply_and_leaves_nothing(tmp_path: Path) -> None:
    coach = FakeCoach()
    _, parts = application(tmp_path, coach)
    visits = Visits(parts)
    thread, _ = parts.owners.open("own")
    talk = threading.Thread(target=lambda: list(visits.say(thread, "slow")))
    talk.start()
    while not coach.said:
        time.sleep(0.02)
    began = time.monotonic()
    parts.runs.cancel(thread)
    assert coach.stopped.is_set() and thread not in parts.runs._busy and time.monotonic() - began < 3
    talk.join(5)
    assert not talk.is_alive()


def test_a_bug_ends_the_reply_in_words(tmp_path: Path) -> None:
    _, parts = application(tmp_path)
    visits = Visits(parts)
    thread, _ = parts.owners.open("own")
    last = list(visits.say(thread, "fail"))[-1]
    assert last[0] == "error" and last[1]["code"] == "failed" and "ZeroDivision" not in str(last)
    parts.runs.reserve(thread)
    (busy,) = visits.say(thread, "hello")
    assert busy[1]["code"] == "still_answering"
