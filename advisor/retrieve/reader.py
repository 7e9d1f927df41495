"""Reads question and sentence together: does the sentence answer it, does it contradict what it takes for granted?

A cross-encoder from MiniLM's weights, trained on questions written for this corpus (evals/data/answering/DATA_CARD.md).
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.documents import Evidence
from advisor.files import check_digest
from advisor.index.embed import minilm
from advisor.retrieve.translate import ENGLISH, Query, to_english

_WEIGHTS = Path(__file__).with_name("reader.safetensors")
_SHA256 = "dc36c776f8465dda9c8881dd5ec60aa256e8abcb871825e9b39935a4c4456518"
_CURE = "Reinstall the package, or make the file again: python -m evals.reader_train"
_LENGTH = 128  # word pieces of question, header and sentence
_BATCH = 8


def pair(query: Query, evidence: Evidence) -> tuple[str, str]:
    """What the network reads, all in English; training uses the same form."""
    text = f"{evidence.chunk.header}: {evidence.sentence.text}"
    return query.english, text if evidence.chunk.language in ENGLISH else to_english(text, evidence.chunk.language)


class Reader:
    """Loads at first use; may be shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # readings share the cores worse than they wait for each other
        self._loaded: tuple[Any, Any, bool] | None = None

    def read(self, query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The same sentences in the same order, with the probabilities that each answers and that it contradicts."""
        chances = self.chances([pair(query, e) for e in evidence])
        return [
            replace(e, answers=float(answers), contradicts=float(contradicts))
            for e, (answers, contradicts) in zip(evidence, chances, strict=True)
        ]

    def chances(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Probabilities that the second text of each pair answers the first, and that it contradicts it; a row a pair."""
        if not pairs:
            return np.zeros((0, 2), dtype=np.float32)
        import torch

        from advisor.index.crossencoder import tensors

        tokenizer, network, short = self._open()
        encoded = tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
        out = np.zeros((len(pairs), 2), dtype=np.float32)
        with self._turn, torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=short):
            for at in range(0, len(order), _BATCH):
                rows = order[at : at + _BATCH]
                out[rows] = torch.sigmoid(network(*tensors([encoded[i] for i in rows]))).numpy()
        return out

    def _open(self) -> tuple[Any, Any, bool]:
        """Tokenizer, network, and whether this processor computes short floats natively: near three times as fast."""
        with self._lock:
            if self._loaded is None:
                import torch
                from tokenizers import Tokenizer

                from advisor.index.crossencoder import AnswerNetwork, unpack

                check_digest(_WEIGHTS, _SHA256, _CURE)
                tokenizer = Tokenizer.from_file(str(minilm() / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.enable_truncation(_LENGTH, strategy="only_second")
                able = torch.cpu.get_capabilities()
                short = bool(able.get("avx512_bf16") or able.get("amx_bf16"))
                self._loaded = (tokenizer, unpack(_WEIGHTS, AnswerNetwork()), short)
            return self._loaded
