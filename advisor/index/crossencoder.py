"""A cross-encoder's body: MiniLM's encoder (BERT, 6 layers, 384 wide) in plain torch, and weights packed as int8.

Imports torch at once: import this module late.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

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


class Encoder(nn.Module):
    """Word pieces and segments of a pair of texts in, one state a word piece out."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.segments, self.norm = nn.Embedding(2, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)

    def states(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """(batch, length, WIDTH)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x: Tensor = self.drop(self.norm(self.words(ids) + self.places(places) + self.segments(segments)))
        wide = mask[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, wide)
        return x

    def pooled(self, states: Tensor, mask: Tensor) -> Tensor:
        """(batch, 2 * WIDTH): the first state beside the mean."""
        weight = mask.unsqueeze(-1).to(states.dtype)
        return torch.cat([states[:, 0], (states * weight).sum(1) / weight.sum(1)], 1)

    def start_from_minilm(self, path: Path) -> None:
        """Take over the embedded MiniLM's weights; what it does not have stays as it is."""
        given = load_file(path)
        missing = self.load_state_dict({ours: given[theirs].float() for ours, theirs in _names().items()}, strict=False)
        body = ("words", "places", "segments", "norm", "layers")
        if missing.unexpected_keys or any(key.startswith(body) for key in missing.missing_keys):
            raise ValueError(f"not the MiniLM that is expected: {missing}")


class AnswerNetwork(Encoder):
    """Question and sentence in, two logits out, true above zero: the sentence answers the question, and it says
    otherwise than the question takes for granted."""

    def __init__(self) -> None:
        super().__init__()
        self.two = nn.Linear(2 * WIDTH, 2)

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        logits: Tensor = self.two(self.drop(self.pooled(self.states(ids, segments, mask), mask)))
        return logits.float()


def _names() -> dict[str, str]:
    """Our names of MiniLM's weights."""
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "segments.weight": "embeddings.token_type_embeddings.weight",
    }
    names |= {f"norm.{end}": f"embeddings.LayerNorm.{end}" for end in ("weight", "bias")}
    inside = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value"}
    inside |= {"output": "attention.output.dense", "norm1": "attention.output.LayerNorm"}
    inside |= {"up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}
    for layer in range(LAYERS):
        for ours, theirs in inside.items():
            for end in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{end}"] = f"encoder.layer.{layer}.{theirs}.{end}"
    return names


def tensors(rows: Sequence[Any]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, segments and mask of encoded pairs, filled up to the longest."""
    longest = max(len(row.ids) for row in rows)
    ids, segments, mask = (
        torch.tensor([[*getattr(row, name), *[0] * (longest - len(row.ids))] for row in rows])
        for name in ("ids", "type_ids", "attention_mask")
    )
    return ids, segments, mask


def pack(state: Mapping[str, Tensor], path: Path) -> None:
    """Write weights as safetensors: matrices as int8 with one scale a row, the rest as they are."""
    packed: dict[str, Tensor] = {}
    for name, value in state.items():
        value = value.detach().float().contiguous()
        if value.ndim == 2 and value.numel() > 10_000:
            scale = value.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
            packed[f"{name}.int8"] = (value / scale).round().to(torch.int8)
            packed[f"{name}.scale"] = scale.squeeze(1)
        else:
            packed[name] = value
    save_file(packed, path)
    path.chmod(0o644)


_Network = TypeVar("_Network", bound=nn.Module)


def unpack(path: Path, network: _Network) -> _Network:
    """The network with a packed file's weights, in single precision, ready to score."""
    state: dict[str, Tensor] = {}
    packed = load_file(path)
    for name, value in packed.items():
        if name.endswith(".int8"):
            plain = name.removesuffix(".int8")
            state[plain] = value.float() * packed[f"{plain}.scale"].unsqueeze(1)
        elif not name.endswith(".scale"):
            state[name] = value
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)
