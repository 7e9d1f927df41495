"""The one door of this room: claims and passages in, verdicts with reasons out."""

import hashlib
import json
import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from advisor.errors import SetupError
from advisor.verify.exact import Match, check, nearest
from advisor.verify.text import clean
from advisor.verify.weighing import features, weighed

FOLDER = Path(__file__).with_name("model")
_CURE = "Reinstall the package, or make the file again: python -m evals.verify_train pack"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passage` is the index of the passage that carries the claim, or of the one that comes nearest."""

    supported: bool
    score: float
    passage: int | None
    reason: str


_CLOSE = 0.6  # of what the nearest passage shares with a claim: passages that share less are not read for it


def asked(row: Sequence[Match]) -> list[int]:
    """Which passages of a claim the model reads: those that no exact check spoke against and that come near enough."""
    if any(match.copied for match in row):
        return []
    left = [m for m, match in enumerate(row) if match.problem is None]
    most = max((row[m].overlap for m in left), default=0.0)
    return [m for m in left if row[m].overlap >= _CLOSE * most]


def premise(claim: str, passage: str) -> str:
    """What the model reads of a passage: the two sentences that the claim speaks of."""
    return nearest(claim, clean(passage), most=2)[0]


class Checker:
    """Loads its model at first use; a checker may be shared between threads."""

    def __init__(self, folder: Path = FOLDER, *, threshold: float | None = None) -> None:
        self._folder, self._threshold = folder, threshold
        self._network: Any = None
        self._tokenizer: Any = None
        self._lock = threading.Lock()
        self.card: dict[str, Any] = {}

    def load(self) -> "Checker":
        """Read the model now, its digests checked; otherwise the first claim does it."""
        with self._lock:
            if self._network is None:
                self._open()
        return self

    def _open(self) -> None:
        card = self._folder / "model.json"
        if not card.is_file():
            raise SetupError("The claim verifier's model is missing", value=str(card), cure=_CURE)
        self.card = json.loads(card.read_text(encoding="utf-8"))
        for name, wanted in self.card["sha256"].items():
            path = self._folder / name
            if not path.is_file():
                raise SetupError("A file of the claim verifier's model is missing", value=str(path), cure=_CURE)
            if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
                raise SetupError(
                    "A file of the claim verifier's model is not the one it was shipped with",
                    value=str(path),
                    cure=_CURE,
                )
        # torch takes seconds to import: late, so that the room itself opens fast
        from tokenizers import Tokenizer

        from advisor.verify.network import unpack

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(int(self.card["length"]), strategy="only_first")
        self._tokenizer, self._network = tokenizer, unpack(self._folder / "model.safetensors")

    @property
    def threshold(self) -> float:
        """The score from which a claim counts as supported; tuned on dev, kept in model.json."""
        return float(self.card["threshold"]) if self._threshold is None else self._threshold

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Probability that each passage carries each claim (`(claim, passage)`), all in one go."""
        if not pairs:
            return []
        self.load()
        from advisor.verify.network import word_logits

        read = [(premise(claim, passage), clean(claim)) for claim, passage in pairs]
        weights = self.card["weights"]
        logits = [
            weighed(features(claim, near, words), weights)
            for (near, claim), words in zip(read, word_logits(self._network, self._tokenizer, read), strict=True)
        ]
        return [1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))) for logit in logits]

    def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """Is the claim fully supported by at least one of the passages?"""
        return self.verify_many([(claim, passages)])[0]

    def verify_many(self, items: Iterable[tuple[str, Sequence[str]]]) -> list[Verdict]:
        """Many claims, each against its own passages; the model scores all that is open in one batch."""
        items = list(items)
        matches = [[check(claim, passage) for passage in passages] for claim, passages in items]
        pending = [(n, m) for n, row in enumerate(matches) for m in asked(row)]
        pairs = [(items[n][0], items[n][1][m]) for n, m in pending]
        scored = dict(zip(pending, self.scores(pairs), strict=True))
        return [self._verdict(n, items[n][0], row, scored) for n, row in enumerate(matches)]

    def _verdict(self, n: int, claim: str, row: Sequence[Match], scored: dict[tuple[int, int], float]) -> Verdict:
        if not claim.strip():
            return Verdict(False, 0.0, None, "there is no claim")
        if not row:
            return Verdict(False, 0.0, None, "there is no passage")
        for m, match in enumerate(row):
            if match.copied:
                return Verdict(True, 1.0, m, "the passage says it in these words")
        open_ = [(scored[n, m], m) for m in range(len(row)) if (n, m) in scored]
        nearest_one = max(range(len(row)), key=lambda m: row[m].overlap)
        if open_:
            score, m = max(open_)
            if score >= self.threshold:
                return Verdict(True, score, m, "the passage says the same in other words")
            best = row[nearest_one]
            if best.problem and best.overlap > row[m].overlap:
                return Verdict(False, score, nearest_one, best.problem)
            return Verdict(False, score, m, "no passage clearly says this")
        return Verdict(False, 0.0, nearest_one, row[nearest_one].problem or "no passage clearly says this")


@cache
def _default() -> Checker:
    return Checker()


def verify(claim: str, passages: Sequence[str]) -> Verdict:
    """`Checker().verify` with the shipped model, loaded once."""
    return _default().verify(claim, passages)
