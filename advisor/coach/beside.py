"""Facts that a message holds besides an answer: place, members, industry, role, stage, and what hints tell. Pure rules over data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.coach.numbers import Number, chosen, is_dismissed, numbers, plain_keep, years
from advisor.coach.places import country_of, dismissed
from advisor.coach.slots import UNKNOWN, Option, Slot, industries, number_words, phrase_list, places, plain, says, slots

Value = str | int
SENTENCE = re.compile(r"(?<=[.!?;\n])\s+")
_MOST_YEARS = 150
_TELLS = 9  # words from which a message that asks nothing tells of its writer
_INDUSTRY = re.compile(
    r"\b(?:in|for|of|within|about) (?:the )?([a-z][\w-]+(?: (?:and )?[\w-]+){0,2}?) (?:industry|sector|business|value chain|companies|firms|producers|suppliers)\b"
    r"|\b([a-z][\w-]+(?: [\w-]+)?) (?:industry|sector|value chain|producers|suppliers|start-?ups)\b",
    re.IGNORECASE,
)
_I_AM = re.compile(
    r"^\W*(?:well,? |so,? |hi,? |hello,? |hei,? |hola,? |hallo,? |guten tag,? |bonjour,? |ol[aá],? )*"
    r"(?:i am|i.?m|i work|i run|i lead|i chair|jeg er|jeg jobber|soy|dirijo|ich bin|je suis|sou)\b",
    re.IGNORECASE,
)
_ROLE_ENDS = re.compile(r",| but | and | who | that | og | y | und | et | e | of (?=\w+ (?:firms|companies|members))")


@dataclass(frozen=True, slots=True)
class Heard:
    """One fact: the value, the person's words for it, and the option that it falls under."""

    slot: str
    value: Value
    words: str
    option: str = ""


def beside(
    text: str, pending: str | None, language: str, this_year: int, known: Mapping[str, Value]
) -> dict[str, Heard]:
    """Facts of all sentences that ask nothing. Hints, industry and role add to what is known and change nothing of it."""
    found: dict[str, Heard] = {}
    mine = says("self", text) or len(text.split()) >= _TELLS
    for sentence in SENTENCE.split(text):
        if sentence.rstrip().endswith("?"):
            continue
        found.update(_place(sentence))
        counted = _members(sentence, language)
        if counted is not None and pending not in ("fee", "costs", "grant", "projects", "members"):
            found["members"] = Heard("members", round(counted.value), sentence)
        if says("horizon_said", sentence) and pending != "horizon":
            span = _span(sentence, language, this_year)
            if span is not None and 0 < span <= _MOST_YEARS:
                found["horizon"] = Heard("horizon", span, sentence)
        if mine:
            told = {
                n: fact for n, fact in _person(sentence).items() if n == "stage" or known.get(n, UNKNOWN) == UNKNOWN
            }
            found = {**told, **found}
    if mine or pending is not None:
        hints = _hints(text, pending, known)
        found = {**hints, **found}
    return found


def _span(text: str, language: str, this_year: int) -> int | None:
    """The years planned ahead: the number before the unit where one stands there."""
    flat = plain_keep(text)
    counted = [n for n in numbers(text, language) if _unit_of_years(flat[n.end :])]
    best = chosen(text, counted)
    return round(best.value) if best is not None else years(text, language, this_year)


def renumbered(text: str, language: str, known: Mapping[str, Value], pending: str | None, mends: bool) -> Heard | None:
    """A number known before that is taken back, "eleven, not nine", or put right without saying of what."""
    told = numbers(text, language)
    old = [n.value for n in told if is_dismissed(text, n)]
    best = chosen(text, told)
    counts = {name: value for name, value in known.items() if isinstance(value, int) and name in slots()}
    if best is None or not counts:
        return None
    for name, value in counts.items():
        if name != pending and value in old and best.value != value:
            return Heard(name, round(best.value), text)
    last = list(counts)[-1]
    bare = plain_keep(text)[: best.start].strip(" .,:;-").count(" ") <= 2
    numeric = pending is not None and slots()[pending].kind not in ("text", "choice", "country")
    if mends and bare and last != pending and not numeric and not _unit(text, best):
        return Heard(last, round(best.value), text)
    return None


