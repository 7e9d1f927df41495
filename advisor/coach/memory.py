"""What was said in this process's conversations, so that a follow-up is understood."""

import threading
from collections import OrderedDict
from collections.abc import Iterator

from advisor.documents import Event, Message, SentenceSaid

_MOST_THREADS = 10_000
_MOST_MESSAGES = 12  # of a conversation; older turns no longer matter to a follow-up


class Memory:
    """Histories by thread, the least recently used forgotten first. Safe to share between threads."""

    def __init__(self) -> None:
        self._threads: OrderedDict[str, tuple[Message, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def history(self, thread: str) -> tuple[Message, ...]:
        """What was said, oldest first."""
        with self._lock:
            return self._threads.get(thread, ())

    def remembering(self, thread: str, message: str, events: Iterator[Event]) -> Iterator[Event]:
        """The same events; when they end, the turn is remembered."""
        said: list[str] = []
        for event in events:
            if isinstance(event, SentenceSaid):
                said.append(event.sentence.text)
            yield event
        turn = (Message("user", message), Message("assistant", " ".join(said)))
        with self._lock:
            self._threads[thread] = (*self._threads.get(thread, ()), *turn)[-_MOST_MESSAGES:]
            self._threads.move_to_end(thread)
            while len(self._threads) > _MOST_THREADS:
                self._threads.popitem(last=False)

    def erase(self, thread: str) -> None:
        """Forget a conversation."""
        with self._lock:
            self._threads.pop(thread, None)
