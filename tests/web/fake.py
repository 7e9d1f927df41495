"""A coach that says what a test wants, and an application around it."""

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from advisor.documents import Asked, Citation, Done, Event, Planned, Profiled, Sentence, SentenceSaid, Status
from advisor.ingest.collections import Collections
from advisor.records import Records
from advisor.settings import Limits, Settings, Site
from advisor.web import api
from advisor.web.keeper import Keeper
from advisor.web.library import Library
from advisor.web.parts import Parts

SECRET = "a-secret-of-the-agency"
FREE = Limits(
    per_address="1000000/minute",
    per_thread="1000000/minute",
    threads_per_address="1000000/hour",
    streams_per_address=500,
)
SITES = (
    Site(
        key="north",
        origins=("https://north.example", "https://*.north.example"),
        secret=SECRET,
        messages_per_day=1_000_000,
        greeting="Hello!",
        handover="desk@north.example",
    ),
    Site(key="south", origins=("https://south.example",), secret="another-secret-of-south"),
)
NORTH, SOUTH = {"Origin": "https://north.example"}, {"Origin": "https://south.example"}


class FakeCoach:
    """Echoes; `interview`, `slow`, `fail`, `none` are words with a meaning of their own."""

    def __init__(self) -> None:
        self.erased: list[str] = []
        self.said: list[tuple[str, str, str, bool]] = []
        self.ticked: dict[str, bool] = {}
        self.delay = 0.0
        self.stopped = threading.Event()

    def reply(self, thread: str, message: str, slot: str, site: Site, hosted: bool) -> Iterator[Event]:
        self.said.append((thread, message, slot, hosted))
        yield Status("searching")
        if message.startswith("slow"):
            try:
                for number in range(60):
                    time.sleep(0.1)
                    yield SentenceSaid(Sentence(f"Slow sentence {number}.", "notice"))
            finally:
                self.stopped.set()
        if message.startswith("fail"):
            raise ZeroDivisionError
        if message.startswith("none"):
            yield SentenceSaid(Sentence("My sources do not answer that.", "notice"))
            yield Done("not_in_sources")
            return
        if message.startswith("interview") or slot == "role":
            yield from self._interview(slot)
            return
        time.sleep(self.delay)
        support = f"Clusters answer to {message}"
        passage = f"Before. {support}. After."
        cited = Citation(
            1, "d1", message, "https://source.example/" + message[:20], "2026", "d1.md", 3, passage, support, message
        )
        yield SentenceSaid(Sentence(f"Clusters answer to {message}", "fact", (1,)), (cited,))
        yield SentenceSaid(Sentence("They have members.", "fact", (1,)))
        yield Done("answered", language="en")

    def _interview(self, slot: str) -> Iterator[Event]:
        if not slot:
            options = (("official", "A public official"), ("company", "A company"))
            yield Asked("role", "Who are you in this?", options, "Your role shapes the first steps.")
        else:
            ranking = (("government_lead", 0.71), ("market_builder", 0.2), ("visionary", 0.09))
            yield Profiled(ranking, ({"quote": "official"},), "market_builder", "forming")
            yield Planned(
                {"steps": [{"id": "s1", "when": "30 days", "action": "Invite five firms", "why": "They pay."}]}
            )
        yield Done("coaching")

    def state(self, thread: str) -> Mapping[str, Any]:
        return {}

    def tick(self, thread: str, step: str, done: bool) -> bool:
        self.ticked[step] = done
        return step == "s1"

    def export(self, thread: str, form: str) -> bytes | None:
        return None if thread in self.erased else f"plan as {form}".encode()

    def erase(self, thread: str) -> None:
        self.erased.append(thread)


def application(folder: Path, coach: FakeCoach | None = None, **given: Any) -> tuple[FastAPI, Parts]:
    """An application with the API and the widget, without the page."""
    settings = Settings(
        **{"data_dir": folder, "sites": SITES, "limits": FREE, "llm": "none", "allowed_hosts": ("testserver",), **given}
    )
    app = FastAPI(openapi_url="/api/v1/openapi.json")
    records = Records(settings.data_dir, settings.database_url)
    library = Library(lambda: (), lambda: None)
    keeper = Keeper(Collections(folder / "collections"), lambda: None)
    return app, api.install(app, api.make_parts(settings, coach or FakeCoach(), records, library, keeper))
