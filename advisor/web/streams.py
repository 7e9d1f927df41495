"""Replies as event streams: a log per message that any number of readers may follow, cut and resume."""

import asyncio
import dataclasses
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from advisor.documents import Asked, Done, Event, Failed, Planned, Profiled, Retrieved, SentenceSaid, Status
from advisor.errors import AdvisorError
from advisor.web.problems import Problem, busy

_log = logging.getLogger(__name__)
HEARTBEAT = 10.0
GRACE = 15.0  # a reply that nobody follows for so long is given up
MOST_EVENTS = 2000
Entry = tuple[str, Any]


def entry(event: Event) -> Entry:
    """An event as its name and JSON on the wire."""
    if isinstance(event, Status):
        return "status", {"step": event.step}
    if isinstance(event, Retrieved):
        chunks = [hit.chunk for hit in event.hits]
        return "retrieved", {
            "passages": [{"document_id": c.document_id, "title": c.title, "source": c.source} for c in chunks]
        }
    if isinstance(event, SentenceSaid):
        said = event.sentence
        return "sentence", {
            "text": said.text,
            "role": said.role,
            "marks": list(said.citations),
            "citations": [dataclasses.asdict(citation) for citation in event.citations],
        }
    if isinstance(event, Asked):
        options = [{"value": value, "label": label} for value, label in event.options]
        return "question", {"slot": event.slot, "text": event.text, "options": options, "why": event.why}
    if isinstance(event, Profiled):
        ranking = [{"profile": name, "probability": round(p, 4)} for name, p in event.ranking]
        evidence = [dict(piece) for piece in event.evidence]
        return "profile", {"ranking": ranking, "evidence": evidence, "runner_up": event.runner_up, "stage": event.stage}
    if isinstance(event, Planned):
        return "plan", _plain(event.plan)
    if isinstance(event, Failed):
        return "error", {"code": "failed", "detail": event.message}
    assert isinstance(event, Done)
    return "done", {
        "outcome": event.outcome,
        "masked": list(event.masked),
        "withheld": len(event.withheld),
        "language": event.language,
        "seconds": {name: round(seconds, 4) for name, seconds in event.seconds.items()},
    }


def wire(message: str, number: int, item: Entry) -> bytes:
    """One event in the text/event-stream format; JSON never holds a bare newline."""
    name, data = item
    return f"id: {message}.{number}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def after(last: str | None, message: str) -> int:
    """How many events a reader has seen, by its Last-Event-ID."""
    known, _, number = (last or "").rpartition(".")
    return int(number) + 1 if known == message and number.isascii() and number.isdigit() and len(number) < 7 else 0


class Run:
    """One reply on its way: its log grows in a worker thread, readers wait for it in the event loop."""

    def __init__(self, message: str, loop: asyncio.AbstractEventLoop, cancelled: threading.Event) -> None:
        self.message = message
        self.log: list[Entry] = []
        self.ended = False
        self.readers = 0
        self.alone_since = time.monotonic()
        self.cancelled = cancelled
        self._loop, self._more = loop, asyncio.Event()

    def produce(self, begin: Callable[[], Iterator[Event]], finished: Callable[["Run"], None]) -> None:
        """Fill the log; ends early where nobody listens any more. Runs in a worker thread."""
        events: Iterator[Event] = iter(())
        try:
            events = begin()
            for event in events:
                if self.given_up() or len(self.log) > MOST_EVENTS:
                    self._add(("error", {"code": "cancelled", "detail": "The reply was stopped."}))
                    break
                self._add(entry(event))
        except AdvisorError as problem:
            _log.error("reply failed: %s", problem)
            self._add(
                ("error", {"code": "failed", "detail": "The advisor could not finish this answer. Please ask again."})
            )
        except Exception:  # noqa: BLE001 - the reader must learn that the reply ended; the log keeps the traceback
            _log.exception("bug in a reply")
            self._add(("error", {"code": "bug", "detail": "Something broke on our side."}))
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()
            try:
                finished(self)
            except AdvisorError as problem:
                _log.error("reply not kept: %s", problem)
            self.ended = True
            self._wake()

    def given_up(self) -> bool:
        return self.cancelled.is_set() or (self.readers == 0 and time.monotonic() - self.alone_since > GRACE)

    def _add(self, item: Entry) -> None:
        self.log.append(item)
        self._wake()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._set)

    def _set(self) -> None:
        more, self._more = self._more, asyncio.Event()
        more.set()

    async def follow(self, seen: int) -> AsyncIterator[bytes]:
        """Events from there on, and a comment line as heartbeat while nothing happens."""
        self.readers += 1
        try:
            while True:
                more, ended = self._more, self.ended
                while seen < len(self.log):
                    yield wire(self.message, seen, self.log[seen])
                    seen += 1
                if ended:
                    return
                try:
                    await asyncio.wait_for(more.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": beat\n\n"
        finally:
            self.readers -= 1
            self.alone_since = time.monotonic()


class Runs:
    """The replies of this process. At most one at a time a conversation."""

    def __init__(self, workers: int = 16, most: int = 512) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reply")
        self._most = most
        self._live: dict[str, Run] = {}  # by conversation
        self._busy: dict[str, threading.Event] = {}  # by conversation; set to stop what is being said
        self._lock = threading.Lock()

    def reserve(self, thread: str) -> threading.Event:
        """What stops the reply that may begin now. Raises Problem where this conversation, or the whole server, is busy."""
        with self._lock:
            if thread in self._busy:
                raise Problem(409, "still_answering", "The last message is still being answered.", retry_after=2)
            if len(self._busy) >= self._most:
                raise busy()
            return self._busy.setdefault(thread, threading.Event())

    def release(self, thread: str) -> None:
        """Free what `reserve` took."""
        with self._lock:
            self._busy.pop(thread, None)
            self._live.pop(thread, None)

    def start(
        self, thread: str, message: str, events: Callable[[], Iterator[Event]], keep: Callable[[Run], None]
    ) -> Run:
        """Begin a reply in a conversation that is reserved. Called in the event loop."""
        with self._lock:
            run = Run(message, asyncio.get_running_loop(), self._busy[thread])
            self._live[thread] = run

        def finished(run: Run) -> None:
            try:
                keep(run)
            finally:
                self.release(thread)

        self._pool.submit(run.produce, events, finished)
        return run

    def live(self, thread: str, message: str) -> Run | None:
        run = self._live.get(thread)
        return run if run is not None and run.message == message else None

    def cancel(self, thread: str, wait: float = 10.0) -> None:
        """Stop a reply and wait until it has let go of the conversation. Not for the event loop."""
        stop = self._busy.get(thread)
        if stop is not None:
            stop.set()
            until = time.monotonic() + wait
            while self._busy.get(thread) is stop and time.monotonic() < until:
                time.sleep(0.02)

    def leave(self, thread: str) -> None:
        """Give up a reply that nobody follows any more: its reader has gone on."""
        run = self._live.get(thread)
        if run is not None and run.readers == 0 and time.monotonic() - run.alone_since > 0.5:
            self.cancel(thread)

    def close(self) -> None:
        for stop in list(self._busy.values()):
            stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)


async def replay(message: str, log: list[Entry], seen: int) -> AsyncIterator[bytes]:
    """A reply that has ended, from there on."""
    for number in range(seen, len(log)):
        yield wire(message, number, log[number])
    if log and seen >= len(log) and log[-1][0] == "error":  # what the reader saw before was lost with its process
        yield wire(message, seen, log[-1])


def _plain(value: Any) -> Any:
    """Mappings and tuples of a plan as JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
