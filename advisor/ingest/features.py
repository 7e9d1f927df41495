"""What an entry shows of itself and of its distance to the page it stands on: numbers of about 0 to 1, each with a name. Pure."""

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.documents import Block
from advisor.ingest import language, lexicon
from advisor.ingest.lexicon import themes
from advisor.ingest.links import MAIL, URL, domains_in, related, unknown

HASH_SIZE = 1 << 13
_ABOUT = 2  # different words of a theme that make an article be about it
LONGEST = 1_500  # characters of an entry that the model reads
_WORD = re.compile(r"[^\W\d_]{4,}")
_ANY_WORD = re.compile(r"[^\W_]+")
_CONTACT = re.compile(
    r"\+?\d[\d ()-]{8,}\d|[\w.+-]+@[\w-]+\.\w+|\b(?:whats ?app|telegram|t\.me|wa\.me|viber|wechat|signal group)\b", re.I
)
_HANDLE_GIVEN = re.compile(r"(?:^|\s)@\w{4,}$|(?:telegram|instagram|skype|facebook)\W+@?\w{4,}", re.I)
_MARKUP = re.compile(r"\[/?url|<a\s|\[link|href=", re.I)
_FIRST = re.compile(
    r"\b(?:i|we|my|our|jeg|vi|min|vår|yo|nosotros|mi|nuestr\w+|ich|wir|unser\w*|mein\w*|je|nous|mon|notre|nos|eu|nós|meu|noss\w+|io|noi|nostr\w+|я|мы|наш\w*|мой|у нас)\b",
    re.I,
)
_HANDLE = re.compile(
    r"^[A-Z][a-z]+[A-Z]+[a-z]*$|_[a-zA-Z]+$|[a-z]\d{2,}$|^[a-z]+(?:[A-Z][a-z]+)+$|^[A-Z][a-z]+[bcdfghjklmnpqrstvwxz]{3,}$"
)
SCRIPTS = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "Cyrillic": re.compile("[\u0400-\u04ff]"),
    "Chinese": re.compile("[\u3040-\u30ff\u4e00-\u9fff]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Korean": re.compile("[\uac00-\ud7af]"),
    "Greek": re.compile("[\u0370-\u03ff]"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
}
NAMES = (
    "lexicon", "lexicon_strange", "lexicon_author", "pitch", "flattery", "thanks", "first_person", "question", "length", "short", "capitals", "digits", "contact", "markup",
    "link", "links_many", "link_share", "topic", "topic_none", "script_difference", "language_difference", "handle", "repeated",
    "link_off_topic", "lexicon_off_topic", "pitch_link", "flattery_link", "flattery_off_topic", "foreign_lexicon", "foreign_link", "lexicon_link", "no_signs", "pitch_off_topic", "pitch_lexicon",
    "offer", "urgency", "handle_given", "offer_off_topic", "stance", "negation", "address", "trade", "promise", "page_praise", "function_words",
    "bare_offer", "bare_lexicon", "told_lexicon", "trade_off_topic", "address_offer", "stance_on_topic", "contact_offer", "praise_alone",
    "link_related", "link_public", "link_cheap", "foreign_script_long", "contact_related", "link_strange",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a page tells about itself, from its article alone, so that spam cannot change it."""

    stems: Mapping[str, int]
    script: str
    language: str
    domains: frozenset[str]
    authors: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()  # spam themes that the article itself is about


def context_of(blocks: Sequence[Block], own_domains: Iterable[str] = ()) -> Context:
    """The context of a page from its blocks."""
    article = [block for block in blocks if block.type not in ("comment", "boilerplate") and not block.hidden]
    text = "\n".join(block.text for block in article)
    domains = frozenset([*own_domains, *domains_in(text)])
    authors = frozenset(block.author.lower() for block in blocks if block.author and block.type != "comment")
    about = frozenset(
        name for name, number in themes(text[:20_000]).items() if number >= max(_ABOUT, len(text[:20_000]) / 2_500)
    )
    return Context(Counter(stems(text)), script_of(text), language.detect(text[:6000]), domains, authors, about)


def foreign_domains(block: Block, context: Context) -> list[str]:
    """Domains that an entry links to and that the article does not."""
    found = domains_in(" ".join((block.text[:LONGEST], *block.links[:50])))
    return unknown(found, context.domains)


def stems(text: str) -> list[str]:
    """Words without their endings, roughly: the first six letters of words of four or more."""
    return [word.lower()[:6] for word in _WORD.findall(text) if word.lower() not in language.COMMON_WORDS]


def script_of(text: str) -> str:
    """The script most letters are in."""
    sample = text[:3000]
    return max(SCRIPTS, key=lambda name: len(SCRIPTS[name].findall(sample)))


def script_share(text: str, script: str) -> float:
    """Share of the letters that are in this script."""
    return len(SCRIPTS[script].findall(text)) / (sum(c.isalpha() for c in text) or 1)


def theme(text: str) -> str:
    """The spam theme that a text speaks of most, or ""."""
    found = themes(text)
    return max(sorted(found), key=lambda name: found[name]) if found else ""


def topic(text: str, context: Context) -> float:
    """Share of the entry's words that the article has, rare ones counting more."""
    words = set(stems(text))
    if not words:
        return 0.0
    weights = {
        word: 1.0 / math.log2(2 + context.stems.get(word, 0)) if word in context.stems else 1.0 for word in words
    }
    return sum(weight for word, weight in weights.items() if word in context.stems) / sum(weights.values())


def features(block: Block, context: Context, repeats: int = 1) -> dict[str, float]:
    """The named features of an entry on its page; `repeats` counts entries with the same text or link."""
    text = block.text[:LONGEST]
    lowered = text.lower()
    words = _ANY_WORD.findall(text)
    count = max(1, len(words))
    foreign = foreign_domains(block, context)
    told = themes(text)
    hits = sum(told.values())
    strange = sum(number for name, number in told.items() if name not in context.themes)
    near = topic(text, context)
    here = language.detect(text)
    letters = sum(c.isalpha() for c in text) or 1
    f = dict.fromkeys(NAMES, 0.0)
    f["lexicon"] = min(1.0, hits / 3)
    f["lexicon_strange"] = min(1.0, strange / 2)
    f["lexicon_author"] = float(
        bool(block.author) and lexicon.lexicon_pattern().search((block.author or "").lower()) is not None
    )
    for name in ("pitch", "flattery", "offer", "urgency", "trade", "promise", "page_praise"):
        f[name] = min(1.0, len(lexicon.pattern(name).findall(lowered)) / 2)
    for name in ("stance", "negation", "address"):
        f[name] = min(1.0, 6 * len(lexicon.pattern(name).findall(lowered)) / max(8, count))
    f["function_words"] = sum(word in language.COMMON_WORDS for word in _ANY_WORD.findall(lowered)) / count
    f["handle_given"] = float(_HANDLE_GIVEN.search(text) is not None)
    f["thanks"] = float(lexicon.pattern("thanks").search(lowered) is not None)
    f["first_person"] = min(1.0, 8 * len(_FIRST.findall(lowered)) / count)
    f["question"] = float("?" in text)
    f["length"] = min(1.0, math.log1p(count) / 6)
    f["short"] = float(count <= 4)
    f["capitals"] = sum(c.isupper() for c in text) / letters if letters > 10 else 0.0
    f["digits"] = min(1.0, 4 * sum(c.isdigit() for c in text) / max(1, len(text)))
    f["contact"] = float(_CONTACT.search(text) is not None)
    f["markup"] = float(_MARKUP.search(text) is not None)
    f["link"] = float(bool(foreign))
    f["links_many"] = min(1.0, max(0, len(foreign) - 1) / 2)
    f["link_share"] = min(1.0, sum(len(url) for url in URL.findall(text)) / max(1, len(text))) if foreign else 0.0
    of_the_topic = sum(related(domain, context.stems) for domain in foreign)
    f["link_related"] = float(of_the_topic > 0)
    f["link_strange"] = float(of_the_topic < len(foreign))
    f["contact_related"] = float(any(related(domain, context.stems) for domain in MAIL.findall(text)))
    f["link_public"] = float(any(lexicon.pattern("public_domains").search(domain) for domain in foreign))
    f["link_cheap"] = float(any(lexicon.pattern("cheap_domains").search(domain) for domain in foreign))
    f["topic"] = near
    f["topic_none"] = float(near < 0.05 and count > 6)
    f["script_difference"] = float(script_of(text) != context.script and letters > 3)
    f["language_difference"] = float(here not in ("und", context.language) and context.language != "und")
    f["handle"] = float(bool(block.author) and _HANDLE.search(block.author or "") is not None)
    f["repeated"] = float(repeats > 1)
    return _joined(f, near)


def _joined(f: dict[str, float], near: float) -> dict[str, float]:
    """Features that count together."""
    far = max(0.0, 1.0 - 3 * near)
    foreign = max(f["script_difference"], f["language_difference"])
    f["link_off_topic"] = f["link"] * far
    f["lexicon_off_topic"] = f["lexicon_strange"] * far
    f["pitch_link"] = f["pitch"] * f["link"]
    f["flattery_link"] = f["flattery"] * f["link"]
    f["flattery_off_topic"] = f["flattery"] * far
    f["foreign_lexicon"] = foreign * min(1.0, f["lexicon_strange"] + f["pitch"])
    f["offer_off_topic"] = min(1.0, f["offer"] + f["urgency"]) * far
    f["pitch_off_topic"] = f["pitch"] * far
    f["pitch_lexicon"] = f["pitch"] * f["lexicon_strange"]
    f["foreign_link"] = foreign * f["link"]
    f["lexicon_link"] = f["lexicon_strange"] * max(f["link"], f["contact"])
    selling = min(1.0, f["trade"] + f["promise"] + f["pitch"] + f["offer"] + f["urgency"])
    f["bare_offer"] = selling * max(0.0, 1.0 - 2 * f["stance"])
    f["bare_lexicon"] = f["lexicon_strange"] * max(0.0, 1.0 - 2 * f["stance"])
    f["told_lexicon"] = f["lexicon"] * f["stance"]
    f["trade_off_topic"] = min(1.0, f["trade"] + f["promise"]) * far
    f["address_offer"] = f["address"] * selling
    f["stance_on_topic"] = f["stance"] * near
    f["contact_offer"] = max(f["contact"], f["link"], f["handle_given"]) * selling
    f["praise_alone"] = max(f["page_praise"], f["flattery"]) * max(0.0, 1.0 - 2 * near)
    f["foreign_script_long"] = f["script_difference"] * (1.0 - f["thanks"]) * max(0.0, 2 * f["length"] - 0.6)
    f["no_signs"] = float(
        not (
            f["lexicon"]
            or f["pitch"]
            or f["link"]
            or f["contact"]
            or f["flattery"]
            or f["offer"]
            or f["urgency"]
            or f["handle_given"]
            or f["trade"]
            or f["promise"]
            or f["page_praise"]
        )
    )
    return f


def hashed(text: str) -> dict[int, float]:
    """Character n-grams (3 to 5 within words) and words, hashed; a unit vector as {bucket: value}. Links become one token each."""
    counts: dict[int, int] = {}
    plain = URL.sub(" linkurl ", text[:LONGEST].lower())
    crc = zlib.crc32
    for word in _ANY_WORD.findall(plain):
        data = f" {word} ".encode()
        padded = f" {word} "
        grams = [data, *(padded[i : i + size].encode() for size in (3, 4, 5) for i in range(len(padded) - size + 1))]
        for gram in grams:
            bucket = crc(gram) % HASH_SIZE
            counts[bucket] = counts.get(bucket, 0) + 1
    values = {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {bucket: value / norm for bucket, value in values.items()}
