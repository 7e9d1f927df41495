"""Numbers as people write them in six languages: digits, words, dozens, halves, ranges, corrections. Pure functions."""

import functools
import re
from dataclasses import dataclass

from advisor.coach.slots import number_words, phrase_list, phrases, plain

_LANGUAGES = ("en", "nb", "es", "de", "fr", "pt")
_DIGITS = re.compile(r"(?<![\w.,])\d{1,3}(?:[ .,’']\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_TOKEN = re.compile(r"\d{1,3}(?:[ .,’']\d{3})+(?!\d)|\d+(?:[.,]\d+)?(?=k\b|\b|\D)|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mill": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6}
_LINKS = frozenset({"and", "og", "y", "und", "et", "e", "a", "of", "de", "av"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: where its words begin and end."""

    value: float
    start: int
    end: int


@functools.cache
def _words(language: str) -> dict[str, float]:
    table = number_words()
    order = (language, *(name for name in _LANGUAGES if name != language)) if language in _LANGUAGES else _LANGUAGES
    found: dict[str, float] = {}
    for name in order:
        for word, value in table[name].items():
            # Short words mean other things in other languages: "to" is two only in Norwegian.
            if name == order[0] or len(word) > 3:
                found.setdefault(str(word), float(value))
    return found


def numbers(text: str, language: str = "en") -> list[Number]:
    """Numbers in reading order; neighbouring words are joined: "eighty-four", "two hundred and ten", "einundzwanzig"."""
    found: list[Number] = []
    run: list[tuple[float, int, int]] = []
    flat = plain_keep(text)
    for match in _TOKEN.finditer(flat):
        values = _token(match.group(), language)
        if values is None and run and run[-1][0] % 10 == 0 and match.group() in ("un", "en", "ein", "um"):
            values = [1.0]
        gap = flat[run[-1][2] : match.start()] if run else ""
        digits = bool(run) and match.group()[0].isdigit() and flat[run[-1][1]].isdigit()
        linked = not digits and gap.strip(" -") in _LINKS | {""} and (values is not None or match.group() in _LINKS)
        if run and not linked:
            found.append(_join(run))
            run = []
        for value in values or ():
            if run and not _continues(_join(run).value, value):
                found.append(_join(run))
                run = []
            run.append((value, match.start(), match.end()))
    if run:
        found.append(_join(run))
    counted = [n for n in found if flat[n.start : n.end] not in phrase_list("articles")]
    return _halves(flat, counted or found, language)


def _continues(said: float, value: float) -> bool:
    """Whether a word goes on with the number said so far: "two hundred" and "ten" do, "ten" and "twelve" are two numbers."""
    if value in (100, 1000, 1_000_000):
        return said < value or said % value == 0
    if said == 1:
        return value >= 10  # "une trentaine"
    if value in (12, 20) and said < 10:
        return True  # "two dozen", "quatre-vingt"
    if value < 10:
        return said % 10 == 0 and said > 0
    if value < 20:
        return said % 100 in (0, 60, 80)
    return said % 100 == 0 if value < 100 else said % 1000 == 0


def plain_keep(text: str) -> str:
    """Without accents, each character staying in its place (so that positions hold)."""
    return "".join((plain(c) or c)[:1] if len(plain(c)) != 2 else plain(c)[0] for c in text)


def _token(token: str, language: str) -> list[float] | None:
    if token[0].isdigit():
        if re.fullmatch(r"\d{1,3}(?:[ .,’']\d{3})+", token):
            return [float(re.sub(r"\D", "", token))]
        return [float(token.replace(",", "."))]
    words = _words(language)
    if token in words and not (token in ("a", "en", "un", "una", "um", "uma", "ein", "eine") and len(token) < 3):
        return [words[token]]
    if token.startswith("anderthalb"):
        return [1.5]
    if "-" in token:
        parts = [_token(part, language) for part in token.split("-") if part not in ("et",)]
        return [v for part in parts if part for v in part] if all(parts) else None
    return _compound(token, words)


def _compound(token: str, words: dict[str, float]) -> list[float] | None:
    """German einundzwanzig and hundertfunfzig, Norwegian trettito and enogtyve."""
    for link in ("und", "og"):
        left, found, right = token.partition(link)
        if found and left in words and right in words and words[left] < 10 <= words[right]:
            return [words[right] + words[left]]
    for cut in range(3, len(token) - 1):
        left, right = token[:cut], token[cut:]
        if left in words and right in words and words[left] >= 20 and words[right] < words[left]:
            return [words[left] + words[right]]
        if left in words and right in ("hundert", "hundre", "tausend", "tusen") and words[left] < 20:
            return [words[left] * words[right]]
    return None


def _join(run: list[tuple[float, int, int]]) -> Number:
    total, current = 0.0, 0.0
    for value, _, _ in run:
        if value >= 1000 and current + total > 0 and value in (1000, 1_000_000):
            total, current = total + max(current, 1) * value, 0.0
        elif (value in (12, 20, 100) and 0 < current < 10) or (value == 100 and 0 < current < 100):
            current *= value
        elif current == 1 and value >= 10:
            current = value
        else:
            current += value
    return Number(total + current, run[0][1], run[-1][2])


def _halves(flat: str, found: list[Number], language: str) -> list[Number]:
    """ "half of forty" is twenty; "half a century" is left to its unit."""
    half = re.compile(rf"\b(?:{number_words()['half']})\s+(?:of|av|de|von|a|d.)?\s*$")
    out: list[Number] = []
    for number in found:
        before = flat[: number.start]
        halved = half.search(before) if number.value > 1 else None
        scale = re.match(r"\s*(k|m|mn|mio|mill)\b\.?", flat[number.end :])
        value = number.value / 2 if halved else number.value
        out.append(Number(value * (_SCALE[scale.group(1)] if scale else 1), number.start, number.end))
    return out


def chosen(text: str, found: list[Number]) -> Number | None:
    """The number that counts: after a correction the last one, "not five, seven" seven, "ten to twelve" the first."""
    if not found:
        return None
    if len(found) > 1:
        kept = [n for n in found if not is_dismissed(text, n)] or found
        turns = [m.end() for p in phrases("correction") for m in p.finditer(text) if m.start() >= found[0].end - 1]
        after = [n for n in kept if turns and n.start >= max(turns)] or [
            n for n in kept if turns and n.start >= min(turns)
        ]
        return after[0] if after else kept[0]
    return found[0]


def is_dismissed(text: str, number: Number) -> bool:
    """ "not five, seven", "five, no, seven": five is taken back."""
    before, after = text[max(0, number.start - 14) : number.start], text[number.end :]
    if any(pattern.search(after) for pattern in phrases("taken_back")):
        return True
    return any(re.search(pattern.pattern + r"\W*$", before, re.IGNORECASE) for pattern in phrases("dismissed"))


def years(text: str, language: str, this_year: int) -> int | None:
    """A span in years: "ten", "two decades", "until 2036", "half a century"."""
    flat = plain_keep(text)
    units: dict[str, int] = number_words()["decade_nouns"]
    found = numbers(text, language)
    best = chosen(text, found)
    for match in re.finditer(r"[^\W\d_]+", flat):
        unit = units.get(match.group())
        if unit is None:
            continue
        before = [n for n in found if 0 <= match.start() - n.end <= 4]
        factor = before[-1].value if before else 1.0
        if re.search(
            rf"\b(?:{number_words()['half']})\s*(?:a|an|et|un|une|ein(?:e|es)?|um)?\s*$", flat[: match.start()]
        ):
            factor = 0.5
        if best is None or before or best.start > match.start() or best.value <= 1:
            return (
                int(factor * unit) if not (best and best.start > match.end() and best.value > 1) else round(best.value)
            )
    months = re.search(r"\b(?:months?|maneder|mesos|meses|monaten?|mois)\b", flat)
    if months is not None and best is not None and best.value < 1900:
        return max(1, round(best.value / 12))
    if re.search(rf"\b(?:a|next|one|neste|ett|un|ein|um) (?:{number_words()['year_nouns']})\b", flat) and best is None:
        return 1
    if best is None:
        return None
    plainly = [n for n in found if n.value < 1900]
    if best.value >= 1900 and not plainly:
        return max(0, round(best.value) - this_year)
    return round((chosen(text, plainly) or best).value) if best.value >= 1900 else round(best.value)
