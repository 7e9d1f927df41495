"""Sources -> pages -> blocks -> verdicts -> clean documents in a collection. Incremental, one error a source, safe to kill."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from advisor.documents import JudgedBlock, digest
from advisor.errors import SourceError
from advisor.ingest import fetch, sources, spam
from advisor.ingest.clean import Cleaned, clean
from advisor.ingest.collections import Collections, Record, identity_of, read_record, source_key

_VERSION = "1"  # raise it when extraction changes: stored sources are then read again
_URL_LINE = re.compile(r"^https?://\S+$", re.I)
_OTHER_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+):(?://|[^\\/\d])", re.I)

State = Literal["new", "changed", "unchanged", "removed", "failed", "previewed"]


class Progress(Protocol):
    """Progress of long work; its face is chosen at the edge."""

    def start(self, label: str, total: int) -> None: ...
    def advance(self, steps: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest."""

    strict: bool = False  # a lower threshold: more is held back
    dry_run: bool = False  # judge, store nothing
    licence: str = ""
    private_addresses: bool = False  # let URLs on this machine and its network be read
    limits: fetch.Limits = field(default_factory=fetch.Limits)
    meaning: spam.Meaning | None = None  # reads the comments that the filter is unsure of


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What happened to one source."""

    source: str
    state: State
    document_id: str = ""
    cleaned: Cleaned | None = None
    error: SourceError | None = None

    @property
    def judged(self) -> tuple[JudgedBlock, ...]:
        return self.cleaned.judged if self.cleaned is not None else ()


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: a row a source, in order, and the model that judged."""

    collection: str
    rows: tuple[SourceReport, ...]
    model: str

    @property
    def failed(self) -> tuple[SourceReport, ...]:
        return tuple(row for row in self.rows if row.state == "failed")

    @property
    def changed(self) -> bool:
        """Whether the index must be made again."""
        return any(row.state in ("new", "changed", "removed") for row in self.rows)

    def summary(self) -> str:
        """One line for people."""
        states = [row.state for row in self.rows]
        parts = [
            f"{states.count(state)} {state}"
            for state in ("new", "changed", "unchanged", "removed", "previewed", "failed")
            if state in states
        ]
        counted = Counter(one.verdict for row in self.rows for one in row.judged)
        counts = f"{counted['keep']} kept, {counted['quarantine']} held back, {counted['drop']} dropped"
        return f"{self.collection}: {', '.join(parts) or 'nothing'}; blocks: {counts}"


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing to read: a path or an address, or the error that stands in its place."""

    key: str
    shown: str
    path: Path | None = None
    error: SourceError | None = None


def ingest(
    given: Sequence[str], store: Collections, name: str, options: Options = Options(), progress: Progress | None = None
) -> Report:
    """Read sources (files, folders, addresses, lists of addresses) into a collection; see the module's first line."""
    store.folder(name)
    items = list(_items(given))
    if progress is not None:
        progress.start("Reading", len(items))
    if options.dry_run:
        return Report(name, tuple(_each(items, store, name, options, progress)), spam.model_digest())
    with store.lock(name):
        store.tidy(name)
        rows = list(_each(items, store, name, options, progress))
        rows += _missing(given, {item.key for item in items if item.error is None}, store, name)
    removed = {row.source for row in rows if row.state == "removed"}
    rows = [row for row in rows if row.state != "failed" or row.source not in removed]
    return Report(name, tuple(rows), spam.model_digest())


def _each(
    items: Sequence[_Item], store: Collections, name: str, options: Options, progress: Progress | None
) -> Iterator[SourceReport]:
    lists = store.lists(name)
    for item in items:
        try:
            yield _one(item, store, name, options, lists)
        except SourceError as problem:
            yield SourceReport(item.shown, "failed", error=problem)
        except (RecursionError, MemoryError) as problem:
            error = SourceError(
                f"The source is too deep or too large ({type(problem).__name__})", value=item.shown, cure="Split it."
            )
            yield SourceReport(item.shown, "failed", error=error)
        if progress is not None:
            progress.advance(1)


