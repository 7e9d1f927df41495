"""From free text to slots: the answer to the question asked. Pure rules over data."""

import re
from collections.abc import Mapping

from advisor.coach.beside import Heard, Value, beside, industry_of, renumbered
from advisor.coach.numbers import chosen, numbers, years
from advisor.coach.places import country_of, dismissed
from advisor.coach.slots import UNKNOWN, Option, Slot, phrases, plain, says, slots

_LEAD = re.compile(
    r"^\W*(?:well|so|um|uh|oh|yes|actually|sorry|i.?m|i am|we.?re|we are|it.?s|it is|i do|i work (?:for|at|in)|we work (?:in|with)"
    r"|it.?s about|about|mainly|mostly|a|an|the|in|around|jeg er|vi er|det er|jeg jobber (?:i|for|med)|i|en|et|soy|somos|es|una?|el|la|los|las"
    r"|trabajo en|ich bin|wir sind|es ist|es geht um|ein|eine|der|die|das|im|je suis|nous sommes|c.est|une?|les?|du|des|de la|l.|sou|somos|é|um|uma|o|a|no|na|em)\b[\s,']*",
    re.IGNORECASE,
)


def hear(
    text: str, pending: str | None, language: str, this_year: int, known: Mapping[str, Value] | None = None
) -> dict[str, Heard]:
    """Slots that a message fills; the pending question is heard more freely than anything beside it. What puts an
    earlier answer right answers no other question."""
    known = known or {}
    mends = says("mends", text)
    found = beside(text, pending, language, this_year, known)
    moved = renumbered(text, language, known, pending, mends)
    if moved is not None and not any(isinstance(fact.value, int) for fact in found.values()):
        return {**found, moved.slot: moved}
    if pending is None or (
        mends and pending not in found and any(found[n].value != known[n] for n in found if n in known)
    ):
        return found
    answer = answered(slots()[pending], text, language, this_year)
    if answer is not None:
        found[pending] = answer
    return found


def answered(slot: Slot, text: str, language: str, this_year: int) -> Heard | None:
    """The answer to the question asked; None where the text does not answer it."""
    value = _typed(slot, text, language, this_year)
    if value == 0 and _unsure(text):
        return Heard(slot.name, UNKNOWN, text)
    if value is not None and slot.kind not in ("text", "choice"):
        return Heard(slot.name, value, text)
    option = option_of(slot, text)
    if slot.name == "industry" and not _unsure(text):
        return Heard(slot.name, words_of(text), text, industry_of(text)[1])
    if option is not None:
        if slot.kind == "choice":
            # "não sei se existe": its "não" is no no
            sure = option_of(slot, _settled(text)) if _unsure(text) else option
            return Heard(slot.name, sure.value, text, sure.value) if sure else Heard(slot.name, UNKNOWN, text)
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
            r"\b(none|no(ne)? yet|nobody|just me|only me|ingen|ningun[oa]|nadie|keine?r?|niemand|aucune?|personne|nenhuma?|ningu[eé]m)\b",
            text,
            re.I,
        )
        else None
    )


def _unsure(text: str) -> bool:
    return says("unknown", text)


def _settled(text: str) -> str:
    """What is left of a text without the words that say that one is not sure."""
    for pattern in phrases("unknown"):
        text = pattern.sub(" ", text)
    return text


def option_of(slot: Slot, text: str) -> Option | None:
    """The option that a text means: its value, its label in any language, one of them at its beginning, else the first that it says and does not dismiss."""
    wanted = plain(text).strip(" .!")
    for option in slot.options:
        if wanted == plain(option.value) or wanted in {plain(label) for label in option.label.values()}:
            return option
        if slot.name != "programme" and any(
            re.match(rf"{re.escape(plain(word))}\b", wanted) for word in (option.value, *option.label.values())
        ):
            return option  # "Local, the valley": it opens with the option itself; after a yes or no more is to be heard
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
