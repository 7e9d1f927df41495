"""From free text to slots: what is said in answer to a question, and what is said besides. Pure rules over data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.coach.numbers import Number, chosen, numbers, plain_keep, years
from advisor.coach.places import country_of, dismissed
from advisor.coach.slots import UNKNOWN, Option, Slot, number_words, places, plain, says, slots

Value = str | int
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+")
_LEAD = re.compile(
    r"^\W*(?:well|so|um|uh|oh|yes|actually|sorry|i.?m|i am|we.?re|we are|it.?s|it is|i do|i work (?:for|at|in)|we work (?:in|with)"
    r"|it.?s about|about|mainly|mostly|a|an|the|in|around|jeg er|vi er|det er|jeg jobber (?:i|for|med)|i|en|et|soy|somos|es|una?|el|la|los|las"
    r"|trabajo en|ich bin|wir sind|es ist|es geht um|ein|eine|der|die|das|im|je suis|nous sommes|c.est|une?|les?|du|des|de la|l.|sou|somos|é|um|uma|o|a|no|na|em)\b[\s,']*",
    re.IGNORECASE,
)
_INDUSTRY = re.compile(
    r"\b(?:in|for|of|within|about) (?:the )?([a-z][\w-]+(?: (?:and )?[\w-]+){0,2}?) (?:industry|sector|business|cluster|value chain|companies|firms|producers|suppliers)\b"
    r"|\b([a-z][\w-]+(?: [\w-]+)?) (?:industry|sector|cluster|value chain|companies|firms|producers|suppliers|start-?ups)\b",
    re.IGNORECASE,
)
_NOT_INDUSTRY = frozenset(
    [
        "the",
        "a",
        "an",
        "our",
        "your",
        "my",
        "this",
        "that",
        "their",
        "new",
        "local",
        "regional",
        "national",
        "global",
        "small",
        "big",
        "large",
        "few",
        "many",
        "some",
        "several",
        "other",
        "twelve",
        "ten",
        "member",
        "members",
        "leading",
        "industry",
        "innovation",
        "public",
        "cluster",
        "in",
        "of",
        "for",
        "and",
        "which",
        "any",
        "no",
        "real",
        "own",
        "key",
        "same",
        "five",
        "four",
        "three",
        "two",
        "six",
        "seven",
        "eight",
        "nine",
        "hundred",
        "dozen",
        "these",
        "those",
        "all",
        "most",
    ]
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One fact: the value, the person's words for it, and the option that it falls under."""

    slot: str
    value: Value
    words: str
    option: str = ""


def hear(text: str, pending: str | None, language: str, this_year: int) -> dict[str, Heard]:
    """Slots that a message fills; the pending question is heard more freely than anything beside it."""
    found: dict[str, Heard] = {}
    for sentence in _SENTENCE.split(text):
        if sentence.rstrip().endswith("?"):
            continue
        found.update(_beside(sentence, language, pending))
    if pending is not None:
        answer = answered(slots()[pending], text, language, this_year)
        if answer is not None:
            found[pending] = answer
    return found


def answered(slot: Slot, text: str, language: str, this_year: int) -> Heard | None:
    """The answer to the question asked; None where the text does not answer it."""
    value = _typed(slot, text, language, this_year)
    if value is not None and slot.kind not in ("text", "choice"):
        return Heard(slot.name, value, text)
    option = option_of(slot, text)
    if option is not None:
        if slot.kind == "choice":
            return Heard(slot.name, option.value, text, option.value)
        if not _unsure(text) or len(text.split()) > 8:
            return Heard(slot.name, words_of(text), text, option.value)
    if _unsure(text):
        return Heard(slot.name, UNKNOWN, text)
    if slot.kind == "text":
        return Heard(slot.name, words_of(text), text)
    return None


def _typed(slot: Slot, text: str, language: str, this_year: int) -> Value | None:
    if slot.kind == "country":
        return country_of(text)
    if slot.kind == "number":
        best = chosen(text, numbers(text, language))
        return round(best.value) if best is not None else _none_yet(text)
    if slot.kind == "years":
        return years(text, language, this_year)
    if slot.kind in ("amount", "year"):
        best = chosen(text, numbers(text, language))
        return None if best is None else round(best.value)
    return None


