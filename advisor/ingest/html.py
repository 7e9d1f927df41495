"""HTML into typed blocks: the article by trafilatura, its comments by a walk of our own, each out of the other's way."""

import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import html as lxml_html
from lxml.etree import LxmlError, ParserError

from advisor.documents import Block, BlockType, Page
from advisor.errors import SourceError
from advisor.ingest import html_comments, html_regions, injection

_TYPES: dict[str, BlockType] = {
    "head": "heading",
    "p": "paragraph",
    "item": "list",
    "quote": "quote",
    "table": "table",
    "code": "quote",
}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*(?:0+(?:\.\d*)?(?:px|r?em|pt|%)?|1px)\s*(?:!important)?\s*(?:;|$)|opacity\s*:\s*0*(?:\.0\d*)?(?:;|\s|$)|(?:left|right|top|text-indent|margin-left)\s*:\s*-\d{3,}"
    r"|clip(?:-path)?\s*:\s*(?:rect\(\s*[01](?:px)?[ ,]+[01]|inset\(\s*(?:50|100)%)|transform\s*:\s*scale\(\s*0|(?<![-\w])(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$)"
    r"|(?<![-\w])color\s*:\s*(?:#fff(?:fff)?|white|transparent|rgba\([^)]*,\s*0\))",
    re.I,
)
_QUICK_DATE = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}  # the date is read elsewhere
_INLINE = frozenset(("ref", "hi", "del", "lb", "graphic"))
_FURNITURE = re.compile(
    r"^\W*(?:(?:see|read) (?:more|also|next|this)\b\W.{0,160}|more:.{0,120}|(?:like|enjoyed?) this (?:story|article|post).{0,80}|you (?:may|might) also like.{0,40}|comments?"
    r"|(?:subscribe|sign up) (?:to|for|now)\b.{0,140}|follow .{2,60} on (?:twitter|facebook|instagram).{0,80}|(?:copyright|©) .{2,80}|all rights reserved.*|share (?:this|on)\b.{0,60}"
    r"|click to tweet|advertisement|(?:learn|find out) more|related(?: (?:posts|articles|stories|content|topics))?\W.{0,60}|thanks for signing up.{0,20}|leggi anche\b.{0,160}|lesen sie auch\b.{0,160}"
    r"|also on\b.{0,160}|don['’]t miss\W*|recommended (?:videos?|stories|reading)|tags?\W*|tags?:.{0,200}|filed under.{0,120}|order reprints|print (?:this )?article|this copy is for your personal.{0,400}"
    r"|an error has occurred.{0,60}|thank you|this article has been sent to|https?://\S+|\[/?[a-z][^\]]*\].{0,120}|if you buy something through this.{0,160}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{4}\W.{0,12}(?:by|por|av|von|par|da|publi\w+|posted)\b.{0,160}"
    r"|les også\b.{0,160}|lea también\b.{0,160}|lire aussi\b.{0,160}|leia (?:também|mais)\b.{0,160}|читайте также.{0,160}|_+|\*+|-+)$",
    re.I,
)
_DEEPEST = 1_500  # nested elements; a page deeper than that is an attack
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^>]*?(/?)>")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "option",
    ]
)


def extract(page: Page) -> list[Block]:
    """Article blocks, then comment blocks. Raises SourceError where there is no readable page."""
    tree = _tree(page)
    comment_blocks: list[Block] = []
    for region, entries in html_regions.regions(tree):
        if region.getparent() is None:
            continue
        comment_blocks += html_comments.blocks(region, entries)
        region.drop_tree()
    unseen = list(_unseen(tree))
    blocks = list(_article(tree, page))
    if not blocks and not comment_blocks:
        raise SourceError("The page holds no article", value=page.source, cure="Save the page after it has loaded.")
    return blocks + unseen + comment_blocks


def date_of(text: str) -> str | None:
    """The date that a page gives of itself in its head."""
    match = re.search(
        r"""(?:article:published_time|datePublished|date)["']?\s*(?:content=|:)\s*["'](\d{4}-\d\d-\d\d)""",
        text[:200_000],
    )
    return match.group(1) if match is not None else None


def licence_of(text: str) -> str | None:
    """The licence that a page links to as its own."""
    match = re.search(
        r"""rel=["']license["'][^>]*href=["']([^"']{5,200})|href=["']([^"']{5,200})["'][^>]*rel=["']license["']""", text
    )
    return (match.group(1) or match.group(2)) if match is not None else None


