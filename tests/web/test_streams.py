"""Many open streams, slow readers, readers who leave: caps hold, and nothing stays behind."""

import asyncio
import contextlib
import gc
import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from browser.stage import free_port, serving
from fastapi.testclient import TestClient
from web.fake import FREE, NORTH, FakeCoach, application

from advisor.documents import Done, Event, Sentence, SentenceSaid
from advisor.settings import Site
from advisor.web import conversing, streams
from advisor.web.parts import Parts


class Waiting(FakeCoach):
    """Answers once it may; `flood` sends 4 MB."""

    def __init__(self) -> None:
        super().__init__()
        self.may = False

    def reply(self, thread: str, message: str, slot: str, site: Site, hosted: bool) -> Iterator[Event]:
        if message == "flood":
            for number in range(1500):
                yield SentenceSaid(Sentence(f"{number} " + "x" * 3000, "notice"))
        else:
            until = time.monotonic() + 300
            yield SentenceSaid(Sentence("First.", "notice"))
            while not self.may and time.monotonic() < until:
                time.sleep(0.4)
                yield SentenceSaid(Sentence("More.", "notice"))
        yield Done("answered")


def request(path: str, token: str, address: str, message: str = "", text: str = "") -> bytes:
    """A request for a stream: of a new message, or of one that runs."""
    body = json.dumps({"text": text}).encode() if text else b""
    line = f"POST {path}/messages" if text else f"GET {path}/messages/{message}/events"
    head = f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {NORTH['Origin']}\r\nX-Forwarded-For: {address}\r\n"
    head += f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def flood(port: int, asks: list[bytes], hold: float) -> Counter[int]:
    """Open all streams at once, hold them, leave without a word; the statuses seen."""
    statuses: Counter[int] = Counter()

    async def one(asked: bytes) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asked)
        statuses[int((await asyncio.wait_for(reader.readline(), 60)).split()[1])] += 1
        return writer

    gate = asyncio.Semaphore(200)

    async def gated(asked: bytes) -> asyncio.StreamWriter:
        async with gate:
            return await one(asked)

    writers = await asyncio.gather(*(gated(asked) for asked in asks))
    await asyncio.sleep(hold)
    for writer in writers:
        writer.close()
    return statuses


def storm(tmp_path: Path, opened: int, most: int) -> tuple[Counter[int], float]:
    """`opened` readers of one running reply, from as many addresses; statuses and memory that stayed, in MiB."""
    coach, port = Waiting(), free_port()
    app, parts = application(tmp_path, coach, limits=FREE.model_copy(update={"streams": most}))
    with serving(app, port):
        thread, token = parts.owners.open("north")
        path = f"/api/v1/threads/{thread}"
        with socket.create_connection(("127.0.0.1", port)) as first:
            first.sendall(request(path, token, "192.0.2.1", text="wait"))
            assert b"200" in first.recv(4096)
            message = parts.records.messages(thread)[0]["id"]
            asks = [request(path, token, f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", message) for n in range(opened)]
            asyncio.run(flood(port, asks, 0.5))  # what is allocated once is allocated now
            settled(parts, 1)
            before = memory()
            statuses = asyncio.run(flood(port, asks, 2))
            settled(parts, 1)
            stayed = memory() - before
            coach.may = True
        settled(parts, 0)
        ended(parts)
    return statuses, stayed


def settled(parts: Parts, streams_left: int) -> None:
    until = time.monotonic() + 60
    while parts.limiter.streams_open != streams_left and time.monotonic() < until:
        time.sleep(0.05)
    assert parts.limiter.streams_open == streams_left


def ended(parts: Parts) -> None:
    until = time.monotonic() + 20
    while parts.runs._busy and time.monotonic() < until:
        time.sleep(0.05)
    assert parts.runs._busy == {} and parts.runs._live == {}


def memory() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


def test_the_cap_of_all_streams_holds_and_nothing_stays(tmp_path: Path) -> None:
    statuses, stayed = storm(tmp_path, 300, 101)
    assert statuses == {200: 100, 503: 200} and stayed < 20, (statuses, stayed)


@pytest.mark.soak
def test_ten_thousand_streams(tmp_path: Path) -> None:
    opened = int(os.environ.get("ADVISOR_STREAMS", "10000"))
    began = time.monotonic()
    statuses, stayed = storm(tmp_path, opened, 2001)
    print(f"{statuses}, {stayed:.1f} MiB stayed, {time.monotonic() - began:.0f} s")
    assert statuses == {200: 2000, 503: opened - 2000} and stayed < 50


def test_the_cap_of_an_address_holds_when_all_come_at_once(tmp_path: Path) -> None:
    coach, port = Waiting(), free_port()
    app, parts = application(tmp_path, coach, limits=FREE.model_copy(update={"streams_per_address": 5}))
    with serving(app, port):
        owned = [parts.owners.open("north") for _ in range(40)]
        asks = [request(f"/api/v1/threads/{thread}", token, "192.0.2.1", text="wait") for thread, token in owned]
        statuses = asyncio.run(flood(port, asks, 0.5))
        coach.may = True
        settled(parts, 0)
    assert statuses == {200: 5, 429: 35}


def test_a_full_server_says_when_to_come_back(tmp_path: Path) -> None:
    app, parts = application(tmp_path, limits=FREE.model_copy(update={"streams": 1}))
    with TestClient(app) as client:
        thread, token = parts.owners.open("north")
        headers = {**NORTH, "Authorization": f"Bearer {token}"}
        with client.portal.wrap_async_context_manager(parts.limiter.stream("somebody")):  # type: ignore[union-attr]
            full = client.post(f"/api/v1/threads/{thread}/messages", json={"text": "hi"}, headers=headers)
        assert full.status_code == 503 and full.headers["retry-after"] == "5" and "shortly" in full.json()["detail"]
        assert parts.records.messages(thread) == []
        assert (
            client.post(f"/api/v1/threads/{thread}/messages", json={"text": "hi"}, headers=headers).status_code == 200
        )


def test_a_reader_who_takes_nothing_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversing, "SEND_SECONDS", 0.5)
    port = free_port()
    app, parts = application(tmp_path, Waiting())
    with serving(app, port):
        thread, token = parts.owners.open("north")
        with socket.socket() as lazy:
            lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy.connect(("127.0.0.1", port))
            lazy.sendall(request(f"/api/v1/threads/{thread}", token, "192.0.2.1", text="flood"))
            time.sleep(0.3)
            assert parts.limiter.streams_open == 1
            settled(parts, 0)
        ended(parts)


def test_a_reply_that_all_have_left_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "GRACE", 0.5)
    coach, port = Waiting(), free_port()
    app, parts = application(tmp_path, coach)
    with serving(app, port):
        thread, token = parts.owners.open("north")
        with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as left:
            left.sendall(request(f"/api/v1/threads/{thread}", token, "192.0.2.1", text="wait"))
            assert b"200" in left.recv(4096)
        settled(parts, 0)
        ended(parts)
        assert parts.records.messages(thread)[0]["events"][-1][1]["code"] == "cancelled"
