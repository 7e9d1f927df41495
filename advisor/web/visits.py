"""A founder's conversation on our own page: opened, spoken in, kept with its events, read back. No Gradio, no HTML."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.documents import digest
from advisor.errors import AdvisorError
from advisor.web.parts import Parts
from advisor.web.privacy import masked
from advisor.web.problems import Problem
from advisor.web.sites import OWN
from advisor.web.streams import Entry, entry

Owner = tuple[str, str]  # a conversation and its token, as the browser keeps them


class Visits:
    """The page's door to the conversations of the API: the same store, the same owners' tokens."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def open(self, owner: Any) -> Owner:
        """The conversation that the browser names, where the token is its own; else a new one."""
        return self.known(owner) or self._parts.owners.open(OWN.key)

    def known(self, owner: Any) -> Owner | None:
        """What the browser kept, where it still holds."""
        if not isinstance(owner, (list, tuple)) or len(owner) != 2 or not all(isinstance(x, str) for x in owner):
            return None
        thread = self._parts.owners.owned(owner[0], owner[1])
        return (owner[0], owner[1]) if thread is not None and thread.site == OWN.key else None

    def say(self, thread: str, text: str, slot: str = "") -> Iterator[Entry]:
        """Events of one turn as on the wire; what was said is kept when it ends, or where the reader leaves."""
        here = self._parts
        site = here.sites.get(OWN.key) or OWN
        try:
            here.runs.reserve(thread)
        except Problem as problem:
            yield "error", {"detail": problem.detail}
            return
        log: list[Entry] = []
        try:
            message = here.records.take(thread, masked(text), f"{slot}\n{text}").id
            try:
                for event in here.coach.reply(thread, text, slot, site, True):
                    log.append(entry(event))
                    yield log[-1]
            except AdvisorError as problem:
                log.append(("error", {"detail": str(problem)}))
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
        return (self._parts.sites.get(OWN.key) or OWN).handover
