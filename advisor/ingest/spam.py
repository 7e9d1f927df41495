"""Verdicts on blocks in layers: structure, hard evidence, and a linear model of the text in the context of its page. Pure.

Where the model is unsure and the caller has a multilingual embedder, what the entry means is weighed as much as its wording.
Article blocks are never dropped for spam; a comment is dropped only by structure or by two independent families of evidence.
"""

import functools
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.documents import Block, JudgedBlock, Reason, Verdict, digest
from advisor.ingest import injection, language, reasons
from advisor.ingest.features import (
    LONGEST,
    Context,
    features,
    foreign_domains,
    hashed,
    stems,
    theme,
    topic,
)
from advisor.ingest.links import domains_in

Vectors = NDArray[np.float32]
Meaning = Callable[[Sequence[str]], Vectors]
"""Unit vectors of texts by the embedder that the model was trained with (multilingual-e5-small)."""
Scored = tuple[float, dict[str, float]]
"""Probability of spam, and what each feature adds to it (log odds)."""

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
    blocks: Sequence[Block],
    context: Context,
    lists: Lists = NOTHING_DECIDED,
    strict: bool = False,
    meaning: Meaning | None = None,
) -> list[JudgedBlock]:
    """A verdict for each block, in order. Nothing but the article and the entry itself (and its repeats) decides."""
    protected = _protected(blocks, context)
    judged: dict[int, JudgedBlock] = {}
    unsettled: dict[int, str] = {}
    for number, block in enumerate(blocks):
        if block.type != "comment":
            judged[number] = _article(block, context, lists)
            continue
        here = language.detect(block.text)
        settled = _settled(block, lists, here)
        if settled is None:
            unsettled[number] = here
        else:
            judged[number] = settled
    scores = _scores(blocks, list(unsettled), context, meaning)
    for number, here in unsettled.items():
        limits = _limits(here, meaning is not None)
        judged[number] = _weighed(blocks[number], context, scores[number], limits, strict, number in protected, here)
    return [judged[number] for number in range(len(blocks))]


def score(block: Block, context: Context, repeats: int = 1, vector: Vectors | None = None) -> Scored:
    """By the entry's wording or, where its vector is given, by wording and meaning alike."""
    model = _model() if vector is None else _model()["read"]
    found = features(block, context, repeats)
    parts = {name: model["weights"].get(name, 0.0) * value for name, value in found.items() if value}
    grams = _model()["hashed"]
    parts["wording"] = model["wording"] * sum(grams[bucket] * value for bucket, value in hashed(block.text).items())
    if vector is not None:
        parts["meaning"] = round(float(_direction() @ vector) - model["offset"], 3)
    z = model["intercept"] + sum(parts.values())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z)))), parts


def _scores(
    blocks: Sequence[Block], numbers: Sequence[int], context: Context, meaning: Meaning | None
) -> dict[int, Scored]:
    """Scores of these entries; the unsure ones are read once more, all of them together."""
    repeats = _repeats(blocks, context)
    found = {number: score(blocks[number], context, repeats.get(number, 1)) for number in numbers}
    low, high = _model()["unsure"]
    unsure = [number for number, (probability, _) in found.items() if low <= probability <= high]
    if meaning is not None and unsure:
        vectors = meaning([blocks[number].text[:LONGEST] for number in unsure])
        for number, vector in zip(unsure, vectors, strict=True):
            found[number] = score(blocks[number], context, repeats.get(number, 1), vector)
    return found


def model_digest() -> str:
    """Names the model that judged: recorded with each verdict."""
    folder = Path(__file__).parent
    return digest(*((folder / name).read_text(encoding="utf-8") for name in ("spam_model.json", "spam_lexicon.json")))


def _settled(block: Block, lists: Lists, here: str) -> JudgedBlock | None:
    """What structure, people or an order to a machine decide about an entry before any model."""
    if not re.search(r"\w", block.text) and not block.links:
        detail = "An entry without any text in the comment region"
        return _held(block, "drop", Reason("empty-entry", "structure", detail, 1.0), "und")
    decided = _decided(block, lists, here)
    if decided is not None:
        return decided
    order = injection.reason(block.text)
    return JudgedBlock(block, "quarantine", (order,), True, here) if order is not None else None


def _weighed(
    block: Block,
    context: Context,
    scored: Scored,
    limits: Mapping[str, float],
    strict: bool,
    protected: bool,
    here: str,
) -> JudgedBlock:
    """What the model decides: dropped only above all legitimate entries, by two families, and unprotected."""
    probability, parts = scored
    if probability < limits["strict" if strict else "quarantine"]:
        return JudgedBlock(block, "keep", (), False, here)
    found = reasons.reasons(block, context, parts, probability)
    families = {reason.family for reason in found if reason.weight >= _SPEAKS}
    sure = probability >= limits["drop"] and len(families) >= 2 and not protected
    return JudgedBlock(block, "drop" if sure else "quarantine", found, False, here)


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


def _limits(here: str, read: bool) -> Mapping[str, float]:
    thresholds = (_model()["read"] if read else _model())["thresholds"]
    found: Mapping[str, float] = thresholds.get(here, thresholds["default"])
    return found


@functools.cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(Path(__file__).with_name("spam_model.json").read_text(encoding="utf-8"))
    return model


@functools.cache
def _direction() -> Vectors:
    return np.array(_model()["read"]["vector"], dtype=np.float32)
