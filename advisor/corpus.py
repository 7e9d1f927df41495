"""Shelves of Markdown documents with front matter: the knowledge. See corpus/GUIDE.md."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from advisor.documents import Document, Source
from advisor.errors import SourceError, StoreError

KINDS = ("persona", "journey", "checklist", "case", "programme", "method", "directory", "glossary")
STAGES = ("idea", "forming", "launched", "growing", "mature", "renewing")
_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_NOT_DOCUMENTS = frozenset({"GUIDE.md", "README.md", "CHANGELOG.md"})


class _FrontMatter(yaml.SafeLoader):
    """Only true and false are booleans, as in YAML 1.2: an unquoted NO is Norway."""


_BOOL = "tag:yaml.org,2002:bool"
_FrontMatter.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] != _BOOL]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_FrontMatter.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$", re.IGNORECASE), list("tTfF"))


def read_document(path: Path, shelf: Path) -> Document:
    """One document. Raises SourceError that names the file, the field and the cure."""
    shown = path.relative_to(shelf.parent).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise SourceError(f"{shown} cannot be read ({problem})", cure="Save it as UTF-8 text.") from problem
    front = _FRONT.match(text)
    if front is None:
        raise SourceError(f"{shown} has no front matter", cure="Start it with '---'; see corpus/GUIDE.md.")
    try:
        meta = yaml.load(front.group(1), Loader=_FrontMatter)
    except yaml.YAMLError as problem:
        raise SourceError(
            f"{shown}: the front matter is not valid YAML ({problem})", cure="Mend that line."
        ) from problem
    if not isinstance(meta, dict):
        raise SourceError(f"{shown}: the front matter is no list of fields", cure="Write 'field: value' lines.")
    for key in ("id", "kind", "title"):
        if not isinstance(meta.get(key), str):
            raise SourceError(f"{shown}: field {key} is missing or no text", value=meta.get(key), cure="Set it.")
    return Document(
        id=meta["id"],
        kind=meta["kind"],
        title=meta["title"],
        body=text[front.end() :],
        path=shown,
        line=text.count("\n", 0, front.end()) + 1,
        summary=str(meta.get("summary") or ""),
        language=str(meta.get("language") or "en"),
        as_of=_date(meta.get("as_of")),
        valid_until=_date(meta.get("valid_until")),
        sources=tuple(_source(shown, entry) for entry in meta.get("sources") or ()),
        meta=meta,
    )


def read_shelves(shelves: Iterable[Path]) -> tuple[Document, ...]:
    """All documents of the shelves, sorted by id. Raises StoreError where two share an id."""
    found: dict[str, Document] = {}
    for shelf in shelves:
        for path in document_paths(shelf):
            document = read_document(path, shelf)
            if document.id in found:
                raise StoreError(
                    f"Two documents share an id: {found[document.id].path} and {document.path}",
                    value=document.id,
                    cure="Give one of them another id.",
                )
            found[document.id] = document
    return tuple(found[key] for key in sorted(found))


def document_paths(shelf: Path) -> Iterator[Path]:
    """Markdown files of a shelf, sorted; guides and change logs are none."""
    if not shelf.is_dir():
        raise SourceError("No such corpus folder", value=shelf, cure="Check `corpus` in advisor.toml.")
    yield from (path for path in sorted(shelf.rglob("*.md")) if path.name not in _NOT_DOCUMENTS)


def strings(value: Any) -> tuple[str, ...]:
    """A front-matter field that may be a word, a list or missing, as a tuple of strings."""
    if value is None or value == "":
        return ()
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else (str(value),)


def _source(shown: str, entry: Any) -> Source:
    if not isinstance(entry, Mapping) or not {"id", "title", "url"} <= set(entry):
        raise SourceError(f"{shown}: a source lacks id, title or url", value=entry, cure="See corpus/GUIDE.md.")
    return Source(
        str(entry["id"]),
        str(entry["title"]),
        str(entry["url"]),
        _date(entry.get("accessed")),
        str(entry.get("supports") or ""),
    )


def _date(value: Any) -> str:
    """YAML reads 2026-11-24 as a date and 2026 as a number; both become ISO text."""
    return value.isoformat() if isinstance(value, datetime.date) else "" if value is None else str(value)
