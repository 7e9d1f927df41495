"""Documents into chunks along their headings: header and text fit the embedder's window, sentences keep their lines."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from advisor.corpus import strings
from advisor.documents import Chunk, Document, SourceSentence, digest
from advisor.ingest.sentences import split_sentences

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_REF = re.compile(r"\s*\[(s\d+(?:\s*[,;]\s*s\d+)*)\]")
_CODE = re.compile(r"^\s*(?:```|~~~)")
_LONGEST_HEADER = 160  # characters
_FENCE = re.compile(r"^\s*\|?\s*:?-{2,}")


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    sentences: tuple[SourceSentence, ...]


def chunk(document: Document, fits: Callable[[str], bool]) -> list[Chunk]:
    """Chunks in reading order. `fits` counts by the embedder's own tokenizer; a single over-long sentence is cut at words."""
    made: list[Chunk] = []
    for section in sections(document.body, document.line, document.lines):
        header = _header(document.title, section.heading, fits)
        made += [_made(document, header, group) for group in _packed(section.sentences, header, fits)]
    return made


def _header(title: str, heading: str, fits: Callable[[str], bool]) -> str:
    """ "title > section", cut at words where it would leave no room for a sentence."""
    header = f"{title} > {heading}" if heading else title
    while len(header.split()) > 4 and (len(header) > 2 * _LONGEST_HEADER or not fits(f"{header}\n{header}")):
        header = " ".join(header.split()[: len(header.split()) * 3 // 4])
    return header


def sections(body: str, first_line: int, source_lines: tuple[int, ...] = ()) -> list[_Section]:
    """Headings (nested ones joined by " > ") with the sentences below them; lines count in the source where they are known."""
    found: list[_Section] = []
    trail: list[tuple[int, str]] = []
    held: list[tuple[int, str]] = []

    def close() -> None:
        sentences = tuple(_sentences(held))
        if sentences:
            found.append(_Section(" > ".join(text for _, text in trail), sentences))
        held.clear()

    fenced = False
    for index, line in enumerate(body.split("\n")):
        number = source_lines[index] if index < len(source_lines) else first_line + index
        fenced = fenced != bool(_CODE.match(line))
        match = _HEADING.match(line)
        if match is None or fenced:
            held.append((number, line))
            continue
        close()
        level = len(match.group(1))
        trail = [(depth, text) for depth, text in trail if depth < level]
        trail.append((level, match.group(2)))
    close()
    return found


def _sentences(lines: list[tuple[int, str]]) -> Iterator[SourceSentence]:
    """Paragraphs are split into sentences; a list item or table row is one."""
    paragraph: list[tuple[int, str]] = []
    header: list[str] = []
    for number, line in [*lines, (0, "")]:
        alone = bool(_ITEM.match(line)) or line.lstrip().startswith("|")
        if alone or not line.strip() or _CODE.match(line):
            yield from _of_paragraph(paragraph)
            paragraph = []
        if not line.strip():
            header = []
        elif _CODE.match(line):
            continue
        elif line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if _FENCE.match(line):
                continue
            if not header:
                header = cells
            else:
                row = "; ".join(f"{name}: {cell}" for name, cell in zip(header, cells, strict=False) if cell)
                yield from _of_paragraph([(number, row)])
        elif alone:
            paragraph = [(number, _ITEM.sub("", line))]
        else:
            paragraph.append((number, line.lstrip("> ").removeprefix("\\")))


def _of_paragraph(lines: list[tuple[int, str]]) -> Iterator[SourceSentence]:
    starts: list[tuple[int, int]] = []
    text = ""
    for number, line in lines:
        starts.append((len(text), number))
        text += line.strip() + " "
    for offset, sentence in split_sentences(text):
        at = max((number for start, number in starts if start <= offset), default=0)
        plain = _REF.sub("", sentence).strip()
        if re.search(r"\w", plain):
            refs = (ref.strip() for found in _REF.findall(sentence) for ref in re.split(r"[,;]", found))
            yield SourceSentence(plain, at, tuple(refs))


def _packed(
    sentences: tuple[SourceSentence, ...], header: str, fits: Callable[[str], bool]
) -> Iterator[tuple[SourceSentence, ...]]:
    group: list[SourceSentence] = []
    for sentence in (piece for whole in sentences for piece in _cut(whole, header, fits)):
        if group and not fits(_text(header, [*group, sentence])):
            yield tuple(group)
            group = []
        group.append(sentence)
    if group:
        yield tuple(group)


def _cut(sentence: SourceSentence, header: str, fits: Callable[[str], bool]) -> Iterator[SourceSentence]:
    """The sentence, or pieces of it at word borders where it alone is too long."""
    words = sentence.text.split()
    if fits(_text(header, [sentence])) or len(words) < 2:
        yield sentence
        return
    for part in (words[: len(words) // 2], words[len(words) // 2 :]):
        yield from _cut(SourceSentence(" ".join(part), sentence.line, sentence.refs), header, fits)


def _text(header: str, group: list[SourceSentence]) -> str:
    return f"{header}\n{' '.join(sentence.text for sentence in group)}"


def _made(document: Document, header: str, group: tuple[SourceSentence, ...]) -> Chunk:
    text = " ".join(sentence.text for sentence in group)
    meta = document.meta
    return Chunk(
        id=digest(document.id, header, text),
        document_id=document.id,
        kind=document.kind,
        title=document.title,
        header=header,
        text=text,
        source=document.path,
        line=group[0].line,
        sentences=group,
        language=document.language,
        url=document.url,
        as_of=document.as_of,
        valid_until=document.valid_until,
        collection=document.collection,
        country=strings(meta.get("country")),
        stage=strings(meta.get("stage")),
        profiles=strings(meta.get("profiles")),
        sources=document.sources,
        status=str(meta.get("status") or ""),
    )