def _tree(page: Page) -> Any:
    if _depth(page.text) > _DEEPEST:
        raise SourceError("The page nests its elements too deeply", value=page.source, cure="Save it as text.")
    try:
        parser = lxml_html.HTMLParser(
            encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
        )
        return lxml_html.document_fromstring(page.text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, LxmlError, ValueError, RecursionError) as problem:
        raise SourceError(
            f"The page cannot be read as HTML ({problem})", value=page.source, cure="Save it again."
        ) from problem


def _depth(text: str) -> int:
    """How deep elements nest, roughly; tags that need no end are left out."""
    deepest = depth = 0
    for match in _TAG.finditer(text):
        if match.group(2).lower() in _VOID or match.group(3):
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _article(tree: Any, page: Page) -> Iterator[Block]:
    found: Any = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True, url=page.url, date_extraction_params=_QUICK_DATE
    )
    body = getattr(found, "body", None)
    if found is None or body is None:
        return
    lines = _Lines(page.text)
    title = (found.title or "").strip()
    if title:
        yield Block(title, "title", lines.first(title), level=1)
    pieces = list(_pieces(body))
    while pieces and pieces[-1][0] == "heading":  # a heading with nothing below it leads to other pages
        pieces.pop()
    for kind, text, rend in pieces:
        if kind == "heading" and _same(text, title):
            continue
        level = int(rend[-1]) if kind == "heading" and rend[-1:].isdigit() else 2 if kind == "heading" else 0
        yield Block(text, "boilerplate" if _FURNITURE.match(text) else kind, lines.of(text), level=level)


def _same(heading: str, title: str) -> bool:
    """Whether a heading says the page's title again; a title may carry the site's name behind it."""
    one, other = (" ".join(re.findall(r"\w+", text.lower())) for text in (heading, title))
    return bool(one) and (one == other or (len(one.split()) >= 3 and (other.startswith(one) or one.startswith(other))))


def _pieces(body: Any) -> Iterator[tuple[BlockType, str, str]]:
    """(type, text, rend) of each block below `body`; text that stands loose between blocks is a paragraph of its own."""
    loose: list[str] = []

    def flush() -> Iterator[tuple[BlockType, str, str]]:
        text = re.sub(r"\s+", " ", " ".join(loose)).strip()
        loose.clear()
        if text:
            yield "paragraph", text, ""

    stack: list[Any] = [(body, False)]
    while stack:
        item, done = stack.pop()
        if isinstance(item, str):
            loose.append(item)
        elif done:
            yield from flush()
        elif isinstance(item.tag, str):
            kind = _TYPES.get(item.tag)
            if kind is not None:
                yield from flush()
                text = _table(item) if kind == "table" else _words(item)
                if text:
                    yield kind, text, str(item.get("rend") or "")
            elif item.tag in _INLINE:
                loose.append(_words(item))
            else:
                yield from flush()
                stack.append((item, True))
                for child in reversed(item):
                    stack += [(child.tail or "", False), (child, False)]
                stack.append((item.text or "", False))


def _unseen(tree: Any) -> Iterator[Block]:
    """Hidden elements and picture texts that speak to a machine: kept for people to see, never taken for guidance."""
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in (
            "script",
            "style",
            "noscript",
            "template",
            "head",
            "option",
        ):
            continue
        hidden = (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or bool(_HIDDEN.search(element.get("style") or ""))
        )
        text = (
            html_comments.text_of(element, set()) if hidden else element.get("alt") or element.get("aria-label") or ""
        )
        if text and (injection.reason(text) is not None or (hidden and len(text.split()) > 3)):
            yield Block(
                text,
                "paragraph",
                int(element.sourceline or 1),
                path=element.getroottree().getpath(element),
                hidden=True,
            )
            if hidden and element.getparent() is not None:
                element.drop_tree()


def _words(element: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(element.itertext())).strip()


def _table(element: Any) -> str:
    rows = [[_words(cell).replace("|", "/") for cell in row.iter("cell")] for row in element.iter("row")]
    lines = [f"| {' | '.join(cells)} |" for cells in rows if any(cells)]
    if len(lines) > 1:
        lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


class _Lines:
    """Where a text starts in the source, by its first words, searched onwards from the text before it."""

    def __init__(self, source: str) -> None:
        self._source, self._at, self._line, self._counted = source, 0, 1, 0

    def first(self, text: str) -> int:
        return self._source.count("\n", 0, max(0, self._source.find(" ".join(text.split()[:4])))) + 1

    def of(self, text: str) -> int:
        words = text.strip("| ").split()
        for size in (5, 3, 2):
            found = self._source.find(" ".join(words[:size]), self._at)
            if found >= 0:
                self._at = found
                break
        self._line += self._source.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line