def _one(item: _Item, store: Collections, name: str, options: Options, lists: spam.Lists) -> SourceReport:
    """Read, judge and store one source; an unchanged one is left alone."""
    if item.error is not None:
        raise item.error
    url = charset = None
    if item.path is not None:
        data, kind = sources.read_bytes(item.path), sources.SUFFIXES[item.path.suffix.lower()]
    else:
        got = fetch.fetch(item.key, options.limits, private=options.private_addresses)
        data, kind, url, charset = got.data, got.kind, got.url, got.charset
    identity = identity_of(item.key)
    model = spam.model_digest()
    stamp = digest(
        _VERSION,
        model,
        data.hex() if len(data) < 64 else digest(data.decode("latin-1"), length=64),
        str(options.strict),
        "read" if options.meaning is not None else "",
        options.licence,
    )
    path = store.path(name, identity)
    earlier = read_record(path) if path.is_file() and not options.dry_run else None
    if earlier is not None and earlier.digest == stamp:
        return SourceReport(item.shown, "unchanged", identity, earlier.cleaned)
    page = sources.page_of(data, item.shown, kind, url, charset)
    cleaned = clean(page, lists, strict=options.strict, meaning=options.meaning, licence=options.licence)
    if options.dry_run:
        return SourceReport(item.shown, "previewed", identity, cleaned)
    store.write(name, Record(identity, item.key, stamp, model, cleaned))
    return SourceReport(item.shown, "new" if earlier is None else "changed", identity, cleaned)


def _items(given: Sequence[str]) -> Iterator[_Item]:
    """What the given sources stand for, each once."""
    seen: set[str] = set()
    for source in given:
        for item in _expanded(source):
            if item.key not in seen:
                seen.add(item.key)
                yield item


def _expanded(source: str) -> Iterator[_Item]:
    if _URL_LINE.match(source.strip()):
        yield _Item(source_key(source.strip()), source.strip())
        return
    scheme = _OTHER_SCHEME.match(source.strip())
    if scheme is not None and not Path(source).exists():
        cure = "Give an http or https address, or the path of a file or folder."
        error = SourceError(f"{scheme.group(1)}: addresses are not read", value=sources.shown(source), cure=cure)
        yield _Item(source, sources.shown(source), error=error)
        return
    try:
        paths = sources.expand(Path(source))
    except (SourceError, ValueError) as problem:
        error = (
            problem
            if isinstance(problem, SourceError)
            else SourceError(f"No path ({problem})", value=sources.shown(source), cure="Check it.")
        )
        yield _Item(source_key(source) if "\0" not in source else source, sources.shown(source), error=error)
        return
    for path in paths:
        addresses = _addresses(path)
        if addresses is None:
            yield _Item(source_key(str(path)), sources.shown(path), path)
        for address in addresses or ():
            yield _Item(source_key(address), address)


def _addresses(path: Path) -> list[str] | None:
    """The addresses of a list of them (.urls, or a text file of nothing else); None for any other file."""
    if path.suffix.lower() not in (".urls", ".txt") or not 0 < path.stat().st_size < 2_000_000:
        return None
    lines = [line.strip() for line in path.read_bytes().decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if path.suffix.lower() == ".urls" or (lines and all(_URL_LINE.match(line) for line in lines)):
        return [line for line in lines if _URL_LINE.match(line)]
    return None


def _missing(given: Sequence[str], found: set[str], store: Collections, name: str) -> Iterator[SourceReport]:
    """Remove what is stored of given files and folders and is there no more."""
    for source in given:
        path = Path(source)
        if _URL_LINE.match(source) or "\0" in source or not (path.is_dir() or path.parent.is_dir()):
            continue
        key = source_key(source)
        for record in list(store.records(name)):
            below = (
                record.key.startswith(key.rstrip("/") + "/")
                if path.is_dir()
                else record.key == key and not path.exists()
            )
            if below and record.key not in found:
                store.path(name, record.id).unlink(missing_ok=True)
                yield SourceReport(
                    sources.shown(source) if record.key == key else record.cleaned.page.source, "removed", record.id
                )