def _none_yet(text: str) -> int | None:
    return (
        0
        if re.search(
            r"\b(none|no(ne)? yet|nobody|just me|only me|ingen|ninguno|nadie|keine?r?|niemand|aucun|personne|nenhum|ningu[eé]m)\b",
            text,
            re.I,
        )
        else None
    )


def _unsure(text: str) -> bool:
    return says("unknown", text)


def option_of(slot: Slot, text: str) -> Option | None:
    """The option that a text means: its value, its label in any language, else the last that it says and does not dismiss."""
    wanted = plain(text).strip(" .!")
    for option in slot.options:
        if wanted == plain(option.value) or wanted in {plain(label) for label in option.label.values()}:
            return option
    hits: list[tuple[int, int, Option]] = []
    for rank, option in enumerate(slot.options):
        for pattern in option.says:
            match = next(
                (m for m in pattern.finditer(text) if slot.name == "programme" or not dismissed(text, m.start())), None
            )
            if match is not None:
                hits.append((rank, match.start(), option))
                break
    return min(hits, key=lambda hit: hit[0])[2] if hits else None


def words_of(text: str) -> str:
    """A short value from an answer: its first sentence, after a correction what follows it, without the opening words."""
    part = re.split(r"(?<=[.!?])\s+", text.strip())[0].strip()
    moved = re.search(
        r"(?:^.*\b(?:was|used to be|früher|antes|før|avant)\b.*?,\s*)(?:now|heute|jetzt|ahora|nå|maintenant|agora)\b\s*(?:it.s\s*)?(.+)$",
        part,
        re.I,
    )
    part = moved.group(1) if moved else part
    for _ in range(4):
        shorter = _LEAD.sub("", part, count=1)
        if shorter == part or not shorter.strip(" .!"):
            break
        part = shorter
    return part.strip(" .!,;") or text.strip()


def _beside(text: str, language: str, pending: str | None) -> Mapping[str, Heard]:
    """Facts that a sentence holds besides an answer: place, number of members, industry, and what `anywhere` allows."""
    found: dict[str, Heard] = {}
    flat = plain_keep(text)
    place = next(((code, name) for pattern, code, name in places() if pattern.search(plain(text))), None)
    country = country_of(text, home=True)
    if country is not None:
        found["country"] = Heard("country", country, text)
    if place is not None and country is not None and place[0] == country and place[1] not in ("Norway", "Spain"):
        found["region"] = Heard("region", place[1], text)
    counted = _members(text, flat, language)
    if counted is not None and pending not in ("fee", "costs", "grant", "projects"):
        found["members"] = Heard("members", round(counted.value), text)
    industry = _industry(text)
    if industry and says("self", text):
        found["industry"] = Heard("industry", industry, text)
    if says("self", text):
        role = option_of(slots()["role"], text)
        if role is not None and re.match(
            r"^\W*(?:well,? |so,? |hi,? |hello,? )*(?:i am|i.?m|i work|i run|i lead|i chair|jeg er|soy|ich bin|je suis|sou)\b",
            text,
            re.I,
        ):
            found["role"] = Heard(
                "role",
                words_of(re.split(r",| but | and | who | that | of (?=\w+ (?:firms|companies|members))", text)[0]),
                text,
                role.value,
            )
        stage = option_of(slots()["stage"], text)
        if stage is not None and says("stage_said", text):
            found["stage"] = Heard("stage", stage.value, text, stage.value)
    return found


def _members(text: str, flat: str, language: str) -> Number | None:
    nouns = re.compile(rf"^\W*(?:[^\W\d_]+\W+){{0,2}}?(?:{number_words()['member_nouns']})\b", re.IGNORECASE)
    counted = [
        n
        for n in numbers(text, language)
        if nouns.match(flat[n.end :]) and n.value < 100_000 and not 1900 <= n.value <= 2100
    ]
    return chosen(text, counted) if counted else None


def _industry(text: str) -> str:
    for match in _INDUSTRY.finditer(text):
        words = [w for w in (match.group(1) or match.group(2) or "").split() if w.lower() not in _NOT_INDUSTRY]
        if words:
            return " ".join(words)
    return ""
