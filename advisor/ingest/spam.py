"""Verdicts on blocks in layers: structure, hard evidence, and one linear model of the text in the context of its page. Pure.

Article blocks are never dropped for spam; a comment is dropped only by structure or by two independent families of evidence.
"""

import functools
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from advisor.documents import Block, JudgedBlock, Reason, Verdict, digest
from advisor.ingest import injection, language, reasons
from advisor.ingest.features import (
    Context,
    domains_in,
    features,
    foreign_domains,
    hashed,
    stems,
    theme,
    topic,
)

_SPEAKS = 0.25  # a family whose evidence weighs this much counts
_LINK_LIST = 4


@dataclass(frozen=True, slots=True)
class Lists:
    """What people decided for a collection: digests of restored and dropped texts, domains let in and kept out."""

    allowed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    allowed_domains: frozenset[str] = frozenset()
    blocked_domains: frozenset[str] = frozenset()


NOTHING_DECIDED = Lists()


def text_digest(text: str) -> str:
    """The name of a text in the lists: its words, without case and spacing."""
    return digest(" ".join(text.lower().split()))


def judge(
    blocks: Sequence[Block], context: Context, lists: Lists = NOTHING_DECIDED, strict: bool = False
) -> list[JudgedBlock]:
    """A verdict for each block, in order. Nothing but the article and the entry itself (and its repeats) decides."""
    protected = _protected(blocks, context)
    repeats = _repeats(blocks, context)
    judged = []
    for number, block in enumerate(blocks):
        if block.type == "comment":
            judged.append(_comment(block, context, lists, strict, number in protected, repeats.get(number, 1)))
        else:
            judged.append(_article(block, context, lists))
    return judged


def score(block: Block, context: Context, repeats: int = 1) -> tuple[float, dict[str, float]]:
    """Probability of spam, and what each feature adds to it (log odds)."""
    model = _model()
    found = features(block, context, repeats)
    parts = {name: model["weights"].get(name, 0.0) * value for name, value in found.items() if value}
    hashes = model["hashed"]
    parts["wording"] = sum(hashes[bucket] * value for bucket, value in hashed(block.text).items()) if hashes else 0.0
    z = model["intercept"] + sum(parts.values())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z)))), parts


def model_digest() -> str:
    """Names the model that judged: recorded with each verdict."""
    folder = Path(__file__).parent
    return digest(*((folder / name).read_text(encoding="utf-8") for name in ("spam_model.json", "spam_lexicon.json")))


def _comment(block: Block, context: Context, lists: Lists, strict: bool, protected: bool, repeats: int) -> JudgedBlock:
    if not re.search(r"\w", block.text) and not block.links:
        return _held(
            block,
            "drop",
            Reason("empty-entry", "structure", "An entry without any text in the comment region", 1.0),
            "und",
        )
    here = language.detect(block.text)
    decided = _decided(block, lists, here)
    if decided is not None:
        return decided
    order = injection.reason(block.text)
    if order is not None:
        return JudgedBlock(block, "quarantine", (order,), True, here)
    probability, parts = score(block, context, repeats)
    limits = _limits(here)
    if probability < limits["strict" if strict else "quarantine"]:
        return JudgedBlock(block, "keep", (), False, here)
    found = reasons.reasons(block, context, parts, probability)
    families = {reason.family for reason in found if reason.weight >= _SPEAKS}
    verdict: Verdict = (
        "drop" if probability >= limits["drop"] and len(families) >= 2 and not protected else "quarantine"
    )
    return JudgedBlock(block, verdict, found, False, here)


def _article(block: Block, context: Context, lists: Lists) -> JudgedBlock:
    """Article blocks are kept; what looks injected is held for people to see."""
    if block.type == "boilerplate":
        if block.date or block.author:
            return JudgedBlock(block, "keep", (), False, context.language)
        return _held(
            block, "drop", Reason("boilerplate", "structure", "Page furniture, not guidance", 1.0), context.language
        )
    decided = _decided(block, lists, context.language)
    if decided is not None:
        return decided
    order = injection.reason(block.text)
    if order is not None:
        return JudgedBlock(block, "quarantine", (order,), True, context.language)
    if block.hidden:
        return _held(
            block, "quarantine", Reason("hidden", "hidden", "Hidden from the page's readers", 1.0), context.language
        )
    if block.type in ("title", "heading"):
        return JudgedBlock(block, "keep", (), False, context.language)
    links = foreign_domains(block, Context(context.stems, context.script, context.language, lists.allowed_domains))
    subject = theme(block.text)
    if len(links) >= _LINK_LIST and subject and subject not in context.themes:
        detail = f"A list of links to {', '.join(links[:3])} about {subject} in the middle of the article"
        return _held(block, "quarantine", Reason("link-list", "domain", detail, 1.0), context.language)
    return JudgedBlock(block, "keep", (), False, context.language)


def _decided(block: Block, lists: Lists, here: str) -> JudgedBlock | None:
    """What a person decided about this text or its links."""
    name = text_digest(block.text)
    if name in lists.allowed:
        return JudgedBlock(block, "keep", (), False, here)
    if name in lists.denied:
        return _held(block, "drop", Reason("denied", "structure", "Dropped by a person", 1.0), here)
    blocked = [
        domain
        for domain in (*domains_in(block.text), *domains_in(" ".join(block.links)))
        if domain in lists.blocked_domains
    ]
    if blocked:
        verdict: Verdict = "drop" if block.type == "comment" else "quarantine"
        return _held(
            block,
            verdict,
            Reason("blocked-domain", "domain", f"Links to {blocked[0]}, which is blocked here", 1.0),
            here,
        )
    return None


def _held(block: Block, verdict: Verdict, reason: Reason, here: str) -> JudgedBlock:
    return JudgedBlock(block, verdict, (reason,), False, here)


def _protected(blocks: Sequence[Block], context: Context) -> set[int]:
    """Entries that are never dropped: answered or quoted by another, by the page's author, or sharing much with the article."""
    comments = [(i, block) for i, block in enumerate(blocks) if block.type == "comment"]
    found = set()
    for (i, block), (_, after) in pairwise(comments):
        if after.depth > block.depth and re.search(r"\w", after.text) and not domains_in(after.text):
            found.add(i)
    for i, block in comments:
        shared = {word for word in stems(block.text) if word in context.stems}
        if (block.author or "").lower() in context.authors or (len(shared) >= 6 and topic(block.text, context) >= 0.4):
            found.add(i)
    return found


def _repeats(blocks: Sequence[Block], context: Context) -> dict[int, int]:
    """How many entries of the page carry the same text or link to the same unknown domain."""
    keys = {
        i: [text_digest(block.text), *foreign_domains(block, context)]
        for i, block in enumerate(blocks)
        if block.type == "comment" and len(block.text) > 25
    }
    counts = Counter(key for entry in keys.values() for key in set(entry))
    return {i: max(counts[key] for key in entry) for i, entry in keys.items()}


def _limits(here: str) -> Mapping[str, float]:
    thresholds = _model()["thresholds"]
    found: Mapping[str, float] = thresholds.get(here, thresholds["default"])
    return found


@functools.cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(Path(__file__).with_name("spam_model.json").read_text(encoding="utf-8"))
    return model
