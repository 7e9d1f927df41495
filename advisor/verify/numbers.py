"""Quantities of a text: values with their unit, the noun they count and how they are bounded (pure functions)."""

import re
from dataclasses import dataclass, replace

from advisor.verify.bounds import DENIED, Bound, bound_of
from advisor.verify.tables import (
    COUNTED,
    FAMILY,
    FRACTIONS,
    MONEY_AFTER,
    MONEY_BEFORE,
    ORDINALS,
    PARTS,
    PERIODS,
    PLURAL,
    PRONOUN,
    SCALES,
    TIMES,
    WHEN,
    WHOSE,
    WORDS,
)
from advisor.verify.text import STOP, stem


@dataclass(frozen=True, slots=True)
class Quantity:
    """`values`: what the digits may mean ("36.000" is 36 or 36,000). `unit`: currency code, "%", "year" (a calendar
    year), "decade", "ordinal", "time" (in years), "times", or "" for a count; `nouns`: stems of what is counted."""

    text: str
    values: frozenset[float]
    unit: str = ""
    nouns: frozenset[str] = frozenset()
    bound: Bound = ""
    in_range: bool = False
    start: int = 0
    end: int = 0
    word: bool = False  # written in letters


_WHOSE_RX = "|".join(WHOSE)
_CODES = "|".join(c for c in MONEY_BEFORE if c.isalpha() and len(c) > 2 and c not in ("try", "mad", "pen", "cop"))
_NUMBER = r"\d{1,3}(?:[,.]\d{3})+(?:[.,]\d{1,2})?(?![\d])|\d{1,3}(?: \d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_TOKEN = re.compile(
    rf"""(?P<money>(?:US|NZ|HK|[CASR])?\$|[€£¥₩₹]|\b(?:{_CODES}|TRY|MAD|PEN|COP|kr|Rs)\b\.?(?=\s?[\d])|\b(?:RM|R)(?=\d))
    |(?P<name>\b(?:[^\W\d_]+\d+\w*|\d+(?!(?:k|m|mn|bn|tn|trn|x|st|nd|rd|th|s|G?W?h|km|kg|ha)\b)[^\W\d_]+\w*)\b)
    |(?P<num>(?:(?<!\w)|(?<=[RMr]))(?:{_NUMBER}))(?P<suffix>(?:k|m|mn|bn|tn|trn|x|st|nd|rd|th|s)\b)?
    |(?P<percent>%|\bper\s?cent\b|\bpercent\b|\bprosent\b|\bprozent\b|\bpor\sciento\b|\bpour\scent\b|\bpor\scento\b|\bpct\b)
    |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    |(?P<other>\S)""",
    re.X | re.I,
)  # fmt: skip
_RANGE = re.compile(r"^(?:\s?-\s?|\s(?:to|and|bis|a|til|och|og|y|und|et|e)\s)$", re.I)
_NOT_NOUN = STOP | {
    "year",
    "years",
    "new",
    "first",
    "total",
    "percent",
    "cent",
    "a",
    "euro",
    "euros",
    "dollar",
    "dollars",
}


def digits(text: str) -> frozenset[float]:
    """What a written number can mean, English or continental."""
    text = text.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*", text):
        out = {float(re.sub("[,.]", "", text))}
        if text.count(".") == 1 and "," not in text:
            out.add(float(text))
        return frozenset(out)
    if re.fullmatch(r"\d{1,3}(?:[,.]\d{3})+[.,]\d{1,2}", text):
        head, tail = text[: max(text.rfind("."), text.rfind(","))], re.split("[.,]", text)[-1]
        return frozenset({float(re.sub("[,.]", "", head) + "." + tail)})
    return frozenset({float(text.replace(",", "."))})


