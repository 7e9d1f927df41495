"""Immutable index versions: `indexes/<digest>/`, one writer, a pointer file, readers with their own copies.

A version holds chunks.jsonl, vectors.npy, sentences.npy, lexical/, chroma/ and manifest.json with the SHA-256 of each file, so that
damage is found before Chroma's native code meets it.
"""

import dataclasses
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from advisor.documents import Chunk, Source, SourceSentence
from advisor.errors import StoreError
from advisor.files import locked, sha256_of, write_atomic
from advisor.index import store
from advisor.index.embed import Embedder, Vectors
from advisor.index.lexical import LexicalIndex

_BATCH = 64  # texts embedded between two steps of the progress bar
_MOST_SENTENCES = 200_000  # beyond, sentences are embedded when a question needs them


class Progress(Protocol):
    """Progress of long work; its face is chosen at the edge."""

    def start(self, label: str, total: int) -> None: ...
    def advance(self, steps: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Version:
    """An opened version: chunks in memory, lexical index, and a private vector store."""

    digest: str
    chunks: tuple[Chunk, ...]
    lexical: LexicalIndex
    vectors: store.VectorStore
    rows: Vectors  # the same vectors by position, read from disk where they are needed
    sentences: Mapping[str, Vectors]  # chunk id -> unit vectors of its sentences; empty for a very large index


class Versions:
    """All index versions under one folder."""

    def __init__(self, root: Path, chroma_url: str = "") -> None:
        self._root, self._chroma_url = root, chroma_url

    def current(self) -> str | None:
        """Digest that the pointer names, or None."""
        try:
            name = (self._root / "current").read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        return name if re.fullmatch(r"[\w-]{1,64}", name) else None

    def damage(self, name: str) -> str | None:
        """What is wrong with a version, or None. Reads every byte."""
        folder = self._root / name
        try:
            files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError) as problem:
            return f"manifest.json: {problem}"
        for file, expected in files.items():
            path = folder / file
            if not path.is_file():
                return f"{file} is missing"
            if sha256_of(path) != expected:
                return f"{file} has changed"
        return None

    def open(self, name: str, embedder: Embedder) -> Version:
        """Open a version for reading. Raises StoreError where it is damaged or made by another embedder."""
        folder = self._root / name
        with locked(self._root / "opening.lock", shared=True):
            problem = self.damage(name)
            if problem is not None:
                raise StoreError(
                    f"Index version {name} is damaged ({problem})", cure="It is rebuilt by `advisor index build`."
                )
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            if manifest["embedder"] != embedder.digest:
                raise StoreError(
                    "The index was built with another embedding model", value=name, cure="advisor index build"
                )
            chunks = tuple(_chunks(folder / "chunks.jsonl"))
            lexical = LexicalIndex.load(folder / "lexical", len(chunks))
            vectors = (
                store.read_remote(self._chroma_url, name, len(chunks))
                if self._chroma_url
                else store.read(folder / "chroma", len(chunks), self._scratch())
            )
            rows: Vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            sentences = _sentence_vectors(chunks, folder / "sentences.npy")
        return Version(name, chunks, lexical, vectors, rows, sentences)

    def build(self, name: str, chunks: Sequence[Chunk], embedder: Embedder, progress: Progress) -> None:
        """Build a version aside, move it into place, point to it, sweep old ones. One writer at a time."""
        if not chunks:
            raise StoreError("There is nothing to index", value=self._root, cure="Check `corpus` in advisor.toml.")
        self._root.mkdir(parents=True, exist_ok=True)
        with locked(self._root / "writer.lock"):
            if self.current() == name and self.damage(name) is None:
                return  # another process was faster
            self._sweep(keep={name, self.current() or name})
            aside = Path(tempfile.mkdtemp(prefix="building-", dir=self._root))
            try:
                self._fill(aside, name, chunks, embedder, progress)
                if (self._root / name).exists():  # damaged: its readers have their own copies
                    shutil.rmtree(self._root / name)
                aside.rename(self._root / name)
            except OSError as problem:
                raise StoreError(
                    f"The index cannot be built ({problem.strerror or problem}); the earlier one stays",
                    value=self._root,
                    cure="Free disk space or choose another data_dir.",
                ) from problem
            finally:
                shutil.rmtree(aside, ignore_errors=True)
            write_atomic(self._root / "current", name.encode())
            self._sweep(keep={name})

    def start_from(self, other: "Versions") -> None:
        """Take over another root's current version, whose vectors the next build then need not make again."""
        name = other.current()
        if name is not None and self.current() is None:
            shutil.copytree(other._root / name, self._root / name)
            write_atomic(self._root / "current", name.encode())

    def _fill(self, folder: Path, name: str, chunks: Sequence[Chunk], embedder: Embedder, progress: Progress) -> None:
        spoken = [sentence.text for chunk in chunks for sentence in chunk.sentences]
        spoken = spoken if len(spoken) <= _MOST_SENTENCES else []
        rows = self._embed([*(chunk.embed_text for chunk in chunks), *spoken], embedder, progress)
        vectors = np.stack(rows[: len(chunks)])
        with (folder / "chunks.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(dataclasses.asdict(chunk), ensure_ascii=False) + "\n" for chunk in chunks)
        np.save(folder / "vectors.npy", vectors)
        np.save(folder / "sentences.npy", np.stack(rows[len(chunks) :]) if spoken else np.zeros((0, 0), np.float32))
        LexicalIndex.build(chunks).save(folder / "lexical")
        if self._chroma_url:
            store.write_remote(self._chroma_url, name, vectors)
        else:
            store.write(folder / "chroma", vectors)
        files = {p.relative_to(folder).as_posix(): sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}
        manifest = {"embedder": embedder.digest, "chunks": len(chunks), "files": files}
        write_atomic(folder / "manifest.json", json.dumps(manifest, indent=1).encode())

    def _embed(self, texts: Sequence[str], embedder: Embedder, progress: Progress) -> list[Vectors]:
        """Vectors of the texts; those that the current version already has are taken over."""
        known = self._known(embedder)
        missing = sorted({text for text in texts if text not in known}, key=lambda text: (len(text), text))
        progress.start("Indexing", len(missing))
        for start in range(0, len(missing), _BATCH):  # alike lengths in a batch: less padding
            part = missing[start : start + _BATCH]
            known.update(zip(part, embedder.passages(part), strict=True))
            progress.advance(len(part))
        return [known[text] for text in texts]

    def _known(self, embedder: Embedder) -> dict[str, Vectors]:
        name = self.current()
        if name is None or self.damage(name) is not None:
            return {}
        folder = self._root / name
        if json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["embedder"] != embedder.digest:
            return {}
        chunks = _chunks(folder / "chunks.jsonl")
        known = dict(zip((chunk.embed_text for chunk in chunks), np.load(folder / "vectors.npy"), strict=True))
        spoken = [sentence.text for chunk in chunks for sentence in chunk.sentences]
        return known | dict(zip(spoken, np.load(folder / "sentences.npy"), strict=False))

    def _scratch(self) -> Path:
        """Where this process keeps its copies; copies of dead processes are swept."""
        readers = self._root / "readers"
        readers.mkdir(parents=True, exist_ok=True)
        for folder in readers.iterdir():
            if folder.name.isdigit() and not Path(f"/proc/{folder.name}").exists() and Path("/proc/self").exists():
                shutil.rmtree(folder, ignore_errors=True)
        return readers / str(os.getpid())

    def _sweep(self, keep: set[str]) -> None:
        """Remove other versions and half-built ones, unless somebody opens one right now. Caller is the one writer."""
        with locked(self._root / "opening.lock", wait=False) as free:
            for folder in self._root.iterdir() if free else ():
                ours = folder.name.startswith("building-") or (folder / "manifest.json").is_file()
                if ours and folder.name not in keep:
                    shutil.rmtree(folder, ignore_errors=True)


def _sentence_vectors(chunks: Sequence[Chunk], path: Path) -> dict[str, Vectors]:
    rows: Vectors = np.load(path)
    found: dict[str, Vectors] = {}
    start = 0
    for chunk in chunks if len(rows) else ():
        found[chunk.id] = rows[start : start + len(chunk.sentences)]
        start += len(chunk.sentences)
    return found


def _chunks(path: Path) -> list[Chunk]:
    with path.open(encoding="utf-8") as file:
        return [_chunk(json.loads(line)) for line in file]


def _chunk(row: dict[str, Any]) -> Chunk:
    for key in ("country", "stage", "profiles"):
        row[key] = tuple(row[key])
    row["sentences"] = tuple(SourceSentence(s["text"], s["line"], tuple(s["refs"])) for s in row["sentences"])
    row["sources"] = tuple(Source(**source) for source in row["sources"])
    return Chunk(**row)
