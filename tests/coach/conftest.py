"""A conversation with a fake answerer, a fake encoder and the real plans over the built-in corpus."""

import datetime
import functools
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.coach.conversation import Conversation, open_store
from advisor.coach.plan import Plans
from advisor.coach.speech import Parts
from advisor.corpus import read_shelves
from advisor.documents import Done, Event, Message, Sentence, SentenceSaid, Status
from advisor.ingest import language
from advisor.resources import resource

TODAY = datetime.date(2026, 11, 24)


class FakeAnswerer:
    """Says that it answered, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def answer(self, question: str, history: Sequence[Message] = (), only: Any = None) -> Iterator[Event]:
        self.asked.append((question, len(history)))
        yield Status("searching")
        yield SentenceSaid(Sentence("The sources say so.", "notice"))
        yield Done("answered")


def fake_encode(text: str) -> Any:
    """A vector that depends on the text alone; the n-grams carry the meaning."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    return vector / np.linalg.norm(vector) * 0.05


@functools.cache
def plans() -> Plans:
    return Plans(lambda: read_shelves([resource("corpus")]))


def conversation(folder: Path, answerer: Any = None, encode: Any = fake_encode) -> Conversation:
    parts = Parts(answerer or FakeAnswerer(), plans(), encode, language.detect, lambda: TODAY)
    return Conversation(open_store(folder), parts)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Callable[..., list[Event]]]:
    made = conversation(tmp_path)

    def say(message: Any, thread: str = "t") -> list[Event]:
        return list(made.reply(thread, message))

    say.conversation = made  # type: ignore[attr-defined]
    yield say
    made.close()
