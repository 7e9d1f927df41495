"""Counts and times of answers for Prometheus."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from advisor.documents import Done, Event

REGISTRY = CollectorRegistry()
ANSWERS = Counter("advisor_answers", "Finished answers by outcome", ["outcome"], registry=REGISTRY)
SECONDS = Histogram(
    "advisor_stage_seconds",
    "Seconds to the end of a stage of an answer",
    ["stage"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30),
    registry=REGISTRY,
)


def observed(reply: Callable[[str, str], Iterator[Event]]) -> Callable[[str, str], Iterator[Event]]:
    """The same reply, with its outcome and times counted."""

    def counted(thread: str, message: str) -> Iterator[Event]:
        for event in reply(thread, message):
            if isinstance(event, Done):
                ANSWERS.labels(event.outcome).inc()
                for stage, seconds in event.seconds.items():
                    SECONDS.labels(stage).observe(seconds)
            yield event

    return counted


def text() -> bytes:
    """All metrics in the text exposition format."""
    return generate_latest(REGISTRY)
