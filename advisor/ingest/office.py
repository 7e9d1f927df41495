"""Word documents and saved web pages (MHTML) into Markdown and HTML text; PDF lines made whole."""

import email
import email.policy
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from advisor.errors import SourceError

_MOST_UNPACKED = 300_000_000
_MOST_RATIO = 200
_LARGE = 20_000_000


def docx_text(data: bytes, source: str) -> str:
    """Markdown of a Word document, tables where they stand. Raises SourceError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
            if size > _MOST_UNPACKED or (size > _LARGE and size > _MOST_RATIO * len(data)):
                raise SourceError(
                    "The file unpacks to too much", value=source, cure="Save it again without what is not text."
                )
        lines = list(_lines(data))
    except SourceError:
        raise
    except (
        zipfile.BadZipFile,
        LookupError,
        ValueError,
        OSError,
        NotImplementedError,
        AttributeError,
        RuntimeError,
        EOFError,
    ) as problem:
        raise SourceError(
            f"The DOCX cannot be read ({problem})", value=source, cure="Open it and save it again."
        ) from problem
    text = "\n\n".join(lines)
    if not text.strip():
        raise SourceError("The document holds no text", value=source, cure="Save it again.")
    return text


def mhtml_text(data: bytes, source: str) -> tuple[str, str | None]:
    """HTML of a saved page and the address it came from. Raises SourceError."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                content = part.get_payload(decode=True)
                charset = part.get_content_charset("utf-8")
                text = content.decode(charset, "replace") if isinstance(content, bytes) else str(content)
                origin = part.get("Content-Location") or message.get("Snapshot-Content-Location")
                return text.replace("\0", ""), str(origin) if origin and str(origin).startswith("http") else None
    except (LookupError, ValueError, AttributeError, RecursionError) as problem:
        raise SourceError(
            f"The saved page cannot be read ({problem})", value=source, cure="Save it as HTML."
        ) from problem
    raise SourceError("The saved page holds no HTML", value=source, cure="Save the page again.")


def _lines(data: bytes) -> Iterator[str]:
    document = docx.Document(io.BytesIO(data))
    for element in document.element.body.iterchildren():
        if element.tag == qn("w:p"):
            paragraph = Paragraph(element, document)
            style = (paragraph.style.name if paragraph.style is not None else "") or ""
            text = " ".join(paragraph.text.split())
            level = (
                int(style[-1]) + 1
                if style.startswith("Heading") and style[-1].isdigit()
                else 1
                if style == "Title"
                else 0
            )
            mark = "#" * min(6, level) + " " if level else "- " if style.startswith("List") else ""
            if text:
                yield mark + text
        elif element.tag == qn("w:tbl"):
            rows = [
                [" ".join(cell.text.split()).replace("|", "/") for cell in row.cells]
                for row in Table(element, document).rows
            ]
            lines = [f"| {' | '.join(cells)} |" for cells in rows]
            if len(lines) > 1:
                lines.insert(1, "|" + " --- |" * len(rows[0]))
            yield "\n".join(lines)


def without_running_heads(texts: list[str]) -> list[str]:
    """Blanks the first and last lines that come again on most pages; words cut at a line's end are made whole."""
    ends = Counter(
        re.sub(r"\d+", "#", line.strip())
        for text in texts
        for line in {*text.strip().split("\n")[:1], *text.strip().split("\n")[-1:]}
    )
    often = {line for line, count in ends.items() if len(texts) >= 4 and count >= 0.6 * len(texts)}
    made = []
    for text in texts:
        lines = text.split("\n")
        for at in (0, -1):
            if re.sub(r"\d+", "#", lines[at].strip()) in often:
                lines[at] = ""
        for i, line in enumerate(lines[:-1]):
            if (
                re.search(r"[^\W\d_]-$", line)
                and (tail := re.match(r"([a-zà-ÿа-я]+\S*)\s*(.*)$", lines[i + 1])) is not None
            ):
                lines[i], lines[i + 1] = line[:-1] + tail.group(1), tail.group(2)
        made.append("\n".join(lines))
    return made
