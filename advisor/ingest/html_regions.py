"""Where the comments of an HTML page stand: by names, by a heading, by repeated entries. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from advisor.ingest import comments

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
_NO_THREAD = re.compile(r"recent-?comments?|recentcomments|comment-?(?:policy|consent|rules|subscription)", re.I)
_FORM = re.compile(
    r"(?:^|[\s_-])(?:respond|reply-form|comment-?form|commentform|add-comment|new-comment)(?:$|[\s_-])", re.I
)
_REGION_ONLY = re.compile(
    r"(?:^|\s)(?:comments|commentlist|comment-list|children|comment-?(?:content|body|text|meta|author|date|form|respond|reply|header|footer))(?:$|\s)",
    re.I,
)
_WRAPPERS = ("div", "section", "ol", "ul", "aside", "article", "dl", "table")
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
