"""Several workers, a real PostgreSQL and a real Redis; a server that is killed in the middle of an answer."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from servers import free_port
from web.fake import FREE, NORTH, FakeCoach, application
from web.test_api import events, opened

from advisor.assemble import Advisor
from advisor.documents import Done, SentenceSaid
from advisor.records.tables import META
from advisor.settings import Limits
from advisor.web import limiter
from advisor.web.limiter import Limiter
from advisor.web.problems import Problem

SERVER = """
import json, sys, uvicorn
from pathlib import Path
from advisor.settings import Limits
from web.fake import FREE, application
given = json.loads(sys.argv[3])
limits = Limits(**{**FREE.model_dump(), **given.pop("limits", {})})
made = application(Path(sys.argv[1]), limits=limits, **given)[0]
uvicorn.run(made, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


@pytest.fixture
def pair(tmp_path: Path, postgres_url: str, redis_url: str) -> Iterator[tuple[TestClient, TestClient]]:
    """Two workers over one database and one Redis."""
    given = {"database_url": postgres_url, "redis_url": redis_url}
    limits = FREE.model_copy(update={"threads_per_address": "5/hour", "per_thread": "6/minute"})
    with contextlib.ExitStack() as stack:
        made = [application(tmp_path, FakeCoach(), limits=limits, **given) for _ in range(2)]
        yield tuple(stack.enter_context(TestClient(app)) for app, _ in made)  # type: ignore[misc]
        META.drop_all(made[0][1].records.engine)
        for _, parts in made:
            parts.records.close()


def test_two_workers_share_what_they_must(pair: tuple[TestClient, TestClient]) -> None:
    one, two = pair
    path, mine = opened(one)
    keyed = {**mine, "Idempotency-Key": "k"}
    first = one.post(f"{path}/messages", json={"text": "hello"}, headers=keyed)
    assert two.post(f"{path}/messages", json={"text": "hello"}, headers=keyed).text == first.text
    assert len(two.get(path, headers=mine).json()["messages"]) == 1

    said: list[str] = []
    asks = threading.Thread(
        target=lambda: said.append(one.post(f"{path}/messages", json={"text": "slow"}, headers=mine).text)
    )
    asks.start()
    until, message = time.monotonic() + 10, ""
    while not message and time.monotonic() < until:
        message = next((m["id"] for m in two.get(path, headers=mine).json()["messages"] if not m["events"]), "")
    followed = two.get(f"{path}/messages/{message}/events", headers=mine)
    asks.join()
    assert events(followed.text) == events(said[0]) and len(events(said[0])) > 50

    statuses = [client.post(f"{path}/messages", json={"text": "hi"}, headers=mine).status_code for client in pair * 3]
    assert statuses.count(200) == 3 and statuses[-1] == 429
    more = [client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH).status_code for client in pair * 3]
    assert more == [201, 201, 201, 201, 429, 429]
    assert two.delete(path, headers=mine).status_code == 204
    assert one.get(path, headers=mine).status_code == 404


def test_a_redis_that_is_gone_is_a_503(tmp_path: Path) -> None:
    app, _ = application(tmp_path, redis_url=f"redis://127.0.0.1:{free_port()}/0", limits=Limits())
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH)
    assert answer.status_code == 503 and answer.json()["code"] == "unavailable"


def test_the_coach_over_postgresql(tmp_path: Path, small: Advisor, postgres_url: str) -> None:
    made = Advisor(small.settings.model_copy(update={"data_dir": tmp_path, "database_url": postgres_url}))
    made.borrow(small)
    for _ in range(3):
        asked = list(made.reply("pg", "What do members of the Otterby kelp cluster pay?"))
    assert any("1,250 crowns" in e.sentence.text for e in asked if isinstance(e, SentenceSaid))
    assert isinstance(asked[-1], Done) and asked[-1].outcome == "answered"
    list(made.reply("pg", "I work for the county and want to gather twelve kelp firms. A plan please."))
    assert made.state("pg")["messages"] and "pg" in made.conversation.threads
    made.erase("pg")
    assert made.state("pg") == {} and made.records.asked() == []
    made.conversation.close()
    META.drop_all(made.records.engine)
    made.records.close()
    made.close()


@contextlib.contextmanager
def process(folder: Path, port: int, **given: Any) -> Iterator[subprocess.Popen[bytes]]:
    paths = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), str(Path(__file__).parents[1])])}
    command = [sys.executable, "-c", SERVER, str(folder), str(port), json.dumps(given)]
    running = subprocess.Popen(command, env={**os.environ, **paths})
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{port}/privacy.json", timeout=2)
            break
        time.sleep(0.1)
    yield running
    running.kill()
    running.wait(10)


def test_an_answer_cut_by_a_kill_ends_at_once_after_the_restart(tmp_path: Path) -> None:
    port = free_port()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        with process(tmp_path, port) as running:
            made = client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH).json()
            mine = {**NORTH, "Authorization": f"Bearer {made['token']}"}
            path = f"/api/v1/threads/{made['thread_id']}"
            with (
                contextlib.suppress(httpx.HTTPError),
                client.stream("POST", f"{path}/messages", json={"text": "slow"}, headers=mine) as answer,
            ):
                message, lines = answer.headers["message-id"], answer.iter_lines()
                while not next(lines).startswith('data: {"text": "Slow sentence 2.'):
                    pass
                running.send_signal(signal.SIGKILL)
                running.wait(10)
        with process(tmp_path, port):
            began = time.monotonic()
            resumed = client.get(f"{path}/messages/{message}/events", headers={**mine, "Last-Event-ID": f"{message}.3"})
            (last,) = events(resumed.text)
            assert last[1:] == ("error", {"code": "interrupted", "detail": last[2]["detail"]})
            assert time.monotonic() - began < 5
            again = client.post(f"{path}/messages", json={"text": "hello"}, headers=mine)
            assert events(again.text)[-1][1] == "done"


def test_two_processes_count_open_streams_together(tmp_path: Path, redis_url: str) -> None:
    """One database file and one Redis; the address may hold two streams, wherever it opens them."""
    given = {"redis_url": redis_url, "limits": {"streams_per_address": 2}}
    ports = [free_port(), free_port()]
    with contextlib.ExitStack() as stack:
        for port in ports:
            stack.enter_context(process(tmp_path, port, **given))
        one, two = (stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{p}", timeout=20)) for p in ports)

        def ask(client: httpx.Client) -> httpx.Response:
            made = one.post("/api/v1/threads", json={"site": "north"}, headers=NORTH).json()
            mine = {**NORTH, "Authorization": f"Bearer {made['token']}"}
            path = f"/api/v1/threads/{made['thread_id']}/messages"
            return stack.enter_context(client.stream("POST", path, json={"text": "slow"}, headers=mine))

        open_ones = [ask(one), ask(two)]
        assert [answer.status_code for answer in open_ones] == [200, 200]
        assert [ask(one).status_code, ask(two).status_code] == [429, 429]
        open_ones[0].close()
        until = time.monotonic() + 10
        while ask(two).status_code != 200:
            assert time.monotonic() < until, "the place of a reader who left is not free"
            time.sleep(0.1)


def test_what_a_killed_worker_held_is_forgotten(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "PERIOD", 0.5)

    async def held() -> None:
        dead, alive = (Limiter(Limits(streams_per_address=1), redis_url) for _ in range(2))
        lost = dead.stream("address")
        await lost.__aenter__()
        await asyncio.sleep(1.3)  # an open stream moves on with the periods
        with pytest.raises(Problem):
            await alive.stream("address").__aenter__()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(1.2)
        async with alive.stream("address"):
            pass

    asyncio.run(held())
