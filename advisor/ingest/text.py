"""Plain text and Markdown into typed blocks; a comment region is found by a marker and by repeated shape, never by numbers alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.documents import Block, Page

_MARKER = re.compile(
    r"^\W*(?:\d+\s+)?(?:join the (?:conversation|discussion)|(?:\d+ )?comments?(?: \(\d+\))?|comments? (?:on|to) .{3,80}|\d* ?(?:responses?|replies|thoughts?) (?:to|on) .{3,90}"
    r"|leave a (?:reply|comment)|responses?|discussion|reader comments|kommentarer?(?: \(\d+\))?|\d+ kommentar(?:er|e)?|kommentare(?: \(\d+\))?"
    r"|(?:\d+ )?comentarios?(?: \(\d+\))?|deja (?:un|tu) comentario|(?:\d+ )?commentaires?(?: \(\d+\))?|laisser un commentaire"
    r"|(?:\d+ )?coment[aá]rios?(?: \(\d+\))?|(?:\d+ )?commenti(?: \(\d+\))?|комментарии(?: \(\d+\))?|\d+ комментари\w+|обсуждение|댓글)\W*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s{0,6}(\d{1,4})[.)]\s+(\S.{0,80}?)\s*$")
_SAYS = re.compile(
    r"^\s{0,6}(?:[-*•]\s+)?(.{1,50}?)\s+(?:says|said|writes|wrote|sier|skriver|dice|dijo|sagt|schreibt|schrieb|dit|a dit|a écrit|diz|disse|scrive|ha detto|пишет|говорит|says on .{4,40})\s*:\s*$",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"^\s{0,6}(?:[-*•]\s+)?(?:posted by|by|comment by|von|por|par|av|da|от)\s+(.{1,50}?)\s+(?:on|at|am|el|le|em|den|il|,|\|)\s*(.{4,40})$", re.IGNORECASE
)
_DATED = re.compile(r"^\s{0,6}(?:[-*•]\s+)?(\S.{0,40}?)\s*(?:[|,(–-]|\s{2,})\s*((?:\d{1,2}[./ -]\w{2,9}[./ -]\d{2,4}|\w{3,9} \d{1,2},? \d{4}|\d{4}-\d\d-\d\d).{0,20})$")
_DATE_LINE = re.compile(r"^\W*(?:\w{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? \w{3,9} \d{4}|\d{4}-\d\d-\d\d)(?:\s*(?:at|,|um|kl\.?)?\s*\d{1,2}\s*[:.]\s*\d\d\s*(?:am|pm)?)?\W*$", re.I)
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_HEADING_WORDS = 14
_LEAST_ENTRIES = 2


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def extract(page: Page) -> list[Block]:
    """Blocks of a text, Markdown, PDF or DOCX page, in reading order, with the line each starts on."""
    lines = [_Line(i, text.replace("\r", "")) for i, text in enumerate(page.text.split("\n"), 1)]
    start, marker = _comment_region(lines)
    blocks = list(_article(lines[: marker if marker is not None else start], page.media == "markdown"))
    if marker is not None and start is not None:
        blocks.append(Block(lines[marker].text.strip(), "boilerplate", lines[marker].number))
    if start is not None:
        blocks += _comments(lines[start:])
    return [_on_page(block, page.page_lines) for block in blocks]


def _comment_region(lines: Sequence[_Line]) -> tuple[int | None, int | None]:
    """(index of the first entry, index of the marker line or None); (None, None) where there is no such region."""
    for i, line in enumerate(lines):
        if _MARKER.match(line.text) and len(line.text.split()) <= 14:
            first = next((j for j in range(i + 1, len(lines)) if lines[j].text.strip()), None)
            if first is not None and len(list(_entries(lines[first:]))) >= 1 and _entry(lines[first].text, None):
                return first, i
    # Without a marker only a shape that no article has counts: "NAME says:", "posted by NAME on DATE", again and again.
    spoken = [i for i, line in enumerate(lines) if _SAYS.match(line.text) or _POSTED.match(line.text)]
    if len(spoken) > _LEAST_ENTRIES and spoken[0] > 0:
        return spoken[0], None
    return None, None


def _entry(text: str, expected: int | None) -> tuple[str, str | None, int | None] | None:
    """(author, date, number) where the line opens a comment entry. Numbers must go on from the one before."""
    numbered = _NUMBERED.match(text)
    if numbered is not None and (expected is None or int(numbered.group(1)) in (expected, expected + 1)):
        return numbered.group(2), None, int(numbered.group(1))
    for shape in (_POSTED, _DATED):
        match = shape.match(text)
        if match is not None:
            return match.group(1).strip(), match.group(2), expected
    says = _SAYS.match(text)
    return (says.group(1), None, expected) if says is not None else None


def _entries(lines: Sequence[_Line]) -> Iterator[tuple[int, str, str | None]]:
    """(index, author, date) of each entry's first line; the shape of the first entry decides for the rest."""
    expected: int | None = None
    numbered: bool | None = None
    for i, line in enumerate(lines):
        found = _entry(line.text, None if expected is None else expected + 1)
        if found is None or (numbered is not None and numbered != bool(_NUMBERED.match(line.text))):
            continue
        if numbered is None:
            numbered = bool(_NUMBERED.match(line.text))
        expected = found[2] if found[2] is not None else expected
        yield i, found[0], found[1]


