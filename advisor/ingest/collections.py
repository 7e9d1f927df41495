"""Collections: the clean store under data_dir/collections. One file a source holds everything of it, so a kill can tear nothing apart."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.documents import Block, Document, JudgedBlock, Page, Reason, digest
from advisor.errors import RequestError, SourceError, StoreError
from advisor.files import locked, write_atomic
from advisor.ingest import dedupe, sources, spam
from advisor.ingest.clean import Cleaned, clean, document_of

_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored of a source. `key` is its absolute path or address, `digest` that of its bytes and of how they were judged."""

    id: str
    key: str
    digest: str
    model: str
    cleaned: Cleaned


class Collections:
    """Every collection under a root folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> tuple[str, ...]:
        """Collections that hold something."""
        if not self.root.is_dir():
            return ()
        return tuple(
            sorted(
                path.name
                for path in self.root.iterdir()
                if _NAME.match(path.name) and any((path / "documents").glob("*.json"))
            )
        )

    def folder(self, name: str) -> Path:
        """Where a collection lives. Raises RequestError for a name that is none."""
        if not _NAME.match(name):
            raise RequestError("No name for a collection", value=name, cure="Use small letters, digits, - and _.")
        return self.root / name

    def lock(self, name: str) -> AbstractContextManager[bool]:
        """Held by whoever changes a collection."""
        return locked(self.folder(name) / ".lock")

    def records(self, name: str) -> Iterator[Record]:
        """The records of a collection, by id. Raises StoreError for a damaged file."""
        for path in sorted((self.folder(name) / "documents").glob("[!.]*.json")):
            yield read_record(path)

    def write(self, name: str, record: Record) -> None:
        """Store a record: all of it or nothing, the same bytes for the same content."""
        text = json.dumps(_to_json(record), ensure_ascii=False, sort_keys=True, indent=1)
        write_atomic(self.path(name, record.id), text.encode("utf-8", "replace"))

    def path(self, name: str, identity: str) -> Path:
        return self.folder(name) / "documents" / f"{identity}.json"

    def remove(self, name: str, source: str) -> list[str]:
        """Remove a source (or all below a folder) by path, address or document id; returns the sources removed."""
        key = source_key(source)
        with self.lock(name):
            gone = [
                r
                for r in self.records(name)
                if r.key == key or r.id == source or r.key.startswith(key.rstrip("/") + "/")
            ]
            for record in gone:
                self.path(name, record.id).unlink(missing_ok=True)
        return [record.cleaned.page.source for record in gone]

    def tidy(self, name: str) -> None:
        """Remove what an interrupted write left."""
        for path in (self.folder(name) / "documents").glob(".*"):
            path.unlink(missing_ok=True)

    def lists(self, name: str) -> spam.Lists:
        """What people decided for this collection."""
        path = self.folder(name) / "decisions.json"
        try:
            raw = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            return spam.Lists(
                *(frozenset(map(str, raw.get(field.name, ()))) for field in dataclasses.fields(spam.Lists))
            )
        except (OSError, ValueError, AttributeError, TypeError) as problem:
            raise StoreError(
                f"The decisions of collection {name} cannot be read ({problem})",
                value=path,
                cure="Mend or delete that file.",
            ) from problem

    def write_lists(self, name: str, lists: spam.Lists) -> None:
        """Store decisions; call it under the lock."""
        raw = {field.name: sorted(getattr(lists, field.name)) for field in dataclasses.fields(lists)}
        write_atomic(self.folder(name) / "decisions.json", json.dumps(raw, indent=1, sort_keys=True).encode())

    def documents(self, names: Sequence[str] | None = None) -> tuple[Document, ...]:
        """Clean documents of the collections, exact and near duplicates folded within each, sorted by id."""
        found: list[Document] = []
        for name in self.names() if names is None else names:
            decided = _decision(self.lists(name))
            made = [document_of(record.cleaned, record.id, name, decided) for record in self.records(name)]
            found += dedupe.fold(document for document in made if document.body.strip())[0]
        return tuple(found)

    def folded(self, name: str) -> dict[str, str]:
        """{id of a document that is a duplicate: id of the one that stands for it}."""
        decided = _decision(self.lists(name))
        return dedupe.fold(document_of(record.cleaned, record.id, name, decided) for record in self.records(name))[1]

    def digests(self) -> tuple[str, ...]:
        """Names everything that documents() is made from."""
        found = []
        for name in self.names():
            lists = self.lists(name)
            files = sorted((self.folder(name) / "documents").glob("[!.]*.json"))
            stored = [digest(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in files]
            found.append(digest(name, *stored, *sorted(lists.allowed), "-", *sorted(lists.denied)))
        return tuple(found)


def read_folders(
    folders: Sequence[Path], *, fold_near: bool = False, on_error: Callable[[SourceError], None] | None = None
) -> tuple[Document, ...]:
    """Documents of any folders of Markdown, text, HTML, PDF and DOCX, without storing them; exact duplicates are folded.

    An id in the front matter stands; else the path without its ending. Raises the first SourceError unless `on_error` takes them.
    """
    found: dict[str, Document] = {}
    for folder in folders:
        for path in sources.expand(folder):
            try:
                page = sources.read(path)
                shown = sources.shown(path.relative_to(folder) if folder.is_dir() else path.name)
                cleaned = clean(dataclasses.replace(page, source=shown))
            except SourceError as problem:
                if on_error is None:
                    raise
                on_error(problem)
                continue
            identity = str(cleaned.meta.get("id") or re.sub(r"\.\w+$", "", shown))
            while identity in found:
                identity += "+"
            found[identity] = document_of(cleaned, identity, "corpus")
    return tuple(dedupe.fold((one for one in found.values() if one.body.strip()), near=fold_near)[0])


def source_key(source: str) -> str:
    """What names a source for good: its address, or its absolute path."""
    if re.match(r"^https?://", source, re.I):
        return source.split("#", 1)[0]
    return sources.shown(Path(source).absolute().as_posix()) if source else source


def identity_of(key: str) -> str:
    """A readable, stable id for a source."""
    stem = re.sub(r"\.\w{1,5}$", "", key.rstrip("/").rsplit("/", 1)[-1]).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:48]
    return f"{slug or 'page'}-{digest(key, length=10)}"


def read_record(path: Path) -> Record:
    """A stored record. Raises StoreError."""
    try:
        return _from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise StoreError(
            f"A stored document is damaged ({type(problem).__name__})",
            value=path,
            cure="Delete that file and ingest its source again.",
        ) from problem


def _decision(lists: spam.Lists) -> Callable[[JudgedBlock], bool | None]:
    def decided(one: JudgedBlock) -> bool | None:
        name = spam.text_digest(one.block.text)
        return True if name in lists.allowed else False if name in lists.denied else None

    return decided


def _to_json(record: Record) -> dict[str, Any]:
    cleaned = dataclasses.asdict(record.cleaned)
    cleaned["page"] = {
        "source": record.cleaned.page.source,
        "media": record.cleaned.page.media,
        "url": record.cleaned.page.url,
    }
    for one in cleaned["judged"]:
        one["block"] = {name: value for name, value in one["block"].items() if value not in (None, (), 0, False)}
    return {
        "format": _FORMAT,
        "id": record.id,
        "key": record.key,
        "digest": record.digest,
        "model": record.model,
        **cleaned,
    }


def _from_json(raw: Mapping[str, Any]) -> Record:
    page = Page(raw["page"]["source"], "", raw["page"]["media"], raw["page"]["url"])
    judged = tuple(
        JudgedBlock(
            Block(
                **{**one["block"], "text": one["block"].get("text", ""), "links": tuple(one["block"].get("links", ()))}
            ),
            one["verdict"],
            tuple(Reason(**reason) for reason in one["reasons"]),
            one["injection"],
            one["language"],
        )
        for one in raw["judged"]
    )
    cleaned = Cleaned(page, raw["title"], raw["language"], raw["date"], raw["licence"], judged, raw["meta"])
    return Record(raw["id"], raw["key"], raw["digest"], raw["model"], cleaned)
