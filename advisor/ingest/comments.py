"""Comment regions of plain text: told by a marker line and by repeated shape, never by numbering alone. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from advisor.documents import Block

_N = r"(?:\(?\d{1,5}\)?\s+)?"
_STRONG = (
    rf"join the (?:conversation|discussion)|{_N}comments?(?:\s*[(\[]\d+[)\]])?|comments?\s*[:(]\s*\d*\s*\)?|reader(?:s'?|s’)? comments"
    rf"|{_N}(?:responses?|replies|thoughts?|comments?) (?:to|on) .{{3,120}}|(?:leave|write|post|add) (?:a |your )?(?:reply|comment)"
    rf"|what do you think\?|{_N}kommentar(?:er|e)?(?:\s*[(\[]\d+[)\]])?|(?:legg igjen|skriv) (?:en |ein )?kommentar|{_N}kommentarer til .{{3,120}}"
    rf"|delta i (?:samtalen|diskusjonen)|{_N}kommentare?(?:\s*zu .{{3,120}}|\s*[(\[]\d+[)\]])?|(?:schreiben sie|schreibe) einen kommentar"
    rf"|{_N}comentarios?(?:\s*[(\[]\d+[)\]])?|(?:deja|escribe|añade) (?:un|tu) comentario|{_N}(?:respuestas|comentarios) (?:a|en) .{{3,120}}"
    rf"|únete a la conversación|{_N}commentaires?(?:\s*[(\[]\d+[)\]])?|(?:laisser|laissez|ajouter) un commentaire|{_N}(?:réponses|commentaires) (?:à|sur) .{{3,120}}"
    rf"|rejoignez la (?:conversation|discussion)|{_N}coment[áa]rios?(?:\s*[(\[]\d+[)\]])?|(?:deixe|deixar|escreva) (?:um|seu|o seu) coment[áa]rio"
    rf"|participe da conversa|{_N}comment[oi](?:\s*[(\[]\d+[)\]])?|(?:lascia|scrivi|aggiungi) un commento|unisciti alla conversazione"
    rf"|{_N}комментари\w+(?:\s*[(\[:]\s*\d*\s*[)\]]?)?|(?:оставить|добавить|написать) комментарий|{_N}отзыв(?:ы|ов|а)?|присоединяйтесь к обсуждению|{_N}댓글(?:\s*\d+개?)?"
)
_WEAK = r"responses?|replies|discussion|diskusjon|diskussion|discusión|discussão|discussione|обсуждение|feedback|svar|antworten|respuestas|réponses|respostas|risposte|ответы"
_MARKER = re.compile(rf"^[\W_]*(?:{_STRONG})[\W_]*$", re.I)
_WEAK_MARKER = re.compile(rf"^[\W_]*(?:{_WEAK})[\W_]*$", re.I)
_FURNITURE = re.compile(
    r"^[\W_]*(?:leave a (?:reply|comment)|your email address will not be published.*|required fields are marked.*|name\W*|email\W*|website\W*|post comment|submit"
    r"|sort by.*|newest|oldest|most (?:liked|recent).*|log ?in(?: to (?:reply|comment).*)?|load more(?: comments)?|show more|reply|share|like|report|svar|antworten|responder|répondre|rispondi|ответить)\W*$",
    re.I,
)
_FOOTER = re.compile(
    r"^[\W_]*(?:related (?:posts|articles|stories)|about (?:the author|us)|share this.*|previous post|next post|categories|archives|recent posts|(?:copyright|©).*"
    r"|all rights reserved.*|powered by .*|newsletter|subscribe.*|comments are closed.*|leave a (?:reply|comment)|privacy policy.*|back to top)\W*$",
    re.I,
)
_MONTH = (
    r"(?:jan|feb|mar|m[äa]r|apr|abr|avr|ma[iyj]|jun|jul|juin|juil|aug|ago|ao[uû]t|sep|set|oct|okt|out|ott|nov|de[csz]|d[ée]c|dic|ene|fev|f[ée]v|gen|mag|giu|lug"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w*\.?"
)
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:de |of )?{_MONTH},? (?:de )?\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
_CLOCK = r"(?:\s*(?:at|um|kl\.?|a las|à|às|alle|в|,|T|@|-|–)?\s*\d{1,2}\s*[:.h]\s*\d{2}(?::\d\d)?\s*(?:am|pm|uhr|a\.m\.|p\.m\.|Z)?)?"
_AGO = r"(?:\d+|an?|one) (?:minutes?|hours?|days?|weeks?|months?|years?) ago|(?:for|vor|hace|il y a|há|fa) \d+ \w+(?: siden)?|\d+ \w+ (?:siden|fa|atrás|назад)"
DATE = rf"(?:{_DAY}{_CLOCK}|{_AGO})"
_NAME = r"[^\s:|](?:[^:|\n]{0,48}?[^\s:|,(–—-])?"
_BULLET = r"\s{0,8}(?:[-*•+>]+\s+|#{1,6}\s+|\d{1,4}[.)]\s+|#\d{1,4}\s+|\*\*|__)?"
_NUMBERED = re.compile(r"^\s{0,8}(?:(\d{1,4})[.)]|#(\d{1,4}))\s+(\S.{0,60}?)\s*$")
VERB = r"(?:says|said|writes|wrote|replied|commented|sier|sa|skriver|skrev|dice|dijo|escribe|escribió|sagt|sagte|schreibt|schrieb|dit|a dit|écrit|a écrit|diz|disse|escreveu|scrive|ha scritto|пишет|написала?|говорит|сказала?)"
_SAYS = re.compile(
    rf"^{_BULLET}(?P<name>{_NAME})\s+{VERB}(?:\s+(?:on|am|el|le|em|den|il)?\s*(?P<date>{DATE}))?\s*:\s*(?:\*\*|__)?(?P<text>.*)$",
    re.I,
)
_POSTED = re.compile(
    rf"^{_BULLET}(?:(?:comment(?:ed)?|posted|written|published|reply|skrevet|publisert|publicado|escrito|geschrieben|kommentar|posté|publié|écrit|postado|scritto|inviato|автор|написал)\s+)?"
    rf"(?:by|av|por|von|par|da|от|:)\s*(?P<name>{_NAME})\s*(?:\bon\b|\bat\b|\bam\b|\bel\b|\ble\b|\bem\b|\bden\b|\bil\b|,|\||[-–—·•(])?\s*(?P<date>{DATE})\W*$",
    re.I,
)
_DATED = re.compile(
    rf"^{_BULLET}(?P<name>{_NAME})(?:\*\*|__)?\s*(?:[|,(·•–—-]|\bon\b|\bam\b|\s{{2,}}|\s)\s*(?P<date>{DATE})\s*\)?(?:\s*:\s*(?P<text>.*)|\W*)$",
    re.I,
)
_COLON = re.compile(rf"^{_BULLET}(?P<name>\S{{2,30}}(?: \S{{1,20}}){{0,2}}?)(?:\*\*|__)?\s*:\s+(?P<text>\S.*)$")
_BULLETED = re.compile(r"^\s{0,8}(?:[-*•+]\s+|#{3,6}\s+|\*\*|__)(?P<name>\S.{0,50}?)(?:\*\*|__)?\s*$")
_DATE_ALONE = re.compile(rf"^\W*(?:{DATE})\W*$", re.I)
_SENTENCE_END = re.compile(r"[.!?…:;,]$")
_LEAST_UNMARKED = 3


class Opener(NamedTuple):
    """A line that opens an entry."""

    shape: str
    author: str
    date: str | None
    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Region:
    """Where the entries stand: line indexes [start, end); `marker` is the heading above them."""

    start: int
    end: int
    marker: int | None
    shape: str


def find(lines: Sequence[str]) -> Region | None:
    """The comment region of a page, or None."""
    for i, line in enumerate(lines):
        strong = bool(_MARKER.match(line)) and len(line.split()) <= 24
        if not strong and not _WEAK_MARKER.match(line):
            continue
        first = _next_line(lines, i + 1)
        if first is None:
            continue
        shape = _shape_after(lines, first, strong)
        if shape is not None:
            return Region(first, _end(lines, first, shape, i), i, shape)
    return _unmarked(lines)


def entries(lines: Sequence[str], region: Region) -> list[Block]:
    """A comment block for each entry of the region, with its author and depth."""
    starts = _starts(lines, region.start, region.end, region.shape)
    made: list[Block] = []
    ends = [*(start for start, _ in starts[1:]), region.end][: len(starts)]
    for (i, opener), following in zip(starts, ends, strict=True):
        said = [opener.text, *(line.strip() for line in lines[i + 1 : following])]
        date = opener.date
        if (
            date is None
            and (at := next((k for k, line in enumerate(said) if line), None)) is not None
            and _DATE_ALONE.match(said[at])
        ):
            date, said[at] = said[at], ""
        said = ["" if _FURNITURE.match(line) else line for line in said]
        first = next((k for k, line in enumerate(said) if line), 0)
        body = "\n".join(said[first:]).rstrip()
        indent = len(lines[i].expandtabs(4)) - len(lines[i].expandtabs(4).lstrip())
        quoted = len(lines[i]) - len(lines[i].lstrip(">"))
        made.append(Block(body, "comment", i + 1 + first, author=opener.author, date=date, depth=indent // 4 + quoted))
    return made


def opens(lines: Sequence[str], shape: str) -> bool:
    """Whether the first line opens an entry of this shape."""
    return bool(lines) and _opener(lines, 0, shape, None) is not None


def is_marker(line: str) -> bool:
    """Whether a line is the heading of a comment region."""
    return bool(_MARKER.match(line))


def _next_line(lines: Sequence[str], start: int) -> int | None:
    """The next line that says something and is no furniture of a comment form or a second marker."""
    for i in range(start, min(len(lines), start + 30)):
        if lines[i].strip(" \t\r-=_*") and not _FURNITURE.match(lines[i]) and not _MARKER.match(lines[i]):
            return i
    return None


def _shape_after(lines: Sequence[str], first: int, strong: bool) -> str | None:
    """The shape of the entries that start at `first`, where it is repeated or plain enough."""
    opener = _opener(lines, first, None, None)
    if opener is None:
        return None
    count = len(_starts(lines, first, len(lines), opener.shape))
    sure = opener.shape in ("says", "posted", "dated", "name-date")
    if sure and (strong or count >= 2):
        return opener.shape
    if not strong:
        return None
    if opener.shape == "numbered":  # a list under a heading "Comments" is no thread unless it has bodies or handles
        return "numbered" if _thread_like(lines, first, count) else None
    return opener.shape if count >= 2 or opener.shape == "colon" else None


def _thread_like(lines: Sequence[str], first: int, count: int) -> bool:
    starts = _starts(lines, first, len(lines), "numbered")
    names = [opener.author for _, opener in starts]
    handles = sum(len(name.split()) <= 3 and not _SENTENCE_END.search(name) for name in names)
    bodies = sum(any(line.strip() for line in lines[a + 1 : b]) for (a, _), (b, _) in pairwise(starts))
    return handles >= 0.7 * count and (bodies > 0 or count >= 1)


def _unmarked(lines: Sequence[str]) -> Region | None:
    """Without a marker only shapes count that no article has, again and again, by several people, below an article."""
    for shape in ("posted", "says", "dated", "name-date"):
        starts = [(i, opener) for i, opener in _starts(lines, 0, len(lines), shape) if i > 0]
        authors = {opener.author.lower() for _, opener in starts}
        if len(starts) >= _LEAST_UNMARKED and len(authors) >= min(3, len(starts)):
            first = starts[0][0]
            if sum(len(line) for line in lines[:first]) > 200:
                return Region(first, _end(lines, first, shape, None), None, shape)
    return None


def _starts(lines: Sequence[str], start: int, end: int, shape: str) -> list[tuple[int, Opener]]:
    found: list[tuple[int, Opener]] = []
    expected: int | None = None
    for i in range(start, end):
        opener = _opener(lines, i, shape, expected)
        if opener is not None:
            expected = opener.number + 1 if opener.number is not None else None
            found.append((i, opener))
    return found


def _opener(lines: Sequence[str], i: int, shape: str | None, expected: int | None) -> Opener | None:
    """The entry that line `i` opens, in this shape (any, where it is None)."""
    line = lines[i].rstrip()
    if not line.strip() or (len(line) > 400 and shape not in (None, "colon", "says", "dated")):
        return None
    if len(line) <= 160:
        for name, pattern in (("says", _SAYS), ("posted", _POSTED), ("dated", _DATED)):
            if shape in (None, name) and (match := pattern.match(line)) is not None:
                groups = match.groupdict()
                return Opener(
                    name, groups["name"].strip(" *_"), groups.get("date"), (groups.get("text") or "").strip(), None
                )
    if shape in (None, "name-date") and _name_then_date(lines, i):
        return Opener("name-date", line.strip(" *_#>"), None, "", None)
    if shape in (None, "numbered") and (match := _NUMBERED.match(line)) is not None:
        number = int(match.group(1) or match.group(2))
        if expected is None or number in (expected, expected + 1):
            return Opener("numbered", match.group(3).strip(" *_"), None, "", number)
    if shape in (None, "colon") and (match := _COLON.match(line)) is not None and "//" not in match.group("name"):
        return Opener("colon", match.group("name").strip(" *_"), None, match.group("text"), None)
    if (
        shape in (None, "bulleted")
        and (match := _BULLETED.match(line)) is not None
        and not _SENTENCE_END.search(match.group("name"))
    ):
        return Opener("bulleted", match.group("name").strip(" *_"), None, "", None)
    return None


def _name_then_date(lines: Sequence[str], i: int) -> bool:
    line = lines[i].strip()
    if len(line.split()) > 5 or len(line) > 50 or _SENTENCE_END.search(line) or _DATE_ALONE.match(line):
        return False
    following = next((text for text in lines[i + 1 : i + 3] if text.strip()), "")
    return bool(_DATE_ALONE.match(following))


def _end(lines: Sequence[str], start: int, shape: str, marker: int | None) -> int:
    """Where the region ends: at a footer or a heading after its last entry, or where indented entries give way to flush text."""
    starts = [i for i, _ in _starts(lines, start, len(lines), shape)]
    last = starts[-1]
    bodies = [line for a in starts for line in lines[a + 1 : a + 3] if line.strip()]
    indented = bool(bodies) and len(starts) > 1 and sum(line[:1] in " \t" for line in bodies) > 0.9 * len(bodies)
    level = _level(lines[marker]) if marker is not None else 0
    for i in range(start + 1, len(lines)):
        line = lines[i]
        if not line.strip() or i in starts:
            continue
        if level and 0 < _level(line) <= level:
            return i
        if indented and line[:1] not in " \t" and i > last:
            return i
        if i > last + 1 and _FOOTER.match(line):
            return i
    return len(lines)


def _level(line: str) -> int:
    return len(line) - len(line.lstrip("#")) if line.startswith("#") else 0
