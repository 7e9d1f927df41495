"""The entailment network: MiniLM's encoder (BERT, 6 layers, 384 wide) with a one-logit head, in plain torch.

Imports torch at once: import this module late.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

NEW = ("head.weight", "head.bias", "token.weight", "token.bias", "share")  # what MiniLM does not have
WIDTH, HEADS, INNER, LAYERS, VOCABULARY, POSITIONS = 384, 12, 1536, 6, 30522, 512


class Layer(nn.Module):
    """One transformer layer, norm after each half as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.output, self.norm1 = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down, self.norm2 = (
            nn.Linear(WIDTH, INNER),
            nn.Linear(INNER, WIDTH),
            nn.LayerNorm(WIDTH, eps=1e-12),
        )
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = (
            part(x).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.drop(self.output(seen.transpose(1, 2).reshape(batch, length, WIDTH))))
        y: Tensor = self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))
        return y


class Network(nn.Module):
    """Word pieces and segments in, one logit a pair out: supported above zero."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.segments, self.norm = nn.Embedding(2, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head, self.token, self.share = (
            nn.Linear(2 * WIDTH, 1),
            nn.Linear(WIDTH, 1),
            nn.Parameter(torch.tensor(0.5)),
        )
        self.drop = nn.Dropout(0.1)

    def read(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """One logit a pair, and one a word piece of the claim: is this word carried? (elsewhere very large)"""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.words(ids) + self.places(places) + self.segments(segments)))
        wide = mask[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, wide)
        weight = mask.unsqueeze(-1).to(x.dtype)
        mean = (x * weight).sum(1) / weight.sum(1)
        tokens = self.token(self.drop(x)).squeeze(-1).float().masked_fill(segments * mask == 0, 1e4)
        worst = -torch.logsumexp(-tokens, 1)  # about the word that is carried least
        whole = self.head(self.drop(torch.cat([x[:, 0], mean], 1))).squeeze(1).float()
        return whole + F.softplus(self.share) * worst.clamp(-20, 20), tokens

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """The score: about the logit of the claim's word that is carried least.

        The logit of the whole helps in training; where hardly a falsehood may pass, the least carried word is steadier.
        """
        tokens = self.read(ids, segments, mask)[1]
        return -torch.logsumexp(-tokens, 1).clamp(-30, 30)


def from_minilm(path: Path) -> Network:
    """A fresh network over the embedded MiniLM's weights; only the head is new."""
    network = Network()
    given = load_file(path)
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
    }
    names |= {"segments.weight": "embeddings.token_type_embeddings.weight"}
    names |= {f"norm.{end}": f"embeddings.LayerNorm.{end}" for end in ("weight", "bias")}
    inside = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value"}
    inside |= {"output": "attention.output.dense", "norm1": "attention.output.LayerNorm"}
    inside |= {"up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}
    for layer in range(LAYERS):
        for ours, theirs in inside.items():
            for end in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{end}"] = f"encoder.layer.{layer}.{theirs}.{end}"
    missing = network.load_state_dict({ours: given[theirs].float() for ours, theirs in names.items()}, strict=False)
    if set(missing.missing_keys) != set(NEW) or missing.unexpected_keys:
        raise ValueError(f"not the MiniLM that is expected: {missing}")
    return network


def pack(state: Mapping[str, Tensor], path: Path) -> None:
    """Write weights as safetensors: matrices as int8 with one scale a row, the rest as they are."""
    tensors: dict[str, Tensor] = {}
    for name, value in state.items():
        value = value.detach().float().contiguous()
        if value.ndim == 2 and value.numel() > 10_000:
            scale = value.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
            tensors[f"{name}.int8"] = (value / scale).round().to(torch.int8)
            tensors[f"{name}.scale"] = scale.squeeze(1)
        else:
            tensors[name] = value
    save_file(tensors, path)
    path.chmod(0o644)


def unpack(path: Path) -> Network:
    """The network of a packed file, in single precision, ready to score."""
    state: dict[str, Tensor] = {}
    tensors = load_file(path)
    for name, value in tensors.items():
        if name.endswith(".int8"):
            plain = name.removesuffix(".int8")
            state[plain] = value.float() * tensors[f"{plain}.scale"].unsqueeze(1)
        elif not name.endswith(".scale"):
            state[name] = value
    network = Network()
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)
