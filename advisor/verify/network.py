"""The entailment network: a cross-encoder with a logit for the whole claim and one for each of its word pieces.

Imports torch at once: import this module late.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from advisor.index import crossencoder
from advisor.index.crossencoder import WIDTH, Encoder, pack, tensors

__all__ = ["Network", "from_minilm", "pack", "unpack", "word_logits"]


class Network(Encoder):
    """Word pieces and segments in, one logit a pair out: supported above zero."""

    def __init__(self) -> None:
        super().__init__()
        self.head, self.token, self.share = (
            nn.Linear(2 * WIDTH, 1),
            nn.Linear(WIDTH, 1),
            nn.Parameter(torch.tensor(0.5)),
        )

    def read(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """One logit a pair, and one a word piece of the claim: is this word carried? (elsewhere very large)"""
        x = self.states(ids, segments, mask)
        tokens = self.token(self.drop(x)).squeeze(-1).float().masked_fill(segments * mask == 0, 1e4)
        worst = -torch.logsumexp(-tokens, 1)  # about the word that is carried least
        whole = self.head(self.drop(self.pooled(x, mask))).squeeze(1).float()
        return whole + F.softplus(self.share) * worst.clamp(-20, 20), tokens


@torch.inference_mode()
def word_logits(
    network: Network, tokenizer: Any, pairs: Sequence[tuple[str, str]], size: int = 16
) -> list[list[float]]:
    """Of each (premise, claim): is each word piece of the claim, and its end, carried? In batches of like length."""
    encoded = tokenizer.encode_batch(list(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    out: list[list[float]] = [[] for _ in pairs]
    for at in range(0, len(order), size):
        rows = order[at : at + size]
        ids, segments, mask = tensors([encoded[i] for i in rows])
        tokens = network.read(ids, segments, mask)[1]
        for n, i in enumerate(rows):
            out[i] = tokens[n][(segments[n] * mask[n]) == 1].tolist()
    return out


def from_minilm(path: Path) -> Network:
    """A fresh network over the embedded MiniLM's weights; only the heads are new."""
    network = Network()
    network.start_from_minilm(path)
    return network


def unpack(path: Path) -> Network:
    """The network of a packed file, ready to score."""
    return crossencoder.unpack(path, Network())
