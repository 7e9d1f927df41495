"""Review of what was held back: list, show in context, restore (which teaches the collection), drop for good."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.documents import JudgedBlock, Verdict, digest
from advisor.errors import RequestError
from advisor.ingest import spam
from advisor.ingest.collections import Collections, Record
from advisor.ingest.links import domains_in

_AROUND = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A block that is not in the document, and why. `decided` is what a person said: restored, dropped or nothing yet."""

    id: str
    collection: str
    document_id: str
    source: str
    judged: JudgedBlock
    model: str
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with the blocks around it."""

    entry: Entry
    before: tuple[JudgedBlock, ...]
    after: tuple[JudgedBlock, ...]


def entries(store: Collections, name: str, verdicts: Sequence[Verdict] = ("quarantine",)) -> list[Entry]:
    """What was held back in a collection, by document and line; empty entries are left out unless drops are asked for."""
    return [one.entry for one in shown(store, name, verdicts)]


def shown(store: Collections, name: str, verdicts: Sequence[Verdict] = ("quarantine",)) -> list[Shown]:
    """The same, each with the blocks around it."""
    lists = store.lists(name)
    return [
        _in_context(record, entry, at)
        for record in store.records(name)
        for entry, at in _of(record, lists, name)
        if entry.judged.verdict in verdicts
    ]


def find(store: Collections, identity: str, name: str | None = None) -> Shown:
    """The entry with this id (or a unique beginning of it). Raises RequestError."""
    found = []
    for collection in (name,) if name is not None else store.names():
        lists = store.lists(collection)
        for record in store.records(collection):
            for entry, at in _of(record, lists, collection):
                if entry.id.startswith(identity):
                    found.append(_in_context(record, entry, at))
    exact = [one for one in found if one.entry.id == identity]
    if len(exact or found) != 1:
        what = "No such entry in quarantine" if not found else "Several entries begin like that"
        raise RequestError(what, value=identity, cure="advisor quarantine list")
    return (exact or found)[0]


def restore(store: Collections, identity: str, name: str | None = None) -> Entry:
    """Bring an entry back into its document; its text and the domains it links to are let in from now on."""
    return _decide(store, find(store, identity, name).entry, restored=True)


def drop(store: Collections, identity: str, name: str | None = None) -> Entry:
    """Drop an entry for good: the same text is dropped from now on."""
    return _decide(store, find(store, identity, name).entry, restored=False)


def _decide(store: Collections, entry: Entry, *, restored: bool) -> Entry:
    text = spam.text_digest(entry.judged.block.text)
    domains = (
        frozenset(domains_in(" ".join((entry.judged.block.text, *entry.judged.block.links))))
        if not entry.judged.injection
        else frozenset()
    )
    with store.lock(entry.collection):
        lists = store.lists(entry.collection)
        lists = dataclasses.replace(
            lists,
            allowed=lists.allowed | {text} if restored else lists.allowed - {text},
            denied=lists.denied - {text} if restored else lists.denied | {text},
            allowed_domains=lists.allowed_domains | domains if restored else lists.allowed_domains,
        )
        store.write_lists(entry.collection, lists)
    return dataclasses.replace(entry, decided="restored" if restored else "dropped")


def block_domain(store: Collections, name: str, domain: str) -> None:
    """Keep out, from the next ingest on, whatever links to this domain."""
    with store.lock(name):
        lists = store.lists(name)
        store.write_lists(
            name,
            dataclasses.replace(lists, blocked_domains=lists.blocked_domains | {domain.lower().removeprefix("www.")}),
        )


def _in_context(record: Record, entry: Entry, at: int) -> Shown:
    around = record.cleaned.judged
    return Shown(entry, around[max(0, at - _AROUND) : at], around[at + 1 : at + 1 + _AROUND])


def _of(record: Record, lists: spam.Lists, name: str) -> Iterator[tuple[Entry, int]]:
    for at, judged in enumerate(record.cleaned.judged):
        text = spam.text_digest(judged.block.text)
        if judged.verdict != "keep":
            decided = "restored" if text in lists.allowed else "dropped" if text in lists.denied else ""
            identity = digest(record.id, str(at), judged.block.text, length=12)
            yield Entry(identity, name, record.id, record.cleaned.page.source, judged, record.model, decided), at
