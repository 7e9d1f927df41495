"""The entries of a comment region of an HTML page: author, date, depth and body. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from advisor.documents import Block
from advisor.ingest import comments
from advisor.ingest.html_regions import named

_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:author|fn|nick(?:name)?|user-?name|commenter|by|vcard|p-author|name)(?:$|[\s_-])", re.I
)
_DATE = re.compile(
    r"(?:^|[\s_-])(?:date|datetime|time|timestamp|published|dt-published|comment-?meta|metadata|commentmetadata|ago|permalink)(?:$|[\s_-])",
    re.I,
)
_BODY = re.compile(
    r"(?:^|[\s_-])(?:(?:comment|reply)[-_]{0,2}(?:content|body|text|message|copy)|content|message|e-content|text|commenttext|bodytext)(?:$|[\s_-])",
    re.I,
)
_SAID = re.compile(
    rf"(?:\s+(?:on|at|am|le|el|em|il))?\s*(?:{comments.DATE})?\s*(?:{comments.VERB}|commented on)?\s*:?\s*$", re.I
)
_TOOLS = re.compile(
    r"(?:^|[\s_-])(?:reply|actions?|tools|vote|votes|likes?|avatar|share|report|edit-link|reply-link|says|awaiting\w*)(?:$|[\s_-])",
    re.I,
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "br",
        "blockquote",
        "section",
        "article",
        "table",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "dl",
        "dt",
        "dd",
        "figure",
        "footer",
        "header",
    ]
)
_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "form", "button", "svg", "select", "textarea", "iframe"]
)


def blocks(region: Any, entries: list[Any]) -> Iterator[Block]:
    """A comment block for each entry of a region; the entries of its thread below it stay out of its text."""
    inside = set(entries)
    tree = region.getroottree()
    for element in entries:
        author = _first(element, _AUTHOR, inside, ("cite", "strong", "b"))
        date = _first(element, _DATE, inside, ("time",))
        body = _first(element, _BODY, inside, ("blockquote",), without=author)
        skip = inside - {element} | {part for part in (author, date) if part is not None}
        text = text_of(body if body is not None else element, skip, tools=body is None)
        name = text_of(author, set())[:80] if author is not None else None
        text, name = _unsaid(text, _name(name))
        links = tuple(
            str(a.get("href"))
            for a in (body if body is not None else element).iter("a")
            if str(a.get("href") or "").startswith("http")
        )
        depth = sum(parent in inside for parent in element.iterancestors())
        when = (date.get("datetime") or text_of(date, set()))[:60] if date is not None else None
        yield Block(
            text,
            "comment",
            int(element.sourceline or 1),
            0,
            tree.getpath(element),
            None,
            name,
            when,
            depth,
            False,
            links,
        )


def text_of(element: Any, skip: set[Any], tools: bool = False) -> str:
    """Readable text: a line a block, without scripts, forms and the elements in `skip`."""
    parts: list[str] = []
    stack: list[Any] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        if (
            not isinstance(item.tag, str)
            or item.tag in _SKIPPED
            or item in skip
            or (tools and item is not element and _TOOLS.search(named(item)))
        ):
            continue
        edge = "\n" if item.tag in _BLOCKS else ""
        stack.append(edge)
        for child in reversed(item):
            stack += [child.tail or "", child]
        stack.append(edge + re.sub(r"\s+", " ", item.text or ""))
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _name(shown: str | None) -> str | None:
    """An author's name without the words and the date around it."""
    if shown is None:
        return None
    first = shown.split("\n")[0]
    return _SAID.sub("", first).strip(" :,|") or None


def _unsaid(text: str, name: str | None) -> tuple[str, str | None]:
    """Text and author where the author stands in the text: "NAME says: ..."."""
    lines = text.split("\n")
    for shape in ("says", "posted", "dated", "name-date"):
        if comments.opens(lines, shape):
            found = comments.entries(lines, comments.Region(0, len(lines), None, shape))
            return found[0].text, name or found[0].author
    if (
        name is None
        and len(lines) == 1
        and 0 < len(text.split()) <= 3
        and not text.endswith((".", "!", "?"))
        and len(text) < 40
    ):
        return "", text
    if name and text.startswith(name):
        text = text[len(name) :].lstrip(" :\n-–")
    return re.sub(
        r"(?:^|\n)(?:says|said|reply|sier|dice|sagt|dit|diz|svar|antworten|responder|répondre|rispondi|ответить)\s*:?(?=\n|$)",
        "",
        text,
        flags=re.I,
    ).strip(), name


def _first(
    element: Any, pattern: re.Pattern[str], entries: set[Any], tags: tuple[str, ...], without: Any | None = None
) -> Any | None:
    """The first part of an entry with such a name or tag that says something and does not belong to an entry below it."""
    for child in element.iterdescendants():
        if not isinstance(child.tag, str) or child in entries or (pattern is _BODY and _DATE.search(named(child))):
            continue
        if (child.tag in tags and pattern is not _BODY) or pattern.search(named(child)):
            owner = next((parent for parent in child.iterancestors() if parent in entries), None)
            if owner is element and _says(child) and not (without is not None and without in child.iterdescendants()):
                return child
    return None


def _says(part: Any) -> bool:
    return bool(part.get("datetime") or part.text_content().strip())
