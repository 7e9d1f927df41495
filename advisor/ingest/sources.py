"""Files and folders into pages: right decoding, PDF and DOCX text, and one clear error a source."""

import email
import email.policy
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
from pypdf.errors import PyPdfError

from advisor.documents import Page
from advisor.errors import SourceError

MOST_BYTES = 50_000_000
_MOST_TEXT = 20_000_000  # characters; a bomb unpacks to more
_MOST_PAGES = 5_000
SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".mhtml": "mhtml", ".mht": "mhtml",
}  # fmt: skip


def expand(source: Path) -> list[Path]:
    """The files of a file or folder, sorted; links that lead in circles are followed once. Raises SourceError."""
    if source.is_file():
        return [source]
    if not source.exists():
        raise SourceError("No such file or folder", value=source, cure="Check the path.")
    found = sorted(set(_walk(source, set())))
    if not found:
        raise SourceError("The folder holds no documents", value=source, cure=f"Known kinds: {', '.join(SUFFIXES)}.")
    return found


def read(path: Path) -> Page:
    """One file as a page. Raises SourceError: what, value, cure."""
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise SourceError("Unknown kind of file", value=path, cure=f"Known kinds: {', '.join(SUFFIXES)}.")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise SourceError(f"The file has {size:,} bytes; {MOST_BYTES:,} is the most", value=path, cure="Split it.")
        data = path.read_bytes()
    except OSError as problem:
        raise SourceError(f"The file cannot be read ({problem.strerror})", value=path, cure="Check its rights.") from problem
    return page_of(data, str(path), kind)


def page_of(data: bytes, source: str, kind: str) -> Page:
    """Bytes of a known kind as a page."""
    if not data.strip():
        raise SourceError("The source is empty", value=source, cure="Save it again.")
    if kind == "pdf":
        return _pdf(data, source)
    if kind == "docx":
        return Page(source, _docx(data, source), "markdown")
    if kind == "mhtml":
        return Page(source, _mhtml(data, source), "html")
    text = decode(data, source)
    return Page(source, text, "html" if kind == "html" else "markdown" if kind == "markdown" else "text")


def decode(data: bytes, source: str) -> str:
    """Text of the bytes: by byte order mark, else UTF-8, else Windows-1252 where that gives readable text."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\0" in data[:4096] and data.count(b"\0") > len(data) // 50:
        raise SourceError("The source is binary, not text", value=source, cure="Export it as text, HTML or PDF.")
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if text.count("\ufffd") > len(text) // 100 or sum(c.isprintable() or c in "\r\n\t" for c in text) < 0.9 * len(text):
        raise SourceError("The encoding of the source is not known", value=source, cure="Save it as UTF-8.")
    return text


def _walk(folder: Path, seen: set[Path]) -> Iterator[Path]:
    real = folder.resolve()
    if real in seen:
        return
    seen.add(real)
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _walk(path, seen)
        elif path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
            yield path


def _pdf(data: bytes, source: str) -> Page:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError("The PDF is encrypted", value=source, cure="Save a copy without a password.")
        if len(reader.pages) > _MOST_PAGES:
            raise SourceError(f"The PDF has {len(reader.pages):,} pages; {_MOST_PAGES:,} is the most", value=source, cure="Split it.")
        texts: list[str] = []
        for page in reader.pages:
            texts.append(page.extract_text() or "")
            if sum(map(len, texts)) > _MOST_TEXT:
                raise SourceError("The PDF unpacks to too much text", value=source, cure="Split it.")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, NotImplementedError) as problem:
        raise SourceError(f"The PDF cannot be read ({type(problem).__name__}: {problem})", value=source, cure="Open and save it again.") from problem
    if not any(text.strip() for text in texts):
        raise SourceError("The PDF holds no text, only pictures", value=source, cure="Run text recognition on it first.")
    starts, line = [], 1
    for text in texts:
        starts.append(line)
        line += text.count("\n") + 1
    return Page(source, "\n".join(texts), "pdf", page_lines=tuple(starts))


def _docx(data: bytes, source: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > 10 * MOST_BYTES:
                raise SourceError("The file unpacks to too much", value=source, cure="Split it.")
        document = docx.Document(io.BytesIO(data))
        lines = []
        for paragraph in document.paragraphs:
            style = (paragraph.style.name if paragraph.style is not None else "") or ""
            level = int(style[-1]) if style.startswith("Heading") and style[-1].isdigit() else 1 if style == "Title" else 0
            mark = "#" * level + " " if level else "- " if style.startswith("List") else ""
            lines.append(mark + paragraph.text.strip())
        for table in document.tables:
            rows = [" | ".join(cell.text.strip() for cell in row.cells) for row in table.rows]
            lines += [f"| {row} |" for row in rows]
    except (zipfile.BadZipFile, KeyError, ValueError) as problem:
        raise SourceError(f"The DOCX cannot be read ({problem})", value=source, cure="Open and save it again.") from problem
    return "\n\n".join(line for line in lines if line.strip())


def _mhtml(data: bytes, source: str) -> str:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            return str(part.get_content())
    raise SourceError("The saved page holds no HTML", value=source, cure="Save the page again.")
