"""Train the reader, which tells whether a sentence answers a question: `python -m evals.reader_train STEP`.

    pairs      question, sentence, labels from evals/data/answering, with the sentences that search finds as negatives,
               and the verifier's claims asked as questions (reader_claims.py)
    train      one round over a file of pairs, from MiniLM or from the weights of an earlier round
    pack       weights as int8 safetensors into the package

Rounds, data and licences are in evals/data/answering/DATA_CARD.md.
"""

import argparse
import hashlib
import json
import logging
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from advisor import settings
from advisor.assemble import Advisor
from advisor.cli.common import prepare
from advisor.documents import Evidence
from advisor.files import sha256_of
from advisor.index.crossencoder import AnswerNetwork, pack, tensors
from advisor.index.embed import minilm
from advisor.retrieve import reader
from evals import reader_claims
from evals.batches import even

log = logging.getLogger("reader_train")
DATA = Path(__file__).with_name("data") / "answering"
_HELD_OUT = 15  # per cent of documents that only calibration and reports see
_BATCH = 32
_WARM = 50  # steps until the full rate


def rows() -> list[dict[str, Any]]:
    """The written questions."""
    files = sorted(DATA.glob("train_*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def held_out(row: dict[str, Any]) -> bool:
    """Whether the question's document is kept from training."""
    group = row["document"] or row["question"]
    return int(hashlib.md5(group.encode(), usedforsecurity=False).hexdigest(), 16) % 100 < _HELD_OUT


def plain(text: str) -> str:
    """Without marks of sources, white space folded."""
    return re.sub(r"\s+", " ", re.sub(r"\s*\[s\d+\]", "", text)).strip()


def carries(sentence: str, wanted: Sequence[str]) -> bool:
    """Whether the sentence is one of those wanted, or a part of one, or holds one."""
    return any(plain(sentence) in plain(one) or plain(one) in plain(sentence) for one in wanted)


def pairs(made: Advisor) -> Iterator[dict[str, Any]]:
    """Answers, near sentences, and what search finds: of the same document surely wrong, of another one probably."""
    searcher = made.searcher()
    headers = {plain(s.text): c.header for c in searcher.version.chunks for s in c.sentences}
    for row in rows():
        if row["language"] != "en" or held_out(row):
            continue
        question, answers = row["question"], row["answers"]
        wrong = row["kind"] == "wrong_premise"
        for label, sentences in ((1.0, answers), (0.0, row["near"])):
            for text in map(plain, sentences):
                if text in headers:
                    contradicts, sure = (1.0, 2.0) if wrong and label else (0.0, 0.3)
                    yield {"q": question, "s": f"{headers[text]}: {text}", "y": label, "c": contradicts, "v": sure}
        for found, weight in _negatives(row, searcher.search(question).evidence[:24]):
            asked, sentence = reader.pair(searcher.query(question), found)
            sure = 0.0 if wrong else 0.3  # another sentence may contradict a wrong premise as well
            yield {"q": asked, "s": plain(sentence), "y": 0.0, "w": weight, "c": 0.0, "v": sure}
    yield from reader_claims.pairs()


def _negatives(row: dict[str, Any], evidence: Sequence[Evidence]) -> list[tuple[Evidence, float]]:
    free = [e for e in evidence if not carries(e.sentence.text, [*row["answers"], *row["near"]])]
    if row["kind"] in ("near_miss", "off_topic"):
        return [(e, 1.0) for e in free[:7]]
    same = [e for e in free if e.chunk.document_id == row["document"]]
    other = [e for e in free if e.chunk.document_id != row["document"]]
    return [(e, 1.0) for e in same[:5]] + [(e, 0.7) for e in other[:5]]


def train(data: Path, start: Path | None, out: Path, *, epochs: float, minutes: float, rate: float, seed: int) -> None:
    """One round; the rate falls to nothing at the end of the epochs or of the time, whichever comes first."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = AnswerNetwork()
    if start is None:
        network.start_from_minilm(minilm() / "model.safetensors")
    else:
        network.load_state_dict(torch.load(start, weights_only=True), strict=False)
    network.words.weight.requires_grad_(False)
    given = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    tokenizer = Tokenizer.from_file(str(minilm() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(128, strategy="only_second")
    encoded = tokenizer.encode_batch([(row["q"], row["s"]) for row in given])
    labels = torch.tensor([[row["y"], row.get("c", 0.0)] for row in given])
    weights = torch.tensor([[row.get("w", 1.0), row.get("v", 0.0)] for row in given])
    learnt = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=0.01)
    total, began, step = epochs * len(given) / _BATCH, time.monotonic(), 0
    network.train()
    while True:
        order = rng.sample(range(len(given)), len(given))
        for batch in even([len(e.ids) for e in encoded], order, _BATCH, rng):
            done = max(step / total, (time.monotonic() - began) / (60 * minutes))
            if done >= 1:
                torch.save(network.state_dict(), out)
                return
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / _WARM) * (1 - done)
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(*tensors([encoded[i] for i in batch]))
            loss = F.binary_cross_entropy_with_logits(logits, labels[batch], weight=weights[batch], reduction="sum")
            loss = loss / weights[batch].sum()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            step += 1
            if step % 100 == 0:
                log.info("step %d of %d, loss %.3f, %.0f s", step, total, float(loss), time.monotonic() - began)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("pairs", "train", "pack"))
    parser.add_argument(
        "--data",
        type=Path,
        help="pairs, JSON lines: q, s, y (answers) and its weight w if not 1, c (contradicts) and its weight v if not 0",
    )
    parser.add_argument("--start", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.step == "pairs":
        lines = [json.dumps(row, ensure_ascii=False) for row in pairs(prepare(Advisor(settings.load())))]
        args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif args.step == "train":
        options = {"epochs": args.epochs, "minutes": args.minutes, "rate": args.rate}
        train(args.data, args.start, args.out, seed=args.seed, **options)
    else:
        pack(torch.load(args.start, weights_only=True), args.out)
        log.info("SHA-256 %s, to be named in %s", sha256_of(args.out), reader.__file__)


if __name__ == "__main__":
    main()