def _nouns(tokens: list[re.Match[str]], at: int) -> frozenset[str]:
    """Stems of up to three meaning words after a number, up to the next break."""
    out: list[str] = []
    for token in tokens[at : at + 6]:
        word = token["word"]
        if word is None:
            if token["other"] in ("-", "/"):
                continue
            break
        low = word.lower()
        if (
            low in ("of", "the", "these", "its", "such", "all", "new", "other", "more", "additional", "or", "different")
            and len(out) == 0
        ):
            continue
        if low in STOP or low in WORDS or (low in SCALES):
            break
        if low.endswith("ed") and not out and len(low) > 4:
            break
        if low not in _NOT_NOUN:
            out.append(stem(low))
        if len(out) == 3:
            break
    return frozenset(out)


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_TOKEN.finditer(text))
        self.found: list[Quantity] = []

    def low(self, i: int) -> str:
        return self.tokens[i].group().lower().rstrip(".") if 0 <= i < len(self.tokens) else ""

    def spelled(self, i: int) -> tuple[float, int] | None:
        """A number in words at token i: value and the token after it."""
        total, current, j, seen = 0.0, 0.0, i, False
        while j < len(self.tokens):
            low = self.low(j)
            if low in WORDS:
                current, seen = current + WORDS[low], True
            elif low in SCALES and len(low) > 3 and (seen or low not in ("hundreds", "thousands")) and low[-1] != "s":
                if not seen and not (j > 0 and self.low(j - 1) in ("a", "half", "en", "ett", "one", "quarter")):
                    break
                scale = SCALES[low]
                current = (current or 1.0) * scale
                if scale >= 1000:
                    total, current = total + current, 0.0
                seen = True
            elif not (
                seen
                and (low == "-" or low == "and")
                and self.low(j + 1) in WORDS
                and (low == "-" or current >= 100 or total)
            ):
                break
            j += 1
        if seen and self.low(j) == "and" and self.low(j + 1) == "a" and self.low(j + 2) == "half":
            return total + current + 0.5, j + 3
        return (total + current, j) if seen else None

    def read(self) -> list[Quantity]:
        i = 0
        while i < len(self.tokens):
            i = self.step(i)
        return self.ranges()

    def step(self, i: int) -> int:
        token = self.tokens[i]
        money, start = "", token.start()
        if token["money"]:
            money = MONEY_BEFORE.get(token.group().lower().rstrip("."), "")
            i += 1
            if i >= len(self.tokens):
                return i
            token = self.tokens[i]
        if token["num"]:
            return self.numeral(i, start, money)
        low = self.low(i)
        if low in FRACTIONS and self.low(i + 1) not in ("decade", "way"):
            if self.low(i + 1) in ("a", "an") and self.low(i + 2) in SCALES:
                return self.close(i + 3, start, frozenset({SCALES[self.low(i + 2)] / 2}), money, True)
            if self.low(i - 1) in ("first", "second") or (self.low(i - 2) in ("and",) and self.low(i - 1) == "a"):
                return i + 1
            return self.close(i + 1, start, frozenset({50.0}), "%", True)
        if low in PARTS and (
            self.low(i - 1) in ("a", "one", "two", "three", "four", "-", "nine")
            or (self.low(i + 1) == "of" and low[-1] == "s")
        ):
            k = i - 1 if self.low(i - 1) != "-" else i - 2
            if (
                self.low(k) in ("a", "one", "two", "three", "four", "nine")
                and not (low == "quarter" and self.low(i + 1) not in ("of", "to"))
            ) or low[-1] == "s":
                many = WORDS.get(self.low(k), 1.0)
                if self.found and self.found[-1].start >= self.tokens[k].start():
                    self.found.pop()
                return self.close(
                    i + 1, self.tokens[max(k, 0)].start(), frozenset({round(many * PARTS[low], 2)}), "%", True
                )
        if low == "first" and self.low(i - 1) == "at":
            return i + 1
        if low in ORDINALS:
            return self.close(i + 1, start, frozenset({ORDINALS[low]}), "ordinal", True)
        if low in TIMES:
            return self.close(i + 1, start, frozenset({TIMES[low]}), "times", True)
        if stem(low) in ("decad", "centuri", "fortnight") and self.low(i - 1) in (
            "a",
            "the",
            "one",
            "per",
            "last",
            "next",
            "half",
            "past",
        ):
            years = PERIODS[stem(low)] * (0.5 if self.low(i - 1) == "half" else 1.0)
            return self.close(i + 1, start, frozenset({years}), "time", True)
        if (
            low in ("a", "an")
            and self.low(i + 1) in ("year", "month", "decade")
            and [self.low(i + n) for n in (2, 3, 4)] == ["and", "a", "half"]
        ):
            return self.close(i + 5, start, frozenset({round(1.5 * PERIODS[stem(self.low(i + 1))], 4)}), "time", True)
        if low in ("dozen",) and self.low(i - 1) == "a":
            return self.close(i + 1, start, frozenset({12.0}), money, True)
        if low in ("zero", "one") and self.low(i - 1) == "-":
            return i + 1
        spelled = self.spelled(i)
        if spelled:
            if (
                spelled[0] < 10
                and self.low(spelled[1]) in ("in", "out")
                and (every := self.spelled(spelled[1] + 1 + (self.low(spelled[1] + 1) == "of")))
                and spelled[0] < every[0] <= 20
            ):
                return self.close(every[1], start, frozenset({round(100 * spelled[0] / every[0], 2)}), "%", True)
            if (spelled[0] == 1.0 and self.low(i + 1) in PRONOUN) or self.low(i - 1) in ("no", "any", "every"):
                return (
                    spelled[1]
                    if spelled[0] == 1.0
                    else self.close(spelled[1], start, frozenset({spelled[0]}), money, True)
                )
            return self.close(spelled[1], start, frozenset({spelled[0]}), money, True)
        return i + 1

    def numeral(self, i: int, start: int, money: str) -> int:
        token = self.tokens[i]
        values, suffix = digits(token["num"]), (token["suffix"] or "").lower()
        if suffix in ("st", "nd", "rd", "th"):
            return self.close(i + 1, start, values, "ordinal", False)
        if suffix == "s":
            return self.close(i + 1, start, values, "decade", False)
        if suffix == "x":
            return self.close(i + 1, start, values, "times", False)
        if suffix:
            values = frozenset(v * SCALES[suffix] for v in values)
        whole = re.fullmatch(r"(?:1[5-9]|20)\d\d", token["num"]) is not None
        j = i + 1
        if self.low(j) in SCALES and (len(self.low(j)) > 1 or money):
            values, whole = frozenset(v * SCALES[self.low(j)] for v in values), False
            j += 1
            if self.low(j) in ("crore", "million", "billion", "crores"):
                values = frozenset(v * SCALES[self.low(j)] for v in values)
                j += 1
        if whole and not money and not suffix:
            counted = (
                self.low(i - 1) not in WHEN
                and j < len(self.tokens)
                and self.tokens[j]["word"]
                and stem(self.low(j)) in COUNTED
            )
            percent = j < len(self.tokens) and self.tokens[j]["percent"]
            if not counted and not percent:
                return self.close(j, start, values, "year", False)
        return self.close(j, start, values, money, False)

    def close(self, j: int, start: int, values: frozenset[float], unit: str, word: bool) -> int:
        """Read what follows the number (percent, currency, period), then record the quantity."""
        k = j
        if self.low(k) == "-" and unit == "":
            k += 1
        if unit == "" and k < len(self.tokens) and self.tokens[k]["percent"]:
            unit, j = "%", k + 1
            if stem(self.low(j)) == "point":
                unit, j = "points", j + 1
        elif unit == "" and self.low(k) in ("percentage", "prosentpoeng") and stem(self.low(k + 1)) == "point":
            unit, j = "points", k + 2
        elif unit == "" and stem(self.low(k)) in PERIODS:
            if self.low(k + 1) == "and" and self.low(k + 2) == "a" and self.low(k + 3) == "half":
                values, k = frozenset(v + 0.5 for v in values), k + 3
                values, unit, j = (
                    frozenset(round(v * PERIODS[stem(self.low(k - 3))], 4) for v in values),
                    "time",
                    k + 1,
                )
            else:
                values, unit, j = frozenset(round(v * PERIODS[stem(self.low(k))], 4) for v in values), "time", k + 1
        elif (
            unit == ""
            and self.low(k) in ("full", "consecutive", "calendar", "more", "further", "whole")
            and stem(self.low(k + 1)) in PERIODS
        ) or (unit == "" and self.low(k + 1) in PLURAL and self.low(k).isalpha() and self.low(k) not in STOP | {"per"}):
            values, unit, j = frozenset(round(v * PERIODS[stem(self.low(k + 1))], 4) for v in values), "time", k + 2
        elif unit == "" and self.low(k) in ("times", "fold"):
            unit, j = "times", k + 1
        elif unit == "":
            m = re.match(
                rf"\s?(?:of )?(?:({_WHOSE_RX}|south african|south korean|korean|japanese|indian|chinese|"
                rf"british)\s)?(\w+)",
                self.text[self.tokens[j - 1].end() :],
                re.I,
            )
            if m and m[2].lower() in MONEY_AFTER:
                unit = WHOSE.get((m[1] or "").lower(), MONEY_AFTER[m[2].lower()])
                if unit == MONEY_AFTER[m[2].lower()] or m[2].lower() in ("dollars", "dollar", "kroner", "kronor"):
                    while j < len(self.tokens) and self.low(j) != m[2].lower():
                        j += 1
                    j += 1
        end = self.tokens[min(j, len(self.tokens)) - 1].end()
        bound = bound_of(self.text[:start], self.text[end:]) if unit not in ("year", "decade", "ordinal") else ""
        if bound in ("more", "less") and DENIED.search(self.text[:start]):
            bound = "max" if bound == "more" else "min"
        if unit == "time" and re.search(
            r"\b(?:over|under|within) (?:the )?(?:next |last |past )?$", self.text[:start], re.I
        ):
            bound = ""
        shown = self.text[start:end]
        self.found.append(Quantity(shown, values, unit, _nouns(self.tokens, j), bound, False, start, end, word))
        return max(j, 1)

    def ranges(self) -> list[Quantity]:
        """Ends of a range share unit, scale and noun: "NOK 2 to 5 million", "2018-19", "between 19 and 37 members"."""
        out = self.found
        for n in range(len(out) - 1):
            a, b = out[n], out[n + 1]
            between = self.text[a.end : b.start]
            if not _RANGE.match(between):
                continue
            joined = between.strip().lower()
            if joined in ("and", "og", "y", "und", "et", "e", "och") and not re.search(
                r"\bbetween\s+(?:about |some |around )?$|\bmellom\s+$", self.text[: a.start], re.I
            ):
                continue
            if a.unit == "year" and not b.unit and joined == "-" and all(v < 100 for v in b.values):
                base = int(min(a.values)) // 100 * 100
                b = replace(b, values=frozenset(base + v for v in b.values), unit="year")
            elif a.unit == "year" or b.unit == "year":
                if a.unit != b.unit:
                    continue
            elif a.unit != b.unit:
                if b.unit in ("", "times") and a.unit:
                    b = replace(b, unit=a.unit)
                elif not a.unit:
                    factor = max(
                        (
                            f
                            for f in (1.0, *(PERIODS[p] for p in ("month", "week", "day")))
                            if f"{b.text}".lower().find(
                                {
                                    1.0: "year",
                                    PERIODS["month"]: "month",
                                    PERIODS["week"]: "week",
                                    PERIODS["day"]: "day",
                                }[f]
                            )
                            >= 0
                        ),
                        default=1.0,
                    )
                    a = replace(
                        a,
                        unit=b.unit,
                        values=frozenset(round(v * factor, 4) for v in a.values) if b.unit == "time" else a.values,
                    )
            if a.unit not in ("year", "ordinal", "time", "%", "decade", ""):
                for scale in (1e12, 1e9, 1e7, 1e6, 1e3):
                    if (
                        max(b.values) >= scale
                        and max(a.values) < min(1000, scale)
                        and re.search(r"[a-z]", b.text[-9:], re.I)
                    ):
                        a = replace(a, values=a.values | {v * scale for v in a.values})
                        break
            nouns = a.nouns or b.nouns
            ranged = a.unit != "year"
            out[n], out[n + 1] = (
                replace(a, in_range=ranged, nouns=nouns),
                replace(b, in_range=ranged, nouns=b.nouns or nouns, bound="" if ranged else b.bound),
            )
            if ranged and out[n].bound == "min":
                out[n] = replace(out[n], bound="")
        return out


def quantities(text: str) -> list[Quantity]:
    """All quantities of a cleaned text, in order."""
    return _Reader(text).read()


def same_unit(a: str, b: str) -> bool:
    """May the two units mean the same? "dollars" may be any dollar."""
    return a == b or b in FAMILY.get(a, ()) or a in FAMILY.get(b, ())
