"""HTML into typed blocks: the article by trafilatura, its comments by a walk of our own, each out of the other's way."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import html as lxml_html
from lxml.etree import ParserError, XMLSyntaxError

from advisor.documents import Block, BlockType, Page
from advisor.errors import SourceError

_REGION = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?list|commentlist|comments-area|disqus_thread|respond|responses|replies|kommentare?r?|comentarios?|commentaires|discussion)(?:$|[\s_-])",
    re.I,
)
_ENTRY = re.compile(r"(?:^|[\s_-])(?:comment(?!s|list|-list|-form|-respond|-reply|-meta|-author|-body|-content|-text)|reply|kommentar|comentario|commentaire|depth-\d|u-comment)", re.I)
_AUTHOR = re.compile(r"author|fn|nick|user|name|by", re.I)
_DATE = re.compile(r"date|time|meta|published", re.I)
_BODY = re.compile(r"(?:comment|reply)[-_]?(?:content|body|text|message)|^content$|message|e-content", re.I)
_FORM = re.compile(r"respond|reply-form|comment-form|commentform", re.I)
_DEEPEST = 400  # nested elements; a page deeper than that is an attack
_TYPES: dict[str, BlockType] = {"head": "heading", "p": "paragraph", "item": "list", "quote": "quote", "table": "table", "code": "quote"}


def extract(page: Page) -> list[Block]:
    """Article blocks, then comment blocks. Raises SourceError where there is no readable page."""
    try:
        tree = lxml_html.fromstring(page.text.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (ParserError, XMLSyntaxError, ValueError) as problem:
        raise SourceError(f"The page cannot be read as HTML ({problem})", value=page.source, cure="Save it again.") from problem
    regions = list(_regions(tree))
    comments = [block for region in regions for block in _comments(region)]
    article = copy.deepcopy(tree) if not regions else tree
    for region in regions:
        region.drop_tree()
    blocks = list(_article(article, page))
    if not blocks and not comments:
        raise SourceError("The page holds no article", value=page.source, cure="Save the page after it has loaded.")
    return blocks + comments


def _article(tree: Any, page: Page) -> Iterator[Block]:
    found = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, include_formatting=False, favor_recall=False, with_metadata=True, url=page.url
    )
    if found is None or found.body is None:
        return
    lines = _Lines(page.text)
    title = (found.title or "").strip()
    if title:
        yield Block(title, "title", lines.of(title), level=1)
    for element in found.body.iter():
        kind = _TYPES.get(element.tag)
        if kind is None or any(parent.tag in ("table", "item", "quote") for parent in element.iterancestors()):
            continue
        text = _table(element) if kind == "table" else re.sub(r"\s+", " ", " ".join(element.itertext())).strip()
        if not text or (kind == "heading" and text == title):
            continue
        level = int(str(element.get("rend") or "h2")[-1]) if kind == "heading" and str(element.get("rend") or "h2")[-1].isdigit() else 0
        yield Block(text, kind, lines.of(text), level=level)


def _table(element: Any) -> str:
    rows = []
    for row in element.iter("row"):
        cells = [re.sub(r"\s+", " ", " ".join(cell.itertext())).strip() for cell in row.iter("cell")]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _regions(tree: Any) -> Iterator[Any]:
    """Outermost elements whose name says comments and which hold entries, or nothing but a form."""
    taken: list[Any] = []
    for element in tree.iter("div", "section", "ol", "ul", "aside", "footer"):
        if not _REGION.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
            continue
        ancestors = set(element.iterancestors())
        if len(ancestors) > _DEEPEST or any(other in ancestors for other in taken):
            continue
        if _FORM.search(f"{element.get('id') or ''} {element.get('class') or ''}") or list(_entry_elements(element)):
            taken.append(element)
    yield from taken


def _entry_elements(region: Any) -> Iterator[Any]:
    for element in region.iter("li", "article", "div"):
        named = f"{element.get('id') or ''} {element.get('class') or ''}"
        if element is not region and _ENTRY.search(named) and not _FORM.search(named):
            yield element


def _comments(region: Any) -> Iterator[Block]:
    entries = list(_entry_elements(region))
    inside = set(entries)
    for element in entries:
        body = _first(element, _BODY, inside)
        author = _first(element, _AUTHOR, inside)
        date = _first(element, _DATE, inside)
        nested = any(child in inside for child in element.iterdescendants())
        if body is None and nested:
            continue
        text = _words(body if body is not None else element)
        depth = sum(parent in inside for parent in element.iterancestors())
        links = tuple(str(a.get("href")) for a in (body if body is not None else element).iter("a") if a.get("href"))
        yield Block(
            text,
            "comment",
            int(element.sourceline or 0),
            path=element.getroottree().getpath(element),
            author=_words(author)[:80] if author is not None else None,
            date=_words(date)[:60] if date is not None else None,
            depth=depth,
            links=links,
        )


def _first(element: Any, named: re.Pattern[str], entries: set[Any]) -> Any | None:
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and named.search(f"{child.get('class') or ''} {child.get('itemprop') or ''}"):
            inner = next((parent for parent in child.iterancestors() if parent in entries), None)
            if inner is element or inner is None:
                return child
    return None


def _words(element: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(element.itertext())).strip()


class _Lines:
    """Where a text starts in the source, by its first words."""

    def __init__(self, source: str) -> None:
        self._source, self._at = source, 0

    def of(self, text: str) -> int:
        words = text.split()
        key = " ".join(words[:4])
        found = self._source.find(key, self._at)
        if found < 0:
            found = self._source.find(words[0] if words else "", self._at)
        if found >= 0:
            self._at = found
        return self._source.count("\n", 0, self._at) + 1
