"""Files and folders into pages: right decoding, PDF text, and one clear error a source."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import charset_normalizer

from advisor.documents import Page
from advisor.errors import SourceError
from advisor.ingest import office, pdf

MOST_BYTES = 50_000_000
_MOST_CHARACTERS = {"html": 8_000_000, "text": 20_000_000, "markdown": 20_000_000}  # a tree takes 100 times its page
_MOST_FILES = 200_000
SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".mhtml": "mhtml", ".mht": "mhtml", ".urls": "urls",
}  # fmt: skip
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}encoding=["']([\w-]{2,30})""", re.I
)
_BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ\x90",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"SQLite format",
    b"\xd0\xcf\x11\xe0",
    b"PK\x03\x04",
)


def shown(path: Path | str) -> str:
    """A path as people may see it: control characters and broken bytes are made visible."""
    text = os.fsencode(str(path)).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def expand(source: Path) -> list[Path]:
    """The files of a file or folder, sorted; links that lead in circles are followed once. Raises SourceError."""
    try:
        if source.is_file():
            return [source]
        if not source.is_dir():
            raise SourceError("No such file or folder", value=shown(source), cure="Check the path.")
        found = sorted(set(_walk(source, set())))
    except OSError as problem:
        raise SourceError(
            f"The source cannot be opened ({problem.strerror})", value=shown(source), cure="Check path and rights."
        ) from problem
    if not found:
        raise SourceError(
            "The folder holds no documents", value=shown(source), cure=f"Known kinds: {', '.join(SUFFIXES)}."
        )
    return found


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of a known kind. Raises SourceError."""
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError("Unknown kind of file", value=shown(path), cure=f"Known kinds: {', '.join(SUFFIXES)}.")
    try:
        if not path.is_file():
            raise SourceError("Not a plain file", value=shown(path), cure="Give a document.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise SourceError(
                f"The file has {size:,} bytes; {MOST_BYTES:,} is the most", value=shown(path), cure="Split it."
            )
        return path.read_bytes()
    except OSError as problem:
        raise SourceError(
            f"The file cannot be read ({problem.strerror})", value=shown(path), cure="Check its rights."
        ) from problem


def read(path: Path) -> Page:
    """One file as a page. Raises SourceError: what, value, cure."""
    return page_of(read_bytes(path), shown(path), SUFFIXES[path.suffix.lower()])


def page_of(data: bytes, source: str, kind: str, url: str | None = None, charset: str | None = None) -> Page:
    """Bytes of a known kind as a page. Raises SourceError."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise SourceError("The source is empty", value=source, cure="Save it again.")
    if len(data) > MOST_BYTES:
        raise SourceError(
            f"The source has {len(data):,} bytes; {MOST_BYTES:,} is the most", value=source, cure="Split it."
        )
    if kind == "pdf":
        return pdf.page_of(data, source, url)
    if kind == "docx":
        return Page(source, office.docx_text(data, source), "docx", url)
    if kind == "mhtml":
        text, origin = office.mhtml_text(data, source)
        return _bounded(Page(source, text, "html", url or origin))
    text = decode(data, source, charset)
    if not text.strip():
        raise SourceError("The source is empty", value=source, cure="Save it again.")
    media: Literal["html", "markdown", "text"] = (
        "html" if kind == "html" else "markdown" if kind == "markdown" else "text"
    )
    return _bounded(Page(source, text, media, url))


def _bounded(page: Page) -> Page:
    most = _MOST_CHARACTERS[page.media]
    if len(page.text) > most:
        what = f"The source has {len(page.text):,} characters; {most:,} is the most for {page.media}"
        raise SourceError(what, value=page.source, cure="Split it.")
    return page


def decode(data: bytes, source: str, charset: str | None = None) -> str:
    """Text of the bytes: by byte order mark, UTF-8, declared charset, else by what reads well; null bytes go. Raises SourceError."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").replace("\0", "")
    if data.startswith(_BINARY):
        raise SourceError("The source is binary, not text", value=source, cure="Export it as text, HTML or PDF.")
    nulls = data[:4096].count(b"\0")
    if nulls > len(data[:4096]) // 4:
        even = data[0:4096:2].count(b"\0")
        wide = "utf-16-be" if even > nulls - even else "utf-16-le"
        return _readable(data.decode(wide, "replace"), source)
    data = data.replace(b"\0", b"")
    try:
        return _readable(data.decode("utf-8"), source)
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:4096])
    for name in (charset, *((group.decode("ascii") for group in declared.groups() if group) if declared else ())):
        try:
            if name and name.lower() not in ("utf-8", "utf8"):
                return _readable(data.decode(name), source)
        except (LookupError, UnicodeDecodeError):
            continue
    high = sum(byte > 127 for byte in data[:20_000])
    if high > max(40, len(data[:20_000]) // 4) and not any(_is_utf8(line) for line in data[:20_000].splitlines()):
        best = charset_normalizer.from_bytes(data[:200_000]).best()
        if best is not None:
            return _readable(data.decode(best.encoding, "replace"), source)
    return _readable("".join(_line(line) for line in data.splitlines(keepends=True)), source)


def _is_utf8(line: bytes) -> bool:
    """Whether a line holds letters beyond ASCII, and as UTF-8."""
    try:
        return not line.isascii() and bool(line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _line(data: bytes) -> str:
    """A line of a file whose encodings are mixed."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _readable(text: str, source: str) -> str:
    sample = text[:20_000]
    strange = sum(not (c.isprintable() or c in "\r\n\t\f\v\xa0\u200b\u200d\ufeff\xad") or c == "\ufffd" for c in sample)
    if strange > max(3, len(sample) // 50):
        raise SourceError(
            "The source is binary or its encoding is not known",
            value=source,
            cure="Save it as UTF-8 text, HTML or PDF.",
        )
    return text.replace("\0", "")


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    status = folder.stat()
    if (status.st_dev, status.st_ino) in seen or len(seen) > _MOST_FILES:
        return
    seen.add((status.st_dev, status.st_ino))
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        try:
            if path.is_dir():
                yield from _walk(path, seen)
            elif path.suffix.lower() in SUFFIXES and path.is_file():
                yield path
        except OSError:  # a link to itself, a folder that may not be opened: nothing to read there
            continue
