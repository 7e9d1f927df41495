"""Why an entry looks like spam, in words: what the model's features add, told once for each meaning. Pure."""

from collections.abc import Mapping
from typing import Literal

from advisor.documents import Block, Reason
from advisor.ingest import language
from advisor.ingest.features import Context, foreign_domains, script_of, script_share, theme, topic

Family = Literal["structure", "hidden", "domain", "text", "context", "template", "injection"]
_FAMILY: dict[str, Family] = {
    "wording": "text", "meaning": "text", "lexicon": "text", "lexicon_author": "template", "pitch": "text", "flattery": "text", "contact": "domain", "markup": "template",
    "link": "domain", "link_strange": "domain", "links_many": "domain", "link_share": "domain", "topic": "context", "topic_none": "context", "script_difference": "context",
    "language_difference": "context", "handle": "template", "repeated": "template", "link_off_topic": "domain", "lexicon_off_topic": "context",
    "pitch_link": "domain", "flattery_link": "domain", "flattery_off_topic": "context", "foreign_lexicon": "context", "foreign_link": "context",
    "lexicon_link": "domain", "lexicon_strange": "context", "pitch_off_topic": "context", "pitch_lexicon": "text",
    "offer": "text", "urgency": "text", "handle_given": "domain", "offer_off_topic": "context",
    "trade": "text", "promise": "text", "page_praise": "text", "bare_offer": "text", "bare_lexicon": "context", "trade_off_topic": "context",
    "address_offer": "text", "contact_offer": "domain", "praise_alone": "context", "link_cheap": "domain", "foreign_script_long": "context",
}  # fmt: skip
_SELLS = frozenset(
    (
        "pitch",
        "pitch_lexicon",
        "pitch_off_topic",
        "offer",
        "urgency",
        "offer_off_topic",
        "trade",
        "promise",
        "trade_off_topic",
        "bare_offer",
        "address_offer",
    )
)


def reasons(block: Block, context: Context, parts: Mapping[str, float], probability: float) -> tuple[Reason, ...]:
    """What speaks for spam, strongest first, in words; features of one meaning are told once."""
    told: dict[tuple[Family, str], float] = {}
    for name, weight in parts.items():
        if weight > 0 and name in _FAMILY:
            key = (_FAMILY[name], _detail(name, block, context))
            told[key] = told.get(key, 0.0) + weight
    names = {_detail(name, block, context): name for name in reversed(list(parts)) if name in _FAMILY}
    made = [
        Reason(names[detail].replace("_", "-"), family, detail, round(weight, 3))
        for (family, detail), weight in told.items()
        if weight >= 0.15
    ]
    made.sort(key=lambda reason: (-reason.weight, reason.rule))
    if not made:
        made = [Reason("sum", "text", f"Many small signs add up to {probability:.0%}", round(probability, 3))]
    return tuple(made[:8])


def _detail(name: str, block: Block, context: Context) -> str:
    if name in ("wording", "meaning"):
        return "Worded like spam" if name == "wording" else "Says what spam says, in whatever words"
    if name in ("lexicon", "lexicon_strange", "lexicon_off_topic", "bare_lexicon"):
        return f"Speaks of {theme(block.text) or 'what spam sells'}" + (
            ", which this page is not about" if name != "lexicon" else ""
        )
    if name in _SELLS:
        return "Sells something" + (" that has nothing to do with this page" if name.endswith("_off_topic") else "")
    if name in ("flattery", "page_praise", "praise_alone"):
        return "Praises in words that fit any page"
    if name in (
        "link",
        "link_strange",
        "links_many",
        "link_share",
        "link_off_topic",
        "pitch_link",
        "flattery_link",
        "lexicon_link",
        "link_cheap",
    ):
        return f"Links to an unrelated domain ({', '.join(foreign_domains(block, context)[:2]) or 'a contact'})"
    if name in ("script_difference", "foreign_link", "foreign_lexicon", "language_difference", "foreign_script_long"):
        script = script_of(block.text)
        if script != context.script:
            return f"{script_share(block.text, script):.0%} {script} on a page in {context.script} letters"
        return f"Written in {language.detect(block.text)} under an article in {context.language}"
    if name in ("topic", "topic_none", "flattery_off_topic"):
        return f"Topic {topic(block.text, context):.2f} of 1 in common with the page"
    return {
        "handle_given": "Sends readers to a messenger account",
        "contact": "Gives a phone number, mail or messenger",
        "contact_offer": "Sells something and gives a link or a contact",
        "markup": "Carries raw link markup",
        "handle": f"The author's name {block.author!r} looks made by a machine",
        "lexicon_author": f"The author calls itself {block.author!r}",
        "repeated": "The same text or link stands in several entries",
    }.get(name, name)
