"""Fit the claim verifier's network: one loop for public and for own pairs."""

import logging
import random
import time
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from advisor.index.crossencoder import tensors
from advisor.verify.network import Network
from evals.batches import even
from evals.verify_pairs import Pair, token_labels, tokenizer

log = logging.getLogger("verify_train")


def _loss(
    network: Network, batch: tuple[Tensor, Tensor, Tensor], pairs: Sequence[Pair], marks: Sequence[Sequence[float]]
) -> Tensor:
    """The claim's label, and of each word piece whether it is carried, where that is known."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logit, tokens = network.read(*batch)
    wanted, weight = torch.tensor([pair[2] for pair in pairs]), torch.tensor([pair[3] for pair in pairs])
    loss = F.binary_cross_entropy_with_logits(logit.float(), wanted * 0.96 + 0.02, weight=weight)
    longest = batch[0].shape[1]
    known = torch.tensor([[*mark, *[-1.0] * (longest - len(mark))] for mark in marks])
    told = known >= 0
    if bool(told.any()):
        word = F.binary_cross_entropy_with_logits(tokens[told], known[told], reduction="none")
        loss = loss + 2 * (word * torch.where(known[told] > 0.5, 1.0, 3.0)).mean()
    return loss


def train(
    network: Network,
    pairs: Sequence[Pair],
    *,
    epochs: float,
    rate: float,
    size: int,
    length: int,
    seed: int,
    minutes: float,
) -> None:
    """AdamW with warm-up and linear decay; word embeddings stay frozen."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    network.words.weight.requires_grad_(False)
    encoded = tokenizer(length).encode_batch([(pair[0], pair[1]) for pair in pairs])
    marks = [token_labels(encoding, pair) for encoding, pair in zip(encoded, pairs, strict=True)]
    steps = int(epochs * len(pairs) / size) + 1
    weights = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
    step, started, running = 0, time.monotonic(), 0.0
    network.train()
    while step < steps:
        order = list(range(len(pairs)))
        rng.shuffle(order)
        for rows in even([len(e.ids) for e in encoded], order, size, rng):
            batch = tensors([encoded[i] for i in rows])
            share = max(step / steps, (time.monotonic() - started) / (minutes * 60))
            if step >= steps or share >= 1:
                return
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - share)
            loss = _loss(network, batch, [pairs[i] for i in rows], [marks[i] for i in rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            step += 1
            running = loss.item() if step == 1 else 0.98 * running + 0.02 * loss.item()
            if step % 100 == 0:
                log.info("step %d/%d loss %.3f %.0f s", step, steps, running, time.monotonic() - started)
