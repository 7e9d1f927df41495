"""One page: typed blocks, verdicts, and the clean document that is left, each line of it knowing its line in the source. Pure."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import yaml

from advisor.documents import Block, Document, JudgedBlock, Page, Source
from advisor.ingest import html, spam, text
from advisor.ingest.features import context_of

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?\r?\n)---[ \t]*\r?\n", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s")
_ISO = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class _Loader(yaml.SafeLoader):
    """YAML without the words that are countries elsewhere: NO is Norway, not false."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
COMMENTS_HEADING = "Readers' comments"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A judged page with what is known of it."""

    page: Page
    title: str
    language: str
    date: str
    licence: str
    judged: tuple[JudgedBlock, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def flagged(self) -> bool:
        """The article itself holds something suspicious: a hacked post, or orders to a machine."""
        return any(one.verdict == "quarantine" and one.block.type != "comment" for one in self.judged)


def extract(page: Page) -> list[Block]:
    """Typed blocks of a page of any kind. Raises SourceError where it cannot be read."""
    return html.extract(page) if page.media == "html" else text.extract(page)


def clean(
    page: Page,
    lists: spam.Lists | None = None,
    *,
    strict: bool = False,
    meaning: spam.Meaning | None = None,
    licence: str = "",
) -> Cleaned:
    """Blocks of a page with their verdicts. Raises SourceError where the page cannot be read."""
    lists = lists or spam.Lists()
    meta, page = _front_matter(page)
    blocks = extract(page)
    host = (urlsplit(page.url).hostname or "").removeprefix("www.") if page.url else ""
    context = context_of(blocks, [name for name in (host, *lists.allowed_domains) if name])
    judged = spam.judge(blocks, context, lists, strict, meaning)
    title = str(meta.get("title") or "") or next((block.text for block in blocks if block.type == "title"), "")
    title = title or next((block.text for block in blocks if block.type == "heading"), "") or _name_of(page.source)
    date = (
        page.date
        or (html.date_of(page.text) if page.media == "html" else None)
        or next((b.date for b in blocks if b.type == "boilerplate" and b.date), None)
    )
    licence = licence or str(
        meta.get("licence") or (html.licence_of(page.text) if page.media == "html" else None) or ""
    )
    return Cleaned(
        page,
        " ".join(title.split())[:300],
        str(meta.get("language") or context.language),
        _text(meta.get("as_of")) or iso_date(date or ""),
        licence,
        tuple(judged),
        meta,
    )


def body_of(
    judged: Sequence[JudgedBlock], restored: Callable[[JudgedBlock], bool | None] = lambda _: None
) -> tuple[str, tuple[int, ...]]:
    """Markdown of what is kept and, for each of its lines, the line in the source. `restored` may decide otherwise (True, False)."""
    rows: list[tuple[str, int]] = []
    commented = False
    for one in judged:
        decided = restored(one)
        if not (one.verdict == "keep" if decided is None else decided) or one.block.type in ("title", "boilerplate"):
            continue
        if one.block.type == "comment" and not commented:
            commented = True
            rows += [(f"## {COMMENTS_HEADING}", one.block.line), ("", one.block.line)]
        rows += _markdown(one.block)
        rows.append(("", one.block.line))
    return "\n".join(row for row, _ in rows), tuple(line for _, line in rows)


def document_of(
    cleaned: Cleaned, identity: str, collection: str, restored: Callable[[JudgedBlock], bool | None] = lambda _: None
) -> Document:
    """The clean document of a page."""
    body, lines = body_of(cleaned.judged, restored)
    if not body.strip():
        body, lines = _headline(cleaned)
    meta = cleaned.meta
    return Document(
        id=identity,
        kind=str(meta.get("kind") or "page"),
        title=cleaned.title,
        body=body,
        path=cleaned.page.source,
        line=lines[0] if lines else 1,
        summary=str(meta.get("summary") or ""),
        language=cleaned.language,
        url=str(meta.get("url") or "") or cleaned.page.url,
        as_of=cleaned.date,
        valid_until=_text(meta.get("valid_until")),
        collection=collection,
        sources=tuple(_sources(meta)),
        meta={**meta, "licence": cleaned.licence, "media": cleaned.page.media},
        lines=lines,
    )


def _headline(cleaned: Cleaned) -> tuple[str, tuple[int, ...]]:
    """The body of a page that is nothing but its title; none where anything was held back."""
    if any(one.verdict != "keep" or one.block.type != "title" for one in cleaned.judged):
        return "", ()
    if cleaned.judged:
        return cleaned.judged[0].block.text, (cleaned.judged[0].block.line,)
    title = str(cleaned.meta.get("title") or "")
    return title, (1,) if title else ()


def iso_date(text: str) -> str:
    """A date as people write it, as ISO text where that is certain; else ""."""
    found = _ISO.search(text)
    if found is not None:
        return found.group(0)
    match = re.search(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", text) or re.search(
        r"(\d{1,2})\.? ([A-Za-z]{3})[a-z]*\.?,? (\d{4})", text
    )
    if match is None:
        return ""
    one, two, year = match.groups()
    month, day = (one, two) if two.isdigit() else (two, one)
    if month.lower() not in _MONTHS or not 1 <= int(day) <= 31:
        return ""
    return f"{year}-{_MONTHS.index(month.lower()) + 1:02}-{int(day):02}"


def _markdown(block: Block) -> Iterator[tuple[str, int]]:
    """Lines of a block as Markdown, each with its line in the source."""
    lines = [_plain_spaces(line) for line in block.text.split("\n")]
    if block.type == "heading":
        yield f"{'#' * max(2, min(6, block.level))} {' '.join(lines)}", block.line
        return
    if block.type == "table" and "\t" in block.text and "|" not in block.text:
        lines = [f"| {' | '.join(cell.strip() for cell in line.split(chr(9)))} |" for line in lines]
        lines.insert(1, "|" + " --- |" * lines[0].count(" | ") + " --- |")
        for i, line in enumerate(lines):
            yield line, block.line + max(0, i - (i > 0))
        return
    for i, line in enumerate(lines):
        mark = (
            "> "
            if block.type == "quote"
            else "- "
            if block.type == "list" and i == 0 and not _ITEM.match(line)
            else "  "
            if block.type == "list" and i
            else ""
        )
        plain = "\\" + line if block.type in ("paragraph", "comment") and line.startswith("#") else line
        yield mark + plain, block.line + (0 if block.path or block.type == "table" else i)


def _plain_spaces(line: str) -> str:
    """A line without no-break spaces, soft hyphens and zero-width marks, which searching would stumble over."""
    return re.sub(r"[ \u00a0\u2009\u202f]+", " ", re.sub("[\u00ad\u200b\u2060\ufeff]", "", line))


def _front_matter(page: Page) -> tuple[dict[str, Any], Page]:
    """The fields above a Markdown page, and the page without them (its line numbers unchanged)."""
    match = _FRONT.match(page.text) if page.media == "markdown" else None
    if match is None:
        return {}, page
    try:
        meta = yaml.load(match.group(1), Loader=_Loader)
    except yaml.YAMLError:
        return {}, page
    if not isinstance(meta, dict):
        return {}, page
    blank = "\n" * match.group(0).count("\n")
    return {str(key): _plain(value) for key, value in meta.items()}, Page(
        page.source, blank + page.text[match.end() :], page.media, page.url, page.date
    )


def _plain(value: Any) -> Any:
    """YAML values as JSON has them: dates become text."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(one) for one in value]
    return _text(value) if isinstance(value, datetime.date) else value


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else "" if value is None else str(value)


def _sources(meta: Mapping[str, Any]) -> Iterator[Source]:
    entries = meta.get("sources")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and {"id", "title", "url"} <= set(entry):
            yield Source(*(_text(entry.get(name)) for name in ("id", "title", "url", "accessed", "supports")))


def _name_of(source: str) -> str:
    """A title from a file name or address."""
    stem = re.sub(r"\.\w{1,5}$", "", source.rstrip("/").rsplit("/", 1)[-1]) or source
    return re.sub(r"[-_]+", " ", stem).strip().capitalize()