def _unit(text: str, number: Number) -> bool:
    """Whether a noun of members or years follows: then it is clear what is counted."""
    nouns = f"{number_words()['member_nouns']}|{number_words()['year_nouns']}"
    return re.match(rf"^\W*(?:[^\W\d_]+\W+)?(?:{nouns})\b", plain_keep(text)[number.end :], re.IGNORECASE) is not None


def industry_of(text: str) -> tuple[str, str]:
    """(the person's words, the name in the directory) of the industry that a text speaks of."""
    flat = plain_keep(text)
    for pattern, name in industries():
        match = pattern.search(flat)
        if match is not None and not dismissed(text, match.start()):
            return text[match.start() : match.end()], name
    return "", ""


def _place(text: str) -> dict[str, Heard]:
    country = country_of(text, home=True)
    if country is None:
        return {}
    found = {"country": Heard("country", country, text)}
    named = next((name for pattern, code, name in places() if code == country and pattern.search(plain(text))), None)
    if named is not None and named not in ("Norway", "Spain"):
        found["region"] = Heard("region", named, text)
    return found


def _person(text: str) -> dict[str, Heard]:
    """Industry, role and stage where a person speaks of themselves."""
    found: dict[str, Heard] = {}
    words, name = industry_of(text)
    words = words or _named_industry(text)
    if words:
        found["industry"] = Heard("industry", words, text, name)
    role = said_option(slots()["role"], text)
    if role is not None and _I_AM.match(text):
        said = _ROLE_ENDS.split(re.sub(_I_AM, "", text, count=1))[0].strip(" .,")
        found["role"] = Heard("role", said or text, text, role.value)
    stage = said_option(slots()["stage"], text)
    if stage is not None and (says("stage_said", text) or says("since", text)):
        found["stage"] = Heard("stage", stage.value, text, stage.value)
    return found


def said_option(slot: Slot, text: str) -> Option | None:
    """The first option whose words a text says and does not dismiss."""
    return next(
        (o for o in slot.options if any(not dismissed(text, m.start()) for p in o.says for m in p.finditer(text))), None
    )


def _hints(text: str, pending: str | None, known: Mapping[str, Value]) -> dict[str, Heard]:
    found: dict[str, Heard] = {}
    for slot in slots().values():
        if slot.name == pending or known.get(slot.name, UNKNOWN) != UNKNOWN:
            continue
        for sentence in SENTENCE.split(text):
            option = next((o for o in slot.options if any(p.search(sentence) for p in o.hints)), None)
            if option is not None and not sentence.rstrip().endswith("?"):
                value: Value = option.value if slot.kind == "choice" else sentence.strip(" .")
                found.setdefault(slot.name, Heard(slot.name, value, sentence, option.value))
    return found


def _members(text: str, language: str) -> Number | None:
    """The number of members that a sentence tells; not of those that joined lately, nor "one of four firms"."""
    flat = plain_keep(text)
    nouns = re.compile(rf"^\W*(?:[^\W\d_]+\W+){{0,2}}?(?:{number_words()['member_nouns']})\b", re.IGNORECASE)
    counted = []
    for n in numbers(text, language):
        after, before = flat[n.end :], flat[: n.start]
        article = flat[n.start : n.end] in phrase_list("articles")
        if article or n.value >= 100_000 or 1900 <= n.value <= 2100 or says("not_members", after):
            continue
        if re.search(
            r"\b(?:one|en|et|una?|einer?|eines|une?|um|uma) (?:of|av|de|der|des|dos|das|entre) (?:\w+ )?$", before, re.I
        ):
            continue
        ours = (
            says("we_count", before)
            and re.match(r"\s+[^\W\d_]{3,}|\s*(?:[.,:;!]|$)", after)
            and not _unit_of_years(after)
        )
        if nouns.match(after) or ours or (n.value > 1 and says("of_us", after)):
            counted.append(n)
    return chosen(text, counted) if counted else None


def _unit_of_years(after: str) -> bool:
    return re.match(rf"[\s-]+(?:{number_words()['year_nouns']})\b", after, re.IGNORECASE) is not None


def _named_industry(text: str) -> str:
    """ "the heat pump sector": an industry that the list does not hold, named as one."""
    left_out = frozenset(phrase_list("not_industry"))
    for match in _INDUSTRY.finditer(text):
        words = [w for w in (match.group(1) or match.group(2) or "").split() if w.lower() not in left_out]
        if words:
            return " ".join(words)
    return ""
