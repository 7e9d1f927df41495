"""Sentences of a text in the six languages, with their offsets. Pure."""

import re
from collections.abc import Iterator


def _words(text: str) -> list[str]:
    """The words of a list written as a line."""
    return text.split()


_CLOSE = "\"”’»›)\\]'“*_"
_BREAK = re.compile(
    rf"(?P<end>(?:[.!?…]+|[.!?…]*(?:\s?\[s\d+\])+[.!?…]+)[{_CLOSE}]*(?:\s?\[s\d+\])*)\s+(?=[\"“„«‹(\[¿¡'‘’*_–—-]*\s?[A-ZÀ-ÖØ-ÞА-ЯЁ0-9\uac00-\ud7a3])"
    r"|(?P<gap>\s*\n\s*\n\s*)|(?P<wide>[。！？])\s*"
)
_WORDS = _words(
    "e.g i.e etc cf vs viz Dr Mr Mrs Ms Prof St Sgt Gen Col Rev Hon Gov Sen Rep Inc Ltd Co Corp Bros approx ca "
    "dept est al No Nos Vol Fig Figs Eq Ch Sec Art pp p ed eds Jr Sr Ph.D U.S U.K U.N E.U Nr nr Bd Abs Abb Tab "
    "bzw usw z.B z.b d.h u.a o.ä v.a s.o s.u i.d.R Mio Mrd Mill Tsd Str Hr Fr Dipl Ing geb gest evtl ggf inkl "
    "exkl zzgl Jh Chr bl.a f.eks osv mill mrd m.m m.fl jf pga ca kl ifm iht evt inkl nr s kap p.ej Sra Srta "
    "Dra Ud Uds núm pág págs aprox ej EE.UU EE. a.C d.C M MM Mme Mlle av env p.ex n° éd c.-à-d Cie p.ex pág dr "
    "dra sr sra av exa ltda sig dott ing avv pag es ecc г гг т.е т.д т.п т.к др пр см стр рис тыс млн млрд руб "
    "им проф ул Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun"
)
_ABBREVIATIONS = frozenset(word.lower() for word in _WORDS)
_ENDS_SENTENCE = frozenset(
    (
        "etc",
        "usw",
        "osv",
        "ecc",
        "inc",
        "ltd",
        "co",
        "corp",
        "m.m",
        "m.fl",
        "u.s",
        "u.k",
        "e.u",
        "т.д",
        "т.п",
        "jr",
        "sr",
        "no",
        "est",
        "ed",
        "s",
        "es",
        "mar",
        "sat",
        "sun",
        "ing",
    )
)
_LAST_WORD = re.compile(r"([^\s(\[\"“„«]+)\.$")
_ALWAYS_ENDS = frozenset(("etc", "usw", "osv", "ecc"))
_SPACED = re.compile(r"(?:^|[\s(])[a-zа-я]\.\s[^\W\d_]{1,3}\.$")
_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b|\d{1,2}\."
)
_ARTICLE_NUMBER = re.compile(
    r"\b(?:am|der|die|das|dem|den|des|zum|zur|vom|beim|im|ein|eine|einen|einem|jede[rsn]?|bis)\s+\d{1,2}\.$", re.I
)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
_STARTERS = re.compile(
    r"[\"“(]*(?:The|This|These|It|In|He|She|They|We|A|An|But|And|However|Det|Den|De|Vi|Der|Die|Das|Es|Wir|El|La|Los|Le|Les|Il|O|Os|As|I|You|Our|For|At|On|To|If|When|After|Today|Since|By|From|As)\b"
)


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence) pairs; abbreviations, initials, ordinals and decimals end no sentence."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.group("end") is not None:
            end = match.end("end")
            if not _ends(text[start:end], text[match.end() : match.end() + 24]):
                continue
        else:
            end = match.end("wide") if match.group("wide") else match.start()
        yield from _trimmed(text, start, end)
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends(head: str, after: str) -> bool:
    """Whether the stop at the end of `head` ends the sentence."""
    if head.endswith(("!", "?", "…")) or not head.endswith("."):
        return True
    match = _LAST_WORD.search(head)
    if match is None:
        return True
    word = match.group(1)
    plain = word.lower()
    if _ORDINAL.search(head):  # "am 3. Mai", "der 2. Platz"; any other number may end a sentence
        return not _MONTH.match(after) and not _ARTICLE_NUMBER.search(head)
    if _SPACED.search(head) or (len(word) == 1 and word.islower()):  # "z. B.", "p. ex."
        return False
    if plain in _ALWAYS_ENDS:
        return True
    if len(word) == 1 and word.isupper():  # an initial, unless it is the last letter of a name such as "Plan B"
        return bool(_STARTERS.match(after)) and not re.search(r"(?:^|\s)[A-Z]\.\s+[A-Z]\.$|^[A-Z]\.$", head)
    if plain in _ABBREVIATIONS or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
        return (plain in _ENDS_SENTENCE or re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word) is not None) and bool(
            _STARTERS.match(after)
        )
    return True


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), piece.strip()
