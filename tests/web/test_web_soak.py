"""Long: many visitors at once, and memory over many conversations. Run by `make soak`."""

import asyncio
import json
import statistics
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from browser.stage import free_port, serving
from fastapi import FastAPI
from web.fake import FREE, NORTH, SITES, FakeCoach, application

from advisor.assemble import Advisor
from advisor.records import Records
from advisor.web import api
from advisor.web.keeper import Keeper
from advisor.web.library import Library

QUESTIONS = (
    "How do clusters pay for themselves after {n} years?",
    "What did cluster number {n} do first?",
    "Which programme supports {n} members?",
    "Who should lead a cluster with {n} firms?",
)


async def visitor(client: httpx.AsyncClient, number: int, until: float, pause: float, firsts: list[float]) -> int:
    """One visitor who asks something else every `pause` seconds; returns how many answers failed."""
    await asyncio.sleep(pause * (number % 40) / 40)
    made = (await client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH)).json()
    path, mine = f"/api/v1/threads/{made['thread_id']}", {**NORTH, "Authorization": f"Bearer {made['token']}"}
    failed = turn = 0
    while time.monotonic() < until:
        began, first, ended = time.monotonic(), 0.0, False
        text = QUESTIONS[turn % len(QUESTIONS)].format(n=number * 7 + turn)
        async with client.stream("POST", f"{path}/messages", json={"text": text}, headers=mine) as answer:
            async for line in answer.aiter_lines():
                if line == "event: sentence" and not first:
                    first = time.monotonic() - began
                ended |= line == "event: done"
        failed += not ended
        firsts.append(first)
        turn += 1
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))
    return failed


async def crowd(host: str, visitors: int, seconds: float, pause: float) -> dict[str, Any]:
    firsts: list[float] = []
    bounds = httpx.Limits(max_connections=visitors + 20)
    async with httpx.AsyncClient(base_url=host, timeout=60, limits=bounds) as client:
        until = time.monotonic() + seconds
        failed = await asyncio.gather(*(visitor(client, n, until, pause, firsts) for n in range(visitors)))
    cut = statistics.quantiles(firsts, n=100)
    return {"answers": len(firsts), "failed": sum(failed), "p50": round(cut[49], 3), "p95": round(cut[94], 3)}


@pytest.mark.parametrize(
    ("visitors", "seconds", "pause", "bound"),
    [(20, 12, 2, 3.0), pytest.param(200, 120, 20, 1.0, marks=pytest.mark.soak)],  # ten questions a second, both
)
def test_a_crowd_of_visitors(
    whole: Advisor, tmp_path: Path, visitors: int, seconds: float, pause: float, bound: float
) -> None:
    settings = whole.settings.model_copy(update={"sites": SITES, "limits": FREE, "data_dir": tmp_path})
    app = FastAPI()
    from advisor.web.door import AdvisorDoor

    whole.warm_up()
    library, keeper = Library(whole.documents, whole.versions.current), Keeper(whole.collections, whole.ensure_index)
    api.install(app, api.make_parts(settings, AdvisorDoor(whole), Records(tmp_path), library, keeper))
    with serving(app, free_port()) as host:
        found = asyncio.run(crowd(host, visitors, seconds, pause))
    print(json.dumps(found))
    assert found["failed"] == 0 and found["p95"] < bound, found


@pytest.mark.soak
def test_memory_is_flat_over_ten_thousand_conversations(tmp_path: Path) -> None:
    app, _ = application(tmp_path, FakeCoach())

    async def talk(host: str, conversations: int) -> None:
        async with httpx.AsyncClient(base_url=host, timeout=60) as client:
            for _ in range(conversations // 10):
                await asyncio.gather(*(once(client) for _ in range(10)))

    async def once(client: httpx.AsyncClient) -> None:
        made = (await client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH)).json()
        mine = {**NORTH, "Authorization": f"Bearer {made['token']}"}
        path = f"/api/v1/threads/{made['thread_id']}/messages"
        assert (await client.post(path, json={"text": "hello"}, headers=mine)).status_code == 200

    with serving(app, free_port()) as host:
        asyncio.run(talk(host, 2000))
        before = psutil.Process().memory_info().rss
        asyncio.run(talk(host, 10_000))
        grown = (psutil.Process().memory_info().rss - before) / 2**20
    print(f"grown by {grown:.1f} MiB")
    assert grown < 30
