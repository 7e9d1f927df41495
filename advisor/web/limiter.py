"""Limits that do not trust the browser: requests, messages, open streams, answers of hosted models."""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from advisor.errors import SetupError, StoreError
from advisor.settings import Limits, Site
from advisor.web.problems import busy, too_many

PERIOD = 30.0  # seconds in which an open stream counts, and the next as many


@contextlib.contextmanager
def _counting() -> Iterator[None]:
    try:
        yield
    except StorageError as problem:
        raise StoreError("Limits cannot be counted", cure="Check redis_url and its server.") from problem


class Limiter:
    """Requests per address, conversation, site and day, and streams that are open. In Redis by URL, else in memory."""

    def __init__(self, limits: Limits, redis_url: str = "") -> None:
        self.limits = limits
        redis: dict[str, Any] = {"implementation": "redispy", "wrap_exceptions": True}
        self._storage = RedisStorage(f"async+{redis_url}", **redis) if redis_url else MemoryStorage()
        self._window = SlidingWindowCounterRateLimiter(self._storage)
        try:
            self._address, self._thread = parse(limits.per_address), parse(limits.per_thread)
            self._opening, self._hosted = parse(limits.threads_per_address), parse(limits.hosted_per_day)
        except ValueError as problem:
            raise SetupError(
                f"A limit is not readable ({problem})", value=limits, cure='Write it like "120/minute".'
            ) from problem
        self._guessing = parse("20/minute")
        self.streams_open = 0  # of this worker

    async def request(self, address: str) -> None:
        await self._take(self._address, "address", address)

    async def opening(self, address: str) -> None:
        await self._take(self._opening, "opening", address)

    async def message(self, thread: str, site: Site) -> None:
        await self._take(self._thread, "thread", thread)
        await self._take(parse(f"{site.messages_per_day}/day"), "site", site.key)

    async def wrong_secret(self, address: str) -> None:
        await self._take(self._guessing, "guess", address)

    async def hosted(self) -> bool:
        """Take one answer from the day's budget for hosted models; False once it is spent."""
        with _counting():
            return await self._window.hit(self._hosted, "hosted")

    async def _take(self, item: RateLimitItem, *key: str) -> None:
        with _counting():
            if not await self._window.hit(item, *key):
                stats = await self._window.get_window_stats(item, *key)
                raise too_many(round(stats.reset_time - time.time()) + 1)

    @contextlib.asynccontextmanager
    async def stream(self, address: str) -> AsyncIterator[None]:
        """A place among the open streams. Raises Problem where the address, or the whole server, holds its most.

        A stream counts in this and in the next period, and while it is open moves on with them; so what a killed
        worker held is forgotten after two periods. Where the limits lie in Redis, all workers count together.
        """
        held = [_period(), _period() + 1]
        total, own = await self._count(held[0], address, 1)
        await self._count(held[1], address, 1)
        stay = asyncio.create_task(self._stay(held, address))
        self.streams_open += 1
        try:
            if total > self.limits.streams:
                raise busy()
            if own > self.limits.streams_per_address:
                raise too_many(5)
            yield
        finally:
            self.streams_open -= 1
            stay.cancel()
            with contextlib.suppress(StoreError):  # then it is forgotten in time
                for period in held:
                    await self._count(period, address, -1)

    async def _stay(self, held: list[int], address: str) -> None:
        while True:
            await asyncio.sleep(max(0.0, held[1] * PERIOD - time.time()))
            with contextlib.suppress(StoreError):
                await self._count(held[1] + 1, address, 1)
            held[:] = [held[1], held[1] + 1]

    async def _count(self, period: int, address: str, change: int) -> tuple[int, int]:
        """The streams of everybody and of this address in a period, after the change."""
        with _counting():
            keys = (f"streams/{period}", f"streams/{period}/{address}")
            total, own = [await self._storage.incr(key, 3 * math.ceil(PERIOD), change) for key in keys]
            return total, own


def _period() -> int:
    return int(time.time() // PERIOD)
