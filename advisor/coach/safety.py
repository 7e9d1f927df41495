"""What a message may do: personal data masked, orders left out, secrets and harm declined. Pure functions over data."""

import functools
import re
import tomllib
from dataclasses import dataclass
from typing import Literal

from advisor.errors import RequestError
from advisor.resources import resource

Kind = Literal["ask", "declined", "small_talk", "thanks"]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")
_NATIONAL_ID = re.compile(r"\b\d{6}[ -]?\d{5}\b|\b\d{3}-\d{2}-\d{4}\b|\b\d{8}-?[A-HJ-NP-TV-Z]\b")
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+|00)\d{1,3}(?:[ .()-]?\d){6,12}\b"
    r"|(?<![\w.,€$£])\b0\d{1,4}(?:[ /-]\d{2,8}){1,4}\b|(?<![\w.,€$£])\b\d{2,4}(?:[ -]\d{2,4}){2,4}\b(?! ?(?:%|million|billion|members))"
)
_PRINTABLE = 0.85  # share of printable characters below which a message is no text


@dataclass(frozen=True, slots=True)
class Screened:
    """A message fit for further work: `text` without personal data and orders."""

    kind: Kind
    text: str
    masked: tuple[str, ...] = ()
    orders: bool = False  # it held orders, which were left out


def screen(message: str, limit: int) -> Screened:
    """Check, mask and sort a message. Raises RequestError where it is empty, too long or no text."""
    text = _legible(message, limit)
    text, masked = mask(text)
    parts = re.split(r"(?<=[.!?\n])\s+", text)
    kept = [part for part in parts if not _matches("orders", part)]
    rest = " ".join(kept)
    orders = len(kept) < len(parts)
    if _matches("disclosure", text) or _matches("danger", text) or (orders and len(re.findall(r"\w{3,}", rest)) < 3):
        return Screened("declined", text, masked, orders)
    if _matches("small_talk", rest):
        return Screened("small_talk", rest, masked, orders)
    if _matches("thanks", rest):
        return Screened("thanks", rest, masked, orders)
    return Screened("ask", rest, masked, orders)


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with personal data replaced by its kind in brackets, and the kinds found."""
    found: list[str] = []

    def hide(kind: str, match: re.Match[str], real: bool = True) -> str:
        if not real:
            return match.group(0)
        found.append(kind)
        return f"[{kind}]"

    text = _EMAIL.sub(lambda m: hide("email", m), text)
    text = _IBAN.sub(lambda m: hide("iban", m, is_iban(m.group(0))), text)
    text = _CARD.sub(lambda m: hide("card", m, is_card(m.group(0))), text)
    text = _NATIONAL_ID.sub(lambda m: hide("id", m), text)
    text = _PHONE.sub(lambda m: hide("phone", m, 7 <= sum(c.isdigit() for c in m.group(0)) <= 15), text)
    return text, tuple(dict.fromkeys(found))


def is_iban(text: str) -> bool:
    """ISO 13616 check: the rearranged number leaves 1 when divided by 97."""
    code = text.replace(" ", "")
    return 15 <= len(code) <= 34 and int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Luhn check (ISO/IEC 7812-1) of 13 to 19 digits."""
    digits = [int(c) for c in text if c.isdigit()][::-1]
    total = sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits))
    return 13 <= len(digits) <= 19 and total % 10 == 0


def neutral(text: str) -> str:
    """Retrieved text as data for a prompt: marks that look like instructions or roles are broken up."""
    text = re.sub(r"<(/?)(system|assistant|user|instructions?)>|<\|.*?\|>|\[/?INST\]", " ", text, flags=re.IGNORECASE)
    return " ".join(part for part in re.split(r"(?<=[.!?])\s+", text) if not _matches("orders", part))


def _legible(message: str, limit: int) -> str:
    text = message.replace("\0", "").strip()
    if not text:
        raise RequestError("The question is empty", cure="Write what you would like to know.")
    if len(text) > limit:
        raise RequestError(f"The question has {len(text):,} characters; {limit:,} is the most", cure="Make it shorter.")
    if sum(c.isprintable() or c in "\n\t\r" for c in text) < _PRINTABLE * len(text) or "\ufffd" in text:
        raise RequestError("The question is no readable text", value=text[:40], cure="Send plain text in UTF-8.")
    return text


def _matches(section: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns()[section])


@functools.cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    data = tomllib.loads((resource("prompts") / "safety.toml").read_text(encoding="utf-8"))
    return {name: tuple(re.compile(p, re.IGNORECASE) for p in part["patterns"]) for name, part in data.items()}
