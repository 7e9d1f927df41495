"""The entailment network: a cross-encoder with a logit for the whole claim and one for each of its word pieces.

Imports torch at once: import this module late.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from advisor.index import crossencoder
from advisor.index.crossencoder import WIDTH, Encoder, pack

__all__ = ["Network", "from_minilm", "pack", "unpack"]


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

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """The score: about the logit of the claim's word that is carried least.

        The logit of the whole helps in training; where hardly a falsehood may pass, the least carried word is steadier.
        """
        tokens = self.read(ids, segments, mask)[1]
        return -torch.logsumexp(-tokens, 1).clamp(-30, 30)


def from_minilm(path: Path) -> Network:
    """A fresh network over the embedded MiniLM's weights; only the heads are new."""
    network = Network()
    network.start_from_minilm(path)
    return network


def unpack(path: Path) -> Network:
    """The network of a packed file, ready to score."""
    return crossencoder.unpack(path, Network())
