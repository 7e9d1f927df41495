"""Plain text, Markdown, PDF and DOCX text into typed blocks, each with the line it starts on. Pure."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from advisor.documents import Block, Page
from advisor.ingest import comments

_ITEM = re.compile(r"^\s*(?:[-*+•–▪]|\(?\d{1,3}[.)]|[a-z]\))\s+\S")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"^\s*(?:[-=_*~]\s*){3,}$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_CAPTION = re.compile(
    r"[(]\s*[A-Z][\w.& ]+,? \d{4}\s*[)]$|^(?:figure|table|fig\.|abb\.|figur|tabell|figura|tabla|tableau)\s*\d", re.I
)
_NAME = re.compile(r"^(?:[A-ZÀ-ÞА-Я][\w.'’-]+\s+){1,3}[A-ZÀ-ÞА-Я][\w'’-]+$")
_BYLINE = re.compile(
    r"^(?:by|av|von|por|par|di|автор)\s*:?\s+([A-ZÀ-ÞА-Я][\w.'’-]+(?:\s+[A-ZÀ-ÞА-Я][\w.'’-]+){0,3})$", re.I
)
_DATE = re.compile(
    rf"^\W*(?:(?:posted|published|updated|publisert|publicado|veröffentlicht|publié|опубликовано)\W*(?:on\b)?\W*)?({comments.DATE})\W*$",
    re.I,
)
_BOILERPLATE = re.compile(
    r"^\W*(?:share (?:this|on .{2,30})|tweet|print|email this|subscribe(?: (?:to|now).{0,60})?|(?:we use|this (?:web)?site uses) cookies.*|accept (?:all )?cookies|skip to (?:main )?content"
    r"|read more|back to top|all rights reserved.*|(?:copyright|©)\s.*|privacy policy|terms of (?:use|service)|related (?:posts|articles)|comments are closed.*|advertisement)\W*$",
    re.I,
)
_HEADING_WORDS = 14


class _Line(NamedTuple):
    number: int
    text: str


def extract(page: Page) -> list[Block]:
    """Blocks in reading order: the article, the marker line above the comments, the comments, and what stands below."""
    texts = page.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [_Line(i, text) for i, text in enumerate(texts, 1)]
    markdown = page.media in ("markdown", "docx")
    region = comments.find(texts)
    if region is None:
        return _paged(_article(lines, markdown), page)
    above = region.marker if region.marker is not None else region.start
    blocks = _article(lines[:above], markdown)
    for i in range(above, region.start):
        if texts[i].strip():
            blocks.append(Block(texts[i].strip(" #*_"), "boilerplate", i + 1))
    blocks += comments.entries(texts, region)
    blocks += _article(lines[region.end :], markdown, seen_title=True)
    return _paged(blocks, page)


def _article(lines: Sequence[_Line], markdown: bool, seen_title: bool = False) -> list[Block]:
    groups = list(_groups(lines))
    alone = Counter(group[0].text.strip() for group in groups if len(group) == 1)
    blocks: list[Block] = []
    for at, group in enumerate(groups):
        for block in _typed(group, markdown, seen_title):
            if _is_byline(block.text, alone, at, groups):
                block = dataclasses.replace(
                    block, type="boilerplate", author=re.sub(_BYLINE, r"\1", block.text), level=0
                )
            seen_title = seen_title or block.type == "title"
            blocks.append(block)
    return blocks


def _groups(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines between blank lines; code fences and headings stand alone."""
    held: list[_Line] = []
    fenced = False
    for line in lines:
        if _FENCE.match(line.text):
            fenced = not fenced
            held.append(line)
            continue
        if not fenced and (not line.text.strip() or _RULE.match(line.text)):
            if _RULE.match(line.text) and len(held) == 1 and set(line.text.strip()) <= {"=", "-"}:
                level = "#" if "=" in line.text else "##"
                held = [_Line(held[0].number, f"{level} {held[0].text.strip()}")]
            if held:
                yield held
            held = []
        elif not fenced and _HEADING.match(line.text):
            if held:
                yield held
            yield [line]
            held = []
        else:
            held.append(line)
    if held:
        yield held


