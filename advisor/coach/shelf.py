"""The corpus as the coach reads it: documents by what they speak to, sections, and citations of single sentences."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from advisor.corpus import strings
from advisor.documents import Citation, Document

_REFS = re.compile(r"\s*\[(s\d+)\]")
_SPLIT = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-ZÀ-ÖØ-Þ0-9])|\n+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|St|Dr|No|approx|vs|Inc|Ltd|U\.S|Mr|Ms)\.$")
_WORD = re.compile(r"[^\W\d_]{4,}")
_PASSAGE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a document: bare text, its references, the line in the file and the heading over it."""

    text: str
    refs: tuple[str, ...]
    line: int
    heading: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents by kind and by what they speak to."""

    personas: Mapping[str, Document]
    stages: Mapping[str, Document]
    checklist: Mapping[int, Document]
    cases: tuple[Document, ...]
    programmes: tuple[Document, ...]
    directory: tuple[Document, ...]
    by_id: Mapping[str, Document]


def arrange(documents: Iterable[Document]) -> Shelf:
    """A shelf of all documents."""
    rows = tuple(documents)
    return Shelf(
        {profile_id(d.meta.get("profile")): d for d in rows if d.kind == "persona"},
        {str(d.meta.get("stage_id")): d for d in rows if d.kind == "journey" and d.meta.get("type") == "stage"},
        {int(d.meta["item"]): d for d in rows if d.kind == "checklist" and d.meta.get("item")},
        tuple(d for d in rows if d.kind == "case"),
        tuple(d for d in rows if d.kind == "programme"),
        tuple(d for d in rows if d.kind == "directory"),
        {d.id: d for d in rows},
    )


def profile_id(name: Any) -> str:
    return str(name or "").replace("-", "_")


def lines(document: Document) -> tuple[Line, ...]:
    """Sentences with their references, in order."""
    found: list[Line] = []
    heading = ""
    for offset, row in enumerate(document.body.split("\n")):
        if row.startswith("#"):
            heading = row.lstrip("# ").strip()
            continue
        parts: list[str] = []
        for piece in _SPLIT.split(row.strip().removeprefix("- ")):
            if parts and _ABBREVIATED.search(parts[-1]):
                parts[-1] += " " + piece
            elif piece.strip():
                parts.append(piece.strip())
        for part in parts:
            bare = re.sub(r"\s+([.,;:!?])", r"\1", _REFS.sub("", part)).strip()
            found.append(Line(bare, tuple(_REFS.findall(part)), document.line + offset, heading))
    return tuple(found)


@dataclass(slots=True)
class Notes:
    """The numbered citations of one plan; the same sentence is cited once."""

    rows: list[Citation] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def cite(self, document: Document, line: Line) -> int:
        key = (document.id, line.text)
        if key not in self.seen:
            self.seen[key] = len(self.rows) + 1
            self.rows.append(citation(document, line, self.seen[key]))
        return self.seen[key]

    def plain(self) -> list[dict[str, Any]]:
        return [asdict(row) for row in self.rows]


def citation(document: Document, line: Line, n: int) -> Citation:
    """The citation of one sentence; the passage is its section, or the words around it."""
    source = next((s for ref in line.refs for s in document.sources if s.id == ref), None)
    section = " ".join(row.text for row in lines(document) if row.heading == line.heading)
    words = section.split()
    if len(words) > _PASSAGE:
        start = max(0, len(section[: section.find(line.text)].split()) - 40)
        section = " ".join(words[start : start + _PASSAGE])
    return Citation(
        n,
        document.id,
        document.title,
        source.url if source else document.url,
        document.as_of,
        document.path,
        line.line,
        section,
        line.text,
        source.title if source else "",
    )


def under(document: Document, heading: str) -> tuple[Line, ...]:
    """The sentences under a heading; those of the opening where there is no such heading."""
    rows = lines(document)
    return tuple(r for r in rows if r.heading.lower() == heading.lower()) or tuple(r for r in rows if not r.heading)


def nearest(rows: Sequence[Line], about: str) -> Line | None:
    """The sentence that shares most words with a text; of equals the first."""
    wanted = {word.lower() for word in _WORD.findall(about)}
    cited = [row for row in rows if row.refs] or list(rows)
    return max(cited, key=lambda row: len(wanted & {w.lower() for w in _WORD.findall(row.text)}), default=None)


def said(document: Document, line: Line, notes: Notes) -> dict[str, Any]:
    """A sentence as it stands in its source, with its citation."""
    return {"text": line.text, "citations": [notes.cite(document, line)]}


def listed(document: Document, name: str) -> tuple[str, ...]:
    return strings(document.meta.get(name))
