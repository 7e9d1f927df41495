"""What the web needs of the advisor: a small protocol, and the assembled advisor behind it."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol

from advisor.assemble import Advisor
from advisor.documents import Event
from advisor.settings import Site
from advisor.web import metrics
from advisor.web.privacy import is_hosted

Form = Literal["md", "pdf", "ics"]


class Coach(Protocol):
    """A conversation's other half."""

    def reply(self, thread: str, message: str, slot: str, site: Site, hosted: bool) -> Iterator[Event]:
        """Events of one turn; `slot`: the question that a button answers; `hosted`: a hosted model may be used."""

    def state(self, thread: str) -> Mapping[str, Any]:
        """`slots`, `profile`, `stage`, `plan` as they stand."""

    def tick(self, thread: str, step: str, done: bool) -> bool:
        """Tick a step of the plan; False where there is none like it."""

    def export(self, thread: str, form: Form) -> bytes | None:
        """The plan; None where there is none yet."""

    def erase(self, thread: str) -> None:
        """Forget the conversation for good."""


class AdvisorDoor:
    """The assembled advisor."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor

    def reply(self, thread: str, message: str, slot: str, site: Site, hosted: bool) -> Iterator[Event]:
        drafted = hosted or not is_hosted(self._advisor.settings.llm)

        def turn(thread: str, text: str) -> Iterator[Event]:
            return self._advisor.turn(thread, text, slot, site.collections, drafted=drafted, contact=site.handover)

        return metrics.observed(turn)(thread, message)

    def state(self, thread: str) -> Mapping[str, Any]:
        return self._advisor.state(thread)

    def tick(self, thread: str, step: str, done: bool) -> bool:
        return self._advisor.tick(thread, step, done)

    def export(self, thread: str, form: Form) -> bytes | None:
        return self._advisor.export(thread, form)

    def erase(self, thread: str) -> None:
        self._advisor.erase(thread)