def _typed(lines: Sequence[_Line], markdown: bool, seen_title: bool) -> Iterator[Block]:
    """One group of lines: a heading, list items, a table, a quote, or running text."""
    first = lines[0]
    text = "\n".join(line.text.strip() for line in lines)
    heading = _HEADING.match(first.text)
    if heading is not None:
        if heading.group(2):
            level = len(heading.group(1))
            yield Block(heading.group(2), "heading" if seen_title or level > 1 else "title", first.number, level=level)
    elif _ITEM.match(first.text) and (
        len(lines) == 1 or sum(bool(_ITEM.match(line.text)) for line in lines) * 4 >= len(lines)
    ):
        yield from _items(lines)
    elif sum(bool(_ITEM.match(line.text)) for line in lines[1:]) >= 2:  # a sentence that leads a list
        at = next(i for i, line in enumerate(lines) if i and _ITEM.match(line.text))
        yield from _typed(lines[:at], True, seen_title)
        yield from _items(lines[at:])
    elif first.text.lstrip().startswith("|") or (len(lines) > 1 and all("\t" in line.text.strip() for line in lines)):
        yield Block(text, "table", first.number)
    elif first.text.lstrip().startswith(">"):
        yield Block("\n".join(line.text.strip().lstrip("> ") for line in lines), "quote", first.number)
    elif len(lines) == 1 and (date := _DATE.match(text)) is not None:
        yield Block(text, "boilerplate", first.number, date=date.group(1))
    elif len(lines) == 1 and _BOILERPLATE.match(text):
        yield Block(text, "boilerplate", first.number)
    elif len(lines) == 1 and not markdown and _looks_like_heading(text):
        yield Block(text, "heading" if seen_title else "title", first.number, level=2 if seen_title else 1)
    else:
        yield Block(text, "paragraph", first.number)


def _items(lines: Sequence[_Line]) -> Iterator[Block]:
    """A block for each list item, with the lines that go on below it."""
    held: list[_Line] = []
    for line in lines:
        if _ITEM.match(line.text) and held:
            yield _item(held)
            held = []
        held.append(line)
    yield _item(held)


def _item(lines: Sequence[_Line]) -> Block:
    indent = len(lines[0].text) - len(lines[0].text.lstrip())
    return Block("\n".join(line.text.strip() for line in lines), "list", lines[0].number, level=1 + indent // 4)


def _looks_like_heading(text: str) -> bool:
    short = len(text.split()) <= _HEADING_WORDS and len(text) <= 110
    return (
        short
        and not text.endswith((".", ",", ";", ":", "!", "”", '"', "…"))
        and text[:1].isalnum()
        and not _CAPTION.search(text)
        and "://" not in text
    )


def _is_byline(text: str, alone: Counter[str], at: int, groups: Sequence[Sequence[_Line]]) -> bool:
    """A person's name that stands alone near the top or again at the end, or "By NAME" near the top."""
    if at < 8 and _BYLINE.match(text):
        return True
    if alone[text] < 2 or not _NAME.match(text):
        return False
    near = [group[0].text.strip() for group in groups[max(0, at - 1) : at + 2]]
    first = next(i for i, group in enumerate(groups) if group[0].text.strip() == text)
    return near.count(text) > 1 or first < 5


def _paged(blocks: list[Block], page: Page) -> list[Block]:
    """Blocks with the PDF page that they stand on, and the hidden text of the file as blocks of its own."""
    if not page.page_lines:
        return blocks
    unseen = [
        Block(text, "paragraph", page.page_lines[number - 1], page=number, hidden=True) for number, text in page.hidden
    ]
    return unseen + [
        dataclasses.replace(
            block, page=max((n for n, line in enumerate(page.page_lines, 1) if line <= block.line), default=1)
        )
        for block in blocks
    ]
