"""The corpus as people browse it: found by kind, country, industry, stage and words. No HTML here."""

import datetime
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from advisor.coach.slots import plain
from advisor.corpus import KINDS, STAGES, strings
from advisor.documents import Document

FIELDS = ("kind", "country", "industry", "stage")


@dataclass(frozen=True, slots=True)
class Shown:
    """A document and what it is found by."""

    document: Document
    tags: Mapping[str, tuple[str, ...]]
    text: str


class Library:
    """All documents, read again when the index's version changes."""

    def __init__(self, documents: Callable[[], Iterable[Document]], version: Callable[[], str | None]) -> None:
        self._documents, self._version = documents, version
        self._lock = threading.Lock()
        self._read: tuple[str | None, dict[str, Shown]] = (None, {})

    def all(self) -> Mapping[str, Shown]:
        version = self._version()
        with self._lock:
            if not self._read[1] or self._read[0] != version:
                self._read = (version, {document.id: _shown(document) for document in self._documents()})
            return self._read[1]

    def find(self, chosen: Mapping[str, str], query: str) -> list[Shown]:
        """Documents that carry every chosen tag and every word, by kind and title."""
        wanted = plain(query).split()
        found = [
            row
            for row in self.all().values()
            if all(not value or value in row.tags[name] for name, value in chosen.items())
            and all(word in row.text for word in wanted)
        ]
        in_title = {row.document.id for row in found if all(word in plain(row.document.title) for word in wanted)}
        return sorted(
            found, key=lambda row: (row.document.id not in in_title, _place(row.document.kind), row.document.title)
        )

    def values(self, name: str) -> list[str]:
        """What a filter may be set to."""
        known = {value for row in self.all().values() for value in row.tags[name]}
        order = {"kind": KINDS, "stage": STAGES}.get(name, ())
        return sorted(known, key=lambda value: (order.index(value) if value in order else len(order), value.lower()))

    def path(self, document_id: str, line: int = 0) -> str:
        """Where a document is read, at a line of its file; empty for one that is gone."""
        found = self.all().get(document_id)
        if found is None:
            return ""
        at = f"?at={line}#here" if line else ""
        return f"/library/{quote(found.document.kind, safe='')}/{quote(document_id, safe='')}{at}"


def ended(document: Document) -> str:
    """How a programme, organisation or case is over: `ended`, `closed`, `merged`, `changed`; empty while it lives."""
    status = str(document.meta.get("status") or document.meta.get("outcome") or "")
    if status in ("ended", "closed", "merged", "changed"):
        return status
    return "ended" if document.meta.get("ended") else ""


def overdue(document: Document, today: datetime.date) -> bool:
    return bool(document.valid_until) and document.valid_until < today.isoformat()[: len(document.valid_until)]


def _place(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _shown(document: Document) -> Shown:
    tags = {name: strings(document.meta.get(name)) for name in FIELDS}
    return Shown(
        document, {**tags, "kind": (document.kind,)}, plain(f"{document.title} {document.summary} {document.body}")
    )
