"""Chroma's home: vectors of one index version, embedded or in a server of one's own."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from advisor.errors import StoreError
from advisor.index.embed import Vectors

_COLLECTION = "chunks"
_BATCH = 2000


class VectorStore:
    """Cosine search over the chunks of one version, in the order in which they were added."""

    def __init__(self, collection: Any, client: Any, copy: Any = None) -> None:
        self._collection, self._client, self._copy = collection, client, copy  # the copy lives as long as this reader

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """(position, cosine) of the k nearest chunks, best first."""
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [(int(i), 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def count(self) -> int:
        return int(self._collection.count())

    def close(self) -> None:
        """Let go of the private copy."""
        if self._client is not None:
            _close(self._client)
            self._client = self._collection = None
        if self._copy is not None:
            self._copy.cleanup()

    def __del__(self) -> None:
        self.close()


def write(folder: Path, vectors: Vectors, on_progress: Callable[[int], None] = lambda n: None) -> None:
    """Fill a fresh Chroma directory with unit vectors; ids are positions."""
    import chromadb

    client = chromadb.PersistentClient(path=str(folder), settings=_settings())
    try:
        collection = client.create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}},
        )
        for start in range(0, len(vectors), _BATCH):
            part = vectors[start : start + _BATCH]
            collection.add(ids=[str(start + i) for i in range(len(part))], embeddings=part)
            on_progress(len(part))
    finally:
        _close(client)


def read(folder: Path, expected: int, scratch: Path) -> VectorStore:
    """A reader with its own copy: Chroma allows one process a directory, and nobody changes a version in place."""
    import chromadb

    scratch.mkdir(parents=True, exist_ok=True)
    copy = tempfile.TemporaryDirectory(prefix="reader-", dir=scratch, ignore_cleanup_errors=True)
    shutil.copytree(folder, Path(copy.name) / "chroma")
    client = chromadb.PersistentClient(path=str(Path(copy.name) / "chroma"), settings=_settings())
    return _checked(VectorStore(client.get_collection(_COLLECTION, embedding_function=None), client, copy), expected)


def write_remote(url: str, name: str, vectors: Vectors) -> None:
    """Fill a collection named by the version's digest in a Chroma server (loopback or a private network only)."""
    client = _remote(url)
    if name in {collection.name for collection in client.list_collections()}:
        client.delete_collection(name)
    collection = client.create_collection(name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}})
    for start in range(0, len(vectors), _BATCH):
        part = vectors[start : start + _BATCH]
        collection.add(ids=[str(start + i) for i in range(len(part))], embeddings=part)


def read_remote(url: str, name: str, expected: int) -> VectorStore:
    """A version's collection in a Chroma server. Raises StoreError where it is missing or short."""
    import chromadb.errors

    try:
        client = _remote(url)
        return _checked(VectorStore(client.get_collection(name, embedding_function=None), client), expected)
    except (ValueError, chromadb.errors.NotFoundError) as problem:
        raise StoreError("The Chroma server lacks this version", value=name, cure="advisor index build") from problem


def _checked(store: VectorStore, expected: int) -> VectorStore:
    found = store.count()
    if found != expected:
        store.close()
        raise StoreError(f"The index holds {found} chunks instead of {expected}", cure="advisor index build")
    return store


def _close(client: Any) -> None:
    client.close()  # its interface class does not declare it


def _remote(url: str) -> Any:
    import chromadb

    parts = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 8000,
            ssl=parts.scheme == "https",
            settings=_settings(),
        )
    except (ValueError, OSError) as problem:
        raise StoreError(
            f"The Chroma server does not answer ({problem})", value=url, cure="Check chroma_url."
        ) from problem


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, allow_reset=False)
