"""Counts and times of answers, in Prometheus text form."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from advisor.documents import Done, Event

_lock = threading.Lock()
_outcomes: Counter[str] = Counter()
_seconds: defaultdict[str, float] = defaultdict(float)
_count: Counter[str] = Counter()


def observed(reply: Callable[[str, str], Iterator[Event]]) -> Callable[[str, str], Iterator[Event]]:
    """The same reply, with its outcome and times counted."""

    def counted(thread: str, message: str) -> Iterator[Event]:
        for event in reply(thread, message):
            if isinstance(event, Done):
                note(event)
            yield event

    return counted


def note(done: Done) -> None:
    """Count one finished answer."""
    with _lock:
        _outcomes[done.outcome] += 1
        for stage, seconds in done.seconds.items():
            _seconds[stage] += seconds
            _count[stage] += 1


def text() -> str:
    """All metrics in the text exposition format 0.0.4."""
    with _lock:
        lines = ["# TYPE advisor_answers_total counter"]
        lines += [f'advisor_answers_total{{outcome="{name}"}} {n}' for name, n in sorted(_outcomes.items())]
        lines.append("# TYPE advisor_stage_seconds summary")
        for stage in sorted(_seconds):
            lines.append(f'advisor_stage_seconds_sum{{stage="{stage}"}} {_seconds[stage]:.6f}')
            lines.append(f'advisor_stage_seconds_count{{stage="{stage}"}} {_count[stage]}')
    return "\n".join(lines) + "\n"
