"""What the web needs of the advisor: a small protocol, and the assembled advisor behind it."""

import threading
from collections.abc import Callable, Iterator, Mapping
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

    def feedback(self, thread: str, text: str, helpful: bool) -> None:
        """Keep a vote on the answer to `text`."""


class AdvisorDoor:
    """The assembled advisor. Parts that it lacks are simply not there yet: no plan, nothing to erase."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor
        self._lock = threading.Lock()
        self._local: Advisor | None = None

    def reply(self, thread: str, message: str, slot: str, site: Site, hosted: bool) -> Iterator[Event]:
        chosen = self._advisor if hosted or not is_hosted(self._advisor.settings.llm) else self._without_model()
        answer_slot = getattr(chosen, "answer_slot", None)
        if slot and answer_slot is not None:
            return metrics.observed(lambda t, m: answer_slot(t, slot, m))(thread, message)
        return metrics.observed(chosen.reply)(thread, message)

    def _without_model(self) -> Advisor:
        """The same advisor with no language model, for sites that do not allow a hosted one."""
        with self._lock:
            if self._local is None:
                self._local = Advisor(self._advisor.settings.model_copy(update={"llm": "none"}))
                self._local.__dict__["embedder"] = self._advisor.embedder
            return self._local

    def state(self, thread: str) -> Mapping[str, Any]:
        return self._call("state", thread) or {}

    def tick(self, thread: str, step: str, done: bool) -> bool:
        return bool(self._call("tick", thread, step, done))

    def export(self, thread: str, form: Form) -> bytes | None:
        made = self._call("export", thread, form)
        return made.encode() if isinstance(made, str) else made

    def erase(self, thread: str) -> None:
        self._call("erase", thread)

    def feedback(self, thread: str, text: str, helpful: bool) -> None:
        self._advisor.feedback(thread, text, helpful)

    def _call(self, name: str, *values: Any) -> Any:
        part: Callable[..., Any] | None = getattr(self._advisor, name, None)
        return part(*values) if part is not None else None
