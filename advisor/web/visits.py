"""A founder's conversation on our own page: opened, spoken in, kept with its events, read back. No Gradio, no HTML."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from anyio import from_thread

from advisor.documents import digest
from advisor.errors import AdvisorError
from advisor.settings import Site
from advisor.web.parts import Parts
from advisor.web.privacy import masked
from advisor.web.problems import Problem
from advisor.web.sites import OWN, is_reader
from advisor.web.streams import Entry, entry

_log = logging.getLogger(__name__)
Owner = tuple[str, str]  # a conversation and its token, as the browser keeps them


class Visits:
    """The page's door to the conversations of the API: the same store, the same owners' tokens."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def admit(self, owner: Any, address: str) -> Owner:
        """The conversation that the browser names, else a new one, counted like a call of the API.

        Raises Problem over a limit. For worker threads of the event loop: that is where limits are counted.
        """
        here = self._parts
        key = here.addresses.hashed(address)
        from_thread.run(here.limiter.request, key)
        mine = self.known(owner)
        if mine is None:
            from_thread.run(here.limiter.opening, key)
            mine = here.owners.open(OWN.key)
        from_thread.run(here.limiter.message, mine[0], self._site)
        return mine

    def known(self, owner: Any) -> Owner | None:
        """What the browser kept, where it still holds."""
        if not isinstance(owner, (list, tuple)) or len(owner) != 2 or not all(isinstance(x, str) for x in owner):
            return None
        thread = self._parts.owners.owned(owner[0], owner[1])
        return (owner[0], owner[1]) if thread is not None and thread.site == OWN.key else None

    def say(self, thread: str, text: str, slot: str = "") -> Iterator[Entry]:
        """Events of one turn as on the wire; what was said is kept when it ends, or where the reader leaves."""
        here = self._parts
        try:
            stop = here.runs.reserve(thread)
        except Problem as problem:
            yield "error", {"code": problem.code, "detail": problem.detail, "retry_after": problem.retry_after}
            return
        log: list[Entry] = []
        try:
            message = here.records.take(thread, masked(text), f"{slot}\n{text}").id
            try:
                for event in here.coach.reply(thread, text, slot, self._site, True):
                    if stop.is_set():
                        log.append(("error", {"code": "cancelled", "detail": "The reply was stopped."}))
                        break
                    log.append(entry(event))
                    yield log[-1]
            except Exception as problem:  # noqa: BLE001 - the visitor must learn that it ended; the log keeps the rest
                _log.error("reply failed: %s", problem, exc_info=not isinstance(problem, AdvisorError))
                log.append(("error", {"code": "failed", "detail": "The advisor could not finish this answer."}))
                yield log[-1]
            finally:
                done = dict(log).get("done", {})
                here.records.finish(message, log, outcome=done.get("outcome", ""), language=done.get("language", ""))
        finally:
            here.runs.release(thread)

    def turns(self, thread: str) -> list[tuple[str, list[Entry]]]:
        """What was said before: message and events, oldest first."""
        return [
            (row["text"], [(name, data) for name, data in row["events"] or ()])
            for row in self._parts.records.messages(thread)
        ]

    def state(self, thread: str) -> Mapping[str, Any]:
        return self._parts.coach.state(thread)

    def vote(self, thread: str, text: str, helpful: bool) -> None:
        self._parts.records.vote(thread, digest(text), helpful)

    @property
    def handover(self) -> str:
        """The person to whom one may be put through, by mail or address; empty where there is none."""
        return self._site.handover

    def keeps(self, person: str) -> bool:
        """Whether a person, signed in at the proxy, reads the agency's view of this page."""
        return is_reader(self._site, person)

    @property
    def _site(self) -> Site:
        return self._parts.sites.get(OWN.key) or OWN
