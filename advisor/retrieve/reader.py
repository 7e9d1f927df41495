"""Reads question and sentence together: does the sentence answer it?

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

_WEIGHTS = Path(__file__).with_name("reader.safetensors")
_SHA256 = "92250f3ef7d76b1efddea2f21e283e92463bd791b132c1f94c92447855917471"
_CURE = "Reinstall the package, or make the file again: python -m evals.reader_train"
_LENGTH = 128  # word pieces of question, header and sentence
_BATCH = 16


def pair(question: str, evidence: Evidence) -> tuple[str, str]:
    """What the network reads; training uses the same form."""
    return question, f"{evidence.chunk.header}: {evidence.sentence.text}"


class Reader:
    """Loads at first use; may be shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The same sentences in the same order, with the probability that each answers."""
        chances = self.chances([pair(question, e) for e in evidence])
        return [replace(e, answers=float(chance)) for e, chance in zip(evidence, chances, strict=True)]

    def chances(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Probability that the second text of each pair answers the first."""
        if not pairs:
            return np.zeros(0, dtype=np.float32)
        import torch

        from advisor.index.crossencoder import tensors

        tokenizer, network = self._open()
        encoded = tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
        out = np.zeros(len(pairs), dtype=np.float32)
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            with torch.inference_mode():
                out[rows] = torch.sigmoid(network(*tensors([encoded[i] for i in rows]))).numpy()
        return out

    def _open(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                from tokenizers import Tokenizer

                from advisor.index.crossencoder import AnswerNetwork, unpack

                check_digest(_WEIGHTS, _SHA256, _CURE)
                tokenizer = Tokenizer.from_file(str(minilm() / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.enable_truncation(_LENGTH, strategy="only_second")
                self._loaded = (tokenizer, unpack(_WEIGHTS, AnswerNetwork()))
            return self._loaded
