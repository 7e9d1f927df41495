"""The comments of an HTML page, told apart from its article in the tree: by names, by a heading, by repeated entries. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from advisor.documents import Block
from advisor.ingest import comments


def _tags(text: str) -> list[str]:
    """The words of a list written as a line."""
    return text.split()


_REGION = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?list|commentlist|commentarea|comments?-?(?:area|section|wrapper|container|block|thread|tree)|disqus_thread|livefyre|respond|responses|replies"
    r"|kommentar(?:e|er)?|kommentarfelt|comentarios?|coment[aá]rios|commentaires?|commenti|discussion|guestbook|reviews?-list)(?:$|[\s_-])",
    re.I,
)
_ENTRY = re.compile(
    r"(?:^|\s)(?:comment|reply|kommentar|comentario|coment[aá]rio|commentaire|commento|comment-?(?:item|entry|box|single|thread|wrap|row|node|card)|single-comment|media-comment"
    r"|[\w-]*__comment|comment-\d+|li-comment-\d+|div-comment-\d+|depth-\d+|u-comment|h-cite|post-comment|response|thread-item)(?:$|\s)",
    re.I,
)
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
_NO_THREAD = re.compile(r"recent-?comments?|recentcomments|comment-?(?:policy|consent|rules|subscription)", re.I)
_TOOLS = re.compile(
    r"(?:^|[\s_-])(?:reply|actions?|tools|vote|votes|likes?|avatar|share|report|edit-link|reply-link|says|awaiting\w*)(?:$|[\s_-])",
    re.I,
)
_FORM = re.compile(
    r"(?:^|[\s_-])(?:respond|reply-form|comment-?form|commentform|add-comment|new-comment)(?:$|[\s_-])", re.I
)
_BLOCKS = frozenset(
    _tags(
        "p div li ul ol br blockquote section article table tr td th h1 h2 h3 h4 h5 h6 pre dl dt dd figure footer "
        "header"
    )
)
_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "form", "button", "svg", "select", "textarea", "iframe"]
)
_WRAPPERS = ("div", "section", "ol", "ul", "aside", "article", "dl", "table")
_DEEPEST = 250
_LOOSE_TEXT = 900  # characters of a region that may stand outside its entries


def named(element: Any) -> str:
    """What an element calls itself."""
    get = element.get
    return f"{get('id') or ''} {get('class') or ''} {get('itemprop') or ''}"


def regions(tree: Any) -> list[tuple[Any, list[Any]]]:
    """(region, its entry elements), outermost regions first and none inside another."""
    found: list[tuple[Any, list[Any]]] = []
    taken: set[Any] = set()
    for element in tree.iter(*_WRAPPERS):
        if not _REGION.search(named(element)) or _inside(element, taken):
            continue
        entries = [] if _NO_THREAD.search(named(element)) else _entries(element)
        if (
            (_NO_THREAD.search(named(element)) and len(element.text_content()) < _LOOSE_TEXT)
            or (_FORM.search(named(element)) and not entries)
            or (entries and _is_region(element, entries))
        ):
            found.append((element, entries))
            taken.add(element)
    for element, entries in _under_headings(tree, taken):
        found.append((element, entries))
        taken.add(element)
    return found


def blocks(region: Any, entries: list[Any]) -> Iterator[Block]:
    """A comment block for each entry of a region; the entries of its thread below it stay out of its text."""
    inside = set(entries)
    tree = region.getroottree()
    for element in entries:
        author = _first(element, _AUTHOR, inside, ("cite", "strong", "b"))
        date = _first(element, _DATE, inside, ("time",))
        body = _first(element, _BODY, inside, ("blockquote",))
        if body is not None and (
            (author is not None and author in body.iterdescendants()) or not body.text_content().strip()
        ):
            body = None
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


def _entries(region: Any) -> list[Any]:
    """Elements of a region that are one entry each."""
    by_name = [
        element
        for element in region.iter("li", "article", "div", "section", "dd", "tr")
        if element is not region
        and _ENTRY.search(named(element))
        and not _FORM.search(named(element))
        and not _REGION_ONLY.search(named(element))
        and not _is_button(element)
    ]
    if by_name:
        return _outermost_of_same_text(by_name)
    return _repeated(region)


def _is_button(element: Any) -> bool:
    """A "Reply" link that is called like an entry."""
    return named(element).strip().lower() == "reply" and len(element.text_content().split()) <= 3


_REGION_ONLY = re.compile(
    r"(?:^|\s)(?:comments|commentlist|comment-list|children|comment-?(?:content|body|text|meta|author|date|form|respond|reply|header|footer))(?:$|\s)",
    re.I,
)


def _outermost_of_same_text(elements: list[Any]) -> list[Any]:
    """Without the inner one of two wrappers around the same entry."""
    known = set(elements)
    kept = []
    for element in elements:
        outer = next((parent for parent in element.iterancestors() if parent in known), None)
        first = next(outer.iterchildren("article", "div", "section", "li"), None) if outer is not None else None
        if first is not element:
            kept.append(element)
    return kept


def _repeated(region: Any) -> list[Any]:
    """List items, or children that look alike."""
    lists = [element for element in [region, *region.iter("ol", "ul")] if element.tag in ("ol", "ul")]
    if lists:
        return list(lists[0].iterchildren("li"))
    for parent in [region, *region.iterchildren("div", "section")]:
        children = [
            child
            for child in parent.iterchildren("div", "article", "section", "p", "blockquote")
            if not _FORM.search(named(child))
        ]
        alike = [
            child
            for child in children
            if children and (child.tag, child.get("class")) == (children[-1].tag, children[-1].get("class"))
        ]
        if len(alike) >= 2:
            return alike
    return []


def _is_region(element: Any, entries: list[Any]) -> bool:
    """Not the wrapper of a whole article that allows comments: little text stands outside the entries."""
    if next(element.iter("h1"), None) is not None:
        return False
    whole = len(element.text_content())
    outer = set(entries)
    inside = sum(len(entry.text_content()) for entry in entries if not _inside(entry, outer))
    return whole - inside <= max(_LOOSE_TEXT, whole // 2)


def _under_headings(tree: Any, taken: set[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """The list or the run of like elements that follows a heading such as "12 comments"."""
    for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "strong"):
        text = (heading.text_content() or "").strip()
        if not text or len(text) > 120 or not comments.is_marker(text) or _inside(heading, taken):
            continue
        after = heading.getnext()
        if after is None and heading.getparent() is not None:
            after = heading.getparent().getnext()
        while after is not None and (not isinstance(after.tag, str) or not (after.text_content() or "").strip()):
            after = after.getnext()
        if after is None or after.tag not in _WRAPPERS:
            continue
        entries = _repeated(after) or _entries(after)
        if entries and _is_region(after, entries):
            yield after, entries


def _inside(element: Any, taken: set[Any]) -> bool:
    return bool(taken) and any(parent in taken for parent in element.iterancestors())


def _first(element: Any, pattern: re.Pattern[str], entries: set[Any], tags: tuple[str, ...]) -> Any | None:
    """The first part of an entry with such a name or tag that does not belong to an entry below it."""
    for child in element.iterdescendants():
        if not isinstance(child.tag, str) or child in entries or (pattern is _BODY and _DATE.search(named(child))):
            continue
        if (child.tag in tags and pattern is not _BODY) or pattern.search(named(child)):
            owner = next((parent for parent in child.iterancestors() if parent in entries), None)
            if owner is element:
                return child
    return None
