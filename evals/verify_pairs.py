"""Training pairs of the claim verifier: what is read from the data, and as what the network sees it."""

import difflib
import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from advisor.index.embed import minilm
from advisor.verify.checker import premise
from advisor.verify.exact import nearest
from advisor.verify.text import clean

DATA = Path(__file__).resolve().parent / "data" / "verify"
Pair = tuple[str, str, float, float, str | None]  # premise, claim, label, weight, the true claim that it was made from
ORDINARY = ("written-", "told-")  # ids of cases in the wording of ordinary answers: they weigh more
HELD_OUT = 1500  # public pairs that are never trained on
CAUGHT = ("name", "number", "place", "unit", "date")  # kinds that the exact checks always catch


def tokenizer(length: int) -> Tokenizer:
    tok = Tokenizer.from_file(str(minilm() / "tokenizer.json"))
    tok.no_padding()
    tok.enable_truncation(length, strategy="only_first")
    return tok


@cache
def _pieces() -> Tokenizer:
    return tokenizer(256)


def token_labels(encoding: Any, pair: Pair) -> list[float]:
    """Per word piece: 1 carried, 0 changed from the true claim it was made from, -1 not known."""
    inside = [
        k
        for k, (kind, special) in enumerate(zip(encoding.type_ids, encoding.special_tokens_mask, strict=True))
        if kind and not special
    ]
    out = [-1.0] * len(encoding.ids)
    if pair[2] > 0.5:
        if pair[4] is not None:
            for k in inside:
                out[k] = 1.0
        return out
    if pair[4] is None:
        return out
    said = [encoding.tokens[k] for k in inside]
    source = _pieces().encode(pair[4], add_special_tokens=False).tokens
    steps = difflib.SequenceMatcher(None, source, said, autojunk=False).get_opcodes()
    changed = sum(max(b2 - b1, a2 - a1) for tag, a1, a2, b1, b2 in steps if tag != "equal")
    if changed > max(6, 0.4 * len(said)):
        return out
    for tag, _, _, start, end in steps:
        for k in range(start, end):
            out[inside[k]] = 1.0 if tag == "equal" else 0.0
        if tag == "delete":
            for k in (start - 1, start):
                if 0 <= k < len(inside):
                    out[inside[k]] = 0.0
    return out


def read(split: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()]


def domain_pairs() -> list[Pair]:
    """Claims with what the model is shown of a passage; kinds that the exact checks always catch are left out.

    A true claim goes with the passage that it speaks of, a false one with each of its passages.
    """
    out: list[Pair] = []
    for row in read("train"):
        kind = row["kind"].removeprefix("auto-")
        if kind in CAUGHT:
            continue
        claim = clean(row["claim"])
        weight = 0.5 if row["kind"].startswith("auto") else 1.5 if row["id"].startswith(ORDINARY) else 1.0
        if row["label"]:
            best = max(row["passages"], key=lambda passage: nearest(claim, passage)[1])
            out.append((premise(claim, best), claim, 1.0, 2.0 * weight, claim))
        else:
            of = clean(row["of"]) if "of" in row else None
            out += [(premise(claim, passage), claim, 0.0, weight, of) for passage in row["passages"]]
    return out


def public_pairs(path: Path, sources: Sequence[str], most: int, weight: float, seed: int) -> list[Pair]:
    """A sample of public pairs, the held-out head left aside."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][HELD_OUT:]
    rows = [row for row in rows if not sources or row["source"] in sources]
    rows = random.Random(seed).sample(rows, min(most, len(rows)))
    return [(row["premise"], row["claim"], float(row["label"]), weight, None) for row in rows]