def _comments(lines: Sequence[_Line]) -> Iterator[Block]:
    starts = list(_entries(lines))
    for (i, author, date), following in zip(starts, [*(s[0] for s in starts[1:]), len(lines)], strict=True):
        body = "\n".join(line.text.strip() for line in lines[i + 1 : following]).strip()
        depth = (len(lines[i].text) - len(lines[i].text.lstrip())) // 2
        yield Block(body, "comment", lines[i].number, author=author, date=date, depth=depth)


def _article(lines: Sequence[_Line], markdown: bool) -> Iterator[Block]:
    held: list[_Line] = []
    seen_title = False
    for line in [*lines, _Line(0, "")]:
        if line.text.strip():
            held.append(line)
            continue
        if held:
            for block in _paragraph(held, markdown, seen_title):
                seen_title = seen_title or block.type in ("title", "heading", "paragraph")
                yield block
        held = []


def _paragraph(lines: Sequence[_Line], markdown: bool, seen_title: bool) -> Iterator[Block]:
    """One paragraph's lines: a heading, a list item each, a table, a quote, or running text."""
    text = " ".join(line.text.strip() for line in lines)
    number = lines[0].number
    if all(_ITEM.match(line.text) for line in lines[:1]) and sum(bool(_ITEM.match(line.text)) for line in lines) >= max(1, len(lines) // 3):
        yield from _items(lines)
    elif lines[0].text.lstrip().startswith("|"):
        yield Block("\n".join(line.text.strip() for line in lines), "table", number)
    elif lines[0].text.lstrip().startswith(">"):
        yield Block(" ".join(line.text.strip().lstrip("> ") for line in lines), "quote", number)
    elif (heading := _HEADING.match(lines[0].text)) is not None:
        yield Block(heading.group(2), "heading" if seen_title else "title", number, level=len(heading.group(1)))
        if len(lines) > 1:
            yield from _paragraph(lines[1:], markdown, True)
    elif _DATE_LINE.match(text):
        yield Block(text, "boilerplate", number, date=text)
    elif not markdown and len(lines) == 1 and _looks_like_heading(text):
        yield Block(text, "heading" if seen_title else "title", number, level=2 if seen_title else 1)
    else:
        yield Block(text, "paragraph", number)


def _items(lines: Sequence[_Line]) -> Iterator[Block]:
    held: list[_Line] = []
    for line in lines:
        if _ITEM.match(line.text) and held:
            yield Block(" ".join(part.text.strip() for part in held), "list", held[0].number)
            held = []
        held.append(line)
    yield Block(" ".join(part.text.strip() for part in held), "list", held[0].number)


def _looks_like_heading(text: str) -> bool:
    return len(text.split()) <= _HEADING_WORDS and not text.endswith((".", ",", ";", ":", "!", "”", '"')) and text[:1].isalnum()


def _on_page(block: Block, starts: Sequence[int]) -> Block:
    if not starts:
        return block
    page = max((i for i, line in enumerate(starts, 1) if line <= block.line), default=1)
    return Block(block.text, block.type, block.line, block.level, block.path, page, block.author, block.date, block.depth, block.hidden, block.links)
