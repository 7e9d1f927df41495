"""Calendar dates of a text (pure functions)."""

import re
from dataclasses import dataclass

_NAMES = """
january januar enero janeiro janvier jan |
february februar febrero fevereiro février feb |
march märz marzo março mars mar |
april abril avril apr |
may mai mayo maio |
june juni junio junho juin jun |
july juli julio julho juillet jul |
august agosto août aug |
september septiembre setembro septembre sept sep |
october oktober octubre outubro octobre oct okt |
november noviembre novembro novembre nov |
december desember dezember diciembre dezembro décembre dec des dez
"""
MONTHS = {name: n for n, group in enumerate(_NAMES.split("|"), 1) for name in group.split()}
_SHOWN = [group.split()[0].title() for group in _NAMES.split("|")]
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?:\b(?P<d>[0-3]?\d)(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?)?\b(?P<m>{_MONTH})\b\.?"
    rf"(?:\s(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\s?(?:%|\w*illion)))?"
    rf"(?:,?\s(?:of\s|de\s)?(?P<y>(?:19|20)\d\d)\b)?",
    re.I,
)
_ISO = re.compile(
    r"\b(?P<y>(?:19|20)\d\d)-(?P<m>[01]\d)(?:-(?P<d>[0-3]\d))?\b|\b(?P<d2>[0-3]?\d)[./](?P<m2>[01]?\d)[./](?P<y2>(?:19|20)\d\d)\b"
)
_DOUBTFUL = {
    "may",
    "march",
    "mars",
    "mai",
    "mar",
    "sep",
    "des",
    "jan",
    "dec",
    "mayo",
    "marzo",
    "april",
    "june",
    "august",
    "avril",
    "jun",
}
_BEFORE = re.compile(
    r"\b(?:in|of|since|by|until|till|from|to|early|late|mid|and|on|before|after|during|last|next|every|each|this|i|en|em|im)[\s-]$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is given."""

    month: int
    day: int | None
    year: int | None
    start: int
    end: int

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.day, _SHOWN[self.month - 1], self.year) if part)


def days(text: str) -> list[Day]:
    """All dates with a month, in order."""
    out: list[Day] = []
    for m in _ISO.finditer(text):
        month, day, year = int(m["m"] or m["m2"]), m["d"] or m["d2"], int(m["y"] or m["y2"])
        if 1 <= month <= 12:
            out.append(Day(month, int(day) if day else None, year, m.start(), m.end()))
    for m in _DATE.finditer(text):
        name, day, told = m["m"], m["d"] or m["d2"], m["y"]
        if name.lower() in _DOUBTFUL or len(name) <= 3:
            sure = day or told or _BEFORE.search(text[: m.start("m")])
            if not (name[0].isupper() or name.lower() == "mai") or not sure:
                continue
        out.append(
            Day(MONTHS[name.lower()], int(day) if day else None, int(told) if told else None, m.start(), m.end())
        )
    return out


def date_problem(claim: list[Day], passage: list[Day]) -> str | None:
    """A date of the claim that no date of the passage covers."""
    for day in claim:
        fits = [
            p
            for p in passage
            if p.month == day.month
            and (day.day is None or p.day == day.day)
            and (day.year is None or p.year in (day.year, None))
        ]
        if not fits:
            said = f"the passage says {passage[0]}" if passage else "the passage gives no such date"
            return f"{said}, the claim says {day}"
    return None
