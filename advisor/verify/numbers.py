"""Quantities of a text: values with their unit, the noun they count and how they are bounded (pure functions)."""

import re

from advisor.verify.bounds import DENIED, bound_of
from advisor.verify.quantity import Quantity, digits
from advisor.verify.ranges import joined
from advisor.verify.tables import (
    COUNTED,
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
from advisor.verify.tokens import TOKEN, WHOSE_RX, nouns

_MANY = ("a", "one", "two", "three", "four", "nine")
_PERIOD_BEFORE = ("a", "the", "one", "per", "last", "next", "half", "past")
_PERIOD_WORDS = ("full", "consecutive", "calendar", "more", "further", "whole")
_SUFFIX_UNIT = {"st": "ordinal", "nd": "ordinal", "rd": "ordinal", "th": "ordinal", "s": "decade", "x": "times"}
_SPAN = re.compile(r"\b(?:over|under|within) (?:the )?(?:next |last |past )?$", re.I)
_MONEY = re.compile(
    rf"\s?(?:of )?(?:({WHOSE_RX}|south african|south korean|korean|japanese|indian|chinese|british)\s)?(\w+)", re.I
)


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(TOKEN.finditer(text))
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
        return joined(self.found, self.text)

    def step(self, i: int) -> int:
        """Read what starts at token i; the token to go on with."""
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
        for read in (self.half, self.part, self.lone_word, self.period):
            if (after := read(i, start, money)) is not None:
                return after
        return self.in_words(i, start, money)

    def half(self, i: int, start: int, money: str) -> int | None:
        """ "half of the costs", "half a million"; nothing in "first half" and "a year and a half"."""
        if self.low(i) not in FRACTIONS or self.low(i + 1) in ("decade", "way"):
            return None
        if self.low(i + 1) in ("a", "an") and self.low(i + 2) in SCALES:
            return self.close(i + 3, start, frozenset({SCALES[self.low(i + 2)] / 2}), money, True)
        if self.low(i - 1) in ("first", "second") or (self.low(i - 2) == "and" and self.low(i - 1) == "a"):
            return i + 1
        return self.close(i + 1, start, frozenset({50.0}), "%", True)

    def part(self, i: int, start: int, money: str) -> int | None:
        """ "two thirds", "a quarter of the mills": in per cent."""
        low, many = self.low(i), self.low(i - 1)
        several = low[-1:] == "s"
        if low not in PARTS or not (many in (*_MANY, "-") or (self.low(i + 1) == "of" and several)):
            return None
        k = i - 1 if many != "-" else i - 2
        calendar = low == "quarter" and self.low(i + 1) not in ("of", "to")
        if not several and (self.low(k) not in _MANY or calendar):
            return None
        share = round(WORDS.get(self.low(k), 1.0) * PARTS[low], 2)
        if self.found and self.found[-1].start >= self.tokens[k].start():
            self.found.pop()
        return self.close(i + 1, self.tokens[max(k, 0)].start(), frozenset({share}), "%", True)

    def lone_word(self, i: int, start: int, money: str) -> int | None:
        """ "first", "doubled", "a dozen"."""
        low = self.low(i)
        if low == "first" and self.low(i - 1) == "at":
            return i + 1
        if low in ORDINALS and self.low(i - 1) == "every" and stem(self.low(i + 1)) in PERIODS:
            years = round(ORDINALS[low] * PERIODS[stem(self.low(i + 1))], 4)
            return self.close(i + 2, start, frozenset({years}), "time", True)
        if low in ORDINALS:
            return self.close(i + 1, start, frozenset({ORDINALS[low]}), "ordinal", True)
        if low in TIMES:
            return self.close(i + 1, start, frozenset({TIMES[low]}), "times", True)
        if low == "dozen" and self.low(i - 1) == "a":
            return self.close(i + 1, start, frozenset({12.0}), money, True)
        return i + 1 if low in ("zero", "one") and self.low(i - 1) == "-" else None

    def period(self, i: int, start: int, money: str) -> int | None:
        """ "a decade later", "a year and a half"."""
        low = self.low(i)
        if stem(low) in ("decad", "centuri", "fortnight") and self.low(i - 1) in _PERIOD_BEFORE:
            years = PERIODS[stem(low)] * (0.5 if self.low(i - 1) == "half" else 1.0)
            return self.close(i + 1, start, frozenset({years}), "time", True)
        if low in ("year", "month") and [self.low(i - 2), self.low(i - 1)] == ["within", "a"]:
            return self.close(i + 1, start, frozenset({PERIODS[low]}), "time", True)
        following = [self.low(i + n) for n in (1, 2, 3, 4)]
        if low in ("a", "an") and following[0] in ("year", "month", "decade") and following[1:] == ["and", "a", "half"]:
            years = round(1.5 * PERIODS[stem(following[0])], 4)
            return self.close(i + 5, start, frozenset({years}), "time", True)
        return None

    def in_words(self, i: int, start: int, money: str) -> int:
        """ "two hundred and fifty", "one in five"; nothing in "that one" and "no one"."""
        spelled = self.spelled(i)
        if spelled is None:
            return i + 1
        value, after = spelled
        if value < 10 and self.low(after) in ("in", "out"):
            every = self.spelled(after + 1 + (self.low(after + 1) == "of"))
            if every and value < every[0] <= 20:
                return self.close(every[1], start, frozenset({round(100 * value / every[0], 2)}), "%", True)
        if value == 1.0 and (self.low(i + 1) in PRONOUN or self.low(i - 1) in ("no", "any", "every")):
            return after
        return self.close(after, start, frozenset({value}), money, True)

    def numeral(self, i: int, start: int, money: str) -> int:
        """A number in digits with its suffix, scale and, where it is a calendar year, that."""
        token = self.tokens[i]
        values, suffix = digits(token["num"]), (token["suffix"] or "").lower()
        if suffix in _SUFFIX_UNIT:
            return self.close(i + 1, start, values, _SUFFIX_UNIT[suffix], False)
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
            following = self.tokens[j] if j < len(self.tokens) else None
            counted = self.low(i - 1) not in WHEN and following and following["word"] and stem(self.low(j)) in COUNTED
            if not counted and not (following and following["percent"]):
                return self.close(j, start, values, "year", False)
        return self.close(j, start, values, money, False)

    def close(self, j: int, start: int, values: frozenset[float], unit: str, word: bool) -> int:
        """Read what follows the number (percent, currency, period), then record the quantity."""
        if unit == "":
            unit, values, j = self.unit_after(j, values)
        end = self.tokens[min(j, len(self.tokens)) - 1].end()
        before = self.text[:start]
        bound = bound_of(before, self.text[end:]) if unit not in ("year", "decade", "ordinal") else ""
        if bound in ("more", "less") and DENIED.search(before):
            bound = "max" if bound == "more" else "min"
        if unit == "time" and _SPAN.search(before):
            bound = ""
        shown = self.text[start:end]
        self.found.append(Quantity(shown, values, unit, nouns(self.tokens, j), bound, False, start, end, word))
        return max(j, 1)

    def unit_after(self, j: int, values: frozenset[float]) -> tuple[str, frozenset[float], int]:
        """The unit that follows a number, the values in it, and the token after it."""
        k = j + 1 if self.low(j) == "-" else j
        if k < len(self.tokens) and self.tokens[k]["percent"]:
            return ("points", values, k + 2) if stem(self.low(k + 1)) == "point" else ("%", values, k + 1)
        if self.low(k) in ("percentage", "prosentpoeng") and stem(self.low(k + 1)) == "point":
            return "points", values, k + 2
        if stem(self.low(k)) in PERIODS:
            length = PERIODS[stem(self.low(k))]
            if [self.low(k + n) for n in (1, 2, 3)] == ["and", "a", "half"]:
                return "time", frozenset(round((v + 0.5) * length, 4) for v in values), k + 4
            return "time", frozenset(round(v * length, 4) for v in values), k + 1
        described = self.low(k) in _PERIOD_WORDS and stem(self.low(k + 1)) in PERIODS
        named = self.low(k + 1) in PLURAL and self.low(k).isalpha() and self.low(k) not in STOP | {"per"}
        if described or named:
            return "time", frozenset(round(v * PERIODS[stem(self.low(k + 1))], 4) for v in values), k + 2
        if self.low(k) in ("times", "fold"):
            return "times", values, k + 1
        return self.currency(j, values)

    def currency(self, j: int, values: frozenset[float]) -> tuple[str, frozenset[float], int]:
        """ "600 million Norwegian kroner": the currency that follows, if one does."""
        m = _MONEY.match(self.text[self.tokens[j - 1].end() :])
        if not m or m[2].lower() not in MONEY_AFTER:
            return "", values, j
        plain = MONEY_AFTER[m[2].lower()]
        unit = WHOSE.get((m[1] or "").lower(), plain)
        if unit == plain or m[2].lower() in ("dollars", "dollar", "kroner", "kronor"):
            while j < len(self.tokens) and self.low(j) != m[2].lower():
                j += 1
            j += 1
        return unit, values, j


def quantities(text: str) -> list[Quantity]:
    """All quantities of a cleaned text, in order."""
    return _Reader(text).read()
