"""PDF into pages of text: what a reader sees, and apart from it what is hidden: invisible, white, tiny or off-page text, notes, attachments."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from advisor.documents import Page
from advisor.errors import SourceError
from advisor.ingest import injection, office

_MOST_TEXT = 20_000_000  # characters; a bomb unpacks to more
_MOST_PAGES = 5_000
_MOST_HIDDEN = 4_000  # characters of one hidden layer that are kept for people to see
_TINY = 2.0  # points: nobody reads that
_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))
_FILLS = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"))
_UNIT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TROUBLE = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError,
    NotImplementedError, MemoryError, AssertionError,
)  # fmt: skip
_Matrix = tuple[float, float, float, float, float, float]
_Box = tuple[float, float, float, float]


@dataclass
class _State:
    """What decides whether text can be seen."""

    matrix: _Matrix = _UNIT
    white: bool = False
    mode: int = 0
    size: float = 12.0
    dark: list[_Box] = field(default_factory=list)  # painted areas: white text on them is seen


def page_of(data: bytes, source: str, url: str | None) -> Page:
    """Raises SourceError: what, value, cure."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError("The PDF is encrypted", value=source, cure="Save a copy without a password.")
        if len(reader.pages) > _MOST_PAGES:
            raise SourceError(
                f"The PDF has {len(reader.pages):,} pages; {_MOST_PAGES:,} is the most", value=source, cure="Split it."
            )
        texts, unseen = _texts(reader, source)
        unseen += [(1, text) for text in _beside(reader)]
    except SourceError:
        raise
    except _TROUBLE as problem:
        what = f"The PDF cannot be read ({type(problem).__name__}: {problem})"
        raise SourceError(what, value=source, cure="Open it and save it again.") from problem
    if not any(text.strip() for text in texts):
        what = "The PDF holds no text that can be seen" if unseen else "The PDF holds no text, only pictures"
        raise SourceError(what, value=source, cure="Run text recognition on it first.")
    texts = office.without_running_heads(texts)
    starts, line = [], 1
    for text in texts:
        starts.append(line)
        line += text.count("\n") + 1
    return Page(source, "\n".join(texts), "pdf", url, page_lines=tuple(starts), hidden=tuple(unseen))


def _texts(reader: pypdf.PdfReader, source: str) -> tuple[list[str], list[tuple[int, str]]]:
    texts: list[str] = []
    unseen: list[tuple[int, str]] = []
    total = 0
    for number, page in enumerate(reader.pages, 1):
        seen, layers = _layers(page)
        texts.append(seen)
        unseen += [(number, text[:_MOST_HIDDEN]) for text in (*layers, *_notes(page)) if text.strip()]
        total += len(seen)
        if total > _MOST_TEXT:
            raise SourceError("The PDF unpacks to too much text", value=source, cure="Split it.")
    return texts, unseen


def _layers(page: Any) -> tuple[str, list[str]]:
    """The text of a page that can be seen, and what cannot."""
    stream = page.get_contents()
    if stream is None:
        return "", []
    operations = list(stream.operations)
    hidden = _hidden(operations, page)
    if not hidden:
        return _clean(page.extract_text()), []
    found = []
    for keep in (False, True):
        stream.operations = [one for at, one in enumerate(operations) if one[1] not in _SHOWS or (at in hidden) is keep]
        page[NameObject("/Contents")] = stream
        found.append(_clean(page.extract_text()))
    return found[0], found[1:]


def _hidden(operations: Sequence[tuple[Any, bytes]], page: Any) -> set[int]:
    """Which operations show text that nobody can see."""
    box = page.mediabox
    left, bottom, right, top = (float(value) for value in (box.left, box.bottom, box.right, box.top))
    state, stack, found = _State(), [], set()
    text: _Matrix = _UNIT
    boxes: list[_Box] = []
    for at, (operands, name) in enumerate(operations):
        if name == b"q":
            stack.append(replace(state, dark=state.dark))
        elif name == b"Q" and stack:
            dark = state.dark
            state = stack.pop()
            state.dark = dark
        elif name == b"cm":
            state.matrix = _times(_matrix(operands), state.matrix)
        elif name in (b"rg", b"g", b"k", b"sc", b"scn"):
            state.white = _is_white(operands, name)
        elif name == b"Tr":
            state.mode = int(operands[0])
        elif name == b"Tf":
            state.size = abs(float(operands[1]))
        elif name == b"BT":
            text = _UNIT
        elif name == b"Tm":
            text = _matrix(operands)
        elif name in (b"Td", b"TD"):
            text = _times((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), text)
        elif name == b"re":
            boxes.append(_box(operands, state.matrix))
        elif name in _FILLS:
            state.dark += [] if state.white else boxes
            boxes = []
        elif name in (b"n", b"S", b"s"):
            boxes = []
        elif name == b"Do":
            state.dark.append(_box((0, 0, 1, 1), state.matrix))
        elif name in _SHOWS:
            a, b, c, d, x, y = _times(text, state.matrix)
            size = state.size * max(abs(a), abs(b), abs(c), abs(d))
            outside = not (left - 5 <= x <= right + 5 and bottom - 5 <= y <= top + 5)
            covered = any(x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1 for x0, y0, x1, y1 in state.dark)
            if state.mode in (3, 7) or size < _TINY or outside or (state.white and not covered):
                found.add(at)
    scanned = {at for at, (_, name) in enumerate(operations) if name in _SHOWS}
    return set() if found == scanned and state.dark and _recognised(operations) else found


def _recognised(operations: Sequence[tuple[Any, bytes]]) -> bool:
    """Whether a page's only text is invisible by its mode: the recognised text below a scan, which readers see as the picture."""
    modes = {int(operands[0]) for operands, name in operations if name == b"Tr"}
    return modes == {3}


def _notes(page: Any) -> Iterator[str]:
    """The notes of a page: pop-ups, form hints."""
    for annotation in page.get("/Annots") or ():
        text = annotation.get_object().get("/Contents")
        if text:
            yield _clean(str(text))


def _beside(reader: pypdf.PdfReader) -> Iterator[str]:
    """Attached files, and what the file's own description says to machines."""
    for name, contents in (reader.attachments or {}).items():
        text = contents[0][:_MOST_HIDDEN].decode("utf-8", "ignore") if contents else ""
        readable = text if sum(c.isprintable() or c.isspace() for c in text) > 0.9 * len(text) else ""
        yield f"Attached file {name}: {readable}".strip()
    for value in (reader.metadata or {}).values():
        if injection.reason(str(value)) is not None:
            yield str(value)[:_MOST_HIDDEN]


def _is_white(operands: Sequence[Any], name: bytes) -> bool:
    try:
        numbers = [float(value) for value in operands]
    except (TypeError, ValueError):
        return False
    if name == b"k" or len(numbers) == 4:
        return max(numbers) <= 0.03
    return bool(numbers) and min(numbers) >= 0.97


def _matrix(operands: Sequence[Any]) -> _Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _box(operands: Sequence[Any], matrix: _Matrix) -> _Box:
    x, y, width, height = (float(value) for value in operands)
    a, b, c, d, e, f = matrix
    corners = [(px * a + py * c + e, px * b + py * d + f) for px in (x, x + width) for py in (y, y + height)]
    xs, ys = [p[0] for p in corners], [p[1] for p in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", "").encode("utf-8", "replace").decode("utf-8")
