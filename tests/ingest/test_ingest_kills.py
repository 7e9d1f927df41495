"""A kill at any moment of reading or indexing loses nothing that is stored, and a second run completes the work."""

import hashlib
import json
import multiprocessing
import random
import time
from collections.abc import Sequence
from pathlib import Path

import ingest_pages as made
import numpy as np
import pytest

from advisor.assemble import Advisor
from advisor.index.embed import Vectors
from advisor.settings import Settings

SHELF = Path(__file__).parents[1] / "shelf"


class Scripted:
    """Vectors from digests: an embedder that needs no model."""

    name = digest = "scripted"

    def fits(self, text: str) -> bool:
        return len(text) < 600

    def passages(self, texts: Sequence[str]) -> Vectors:
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") for text in texts]
        rows = np.array([np.random.default_rng(seed).standard_normal(384) for seed in seeds], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def query(self, text: str) -> Vectors:
        return self.passages([text])[0]


def work(pages: Path, data: Path) -> None:
    """What a killed child does: read the folder and bring the index up to date."""
    advisor = Advisor(Settings(corpus=(SHELF,), data_dir=data, allow_paid=False))
    advisor.embedder = advisor._multilingual = Scripted()  # type: ignore[assignment]
    advisor.ingest([str(pages)], "c")


def documents(data: Path) -> dict[str, str]:
    files = sorted((data / "collections" / "c" / "documents").glob("[!.]*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def content(data: Path) -> str:
    """Digest over sorted chunk ids, texts, metadata and model of the version that the pointer names."""
    folder = data / "indexes" / (data / "indexes" / "current").read_text(encoding="utf-8").strip()
    rows = sorted((folder / "chunks.jsonl").read_text(encoding="utf-8").splitlines())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert all((folder / file).is_file() for file in manifest["files"]) and manifest["chunks"] == len(rows)
    return hashlib.sha256(json.dumps([rows, manifest["embedder"]]).encode()).hexdigest()


# Children come from a server without threads: a fork of the test process, whose libraries have many, may hang for ever.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["advisor.assemble", "ingest_pages"])


def run(pages: Path, data: Path, seconds: float | None = None) -> None:
    """The work in a child of its own; killed after so many seconds, or let end."""
    child = SERVER.Process(target=work, args=(pages, data))
    child.start()
    child.join(seconds)
    if seconds is not None:
        child.kill()
    child.join()
    assert seconds is not None or child.exitcode == 0


@pytest.mark.parametrize("kills", [30, pytest.param(1000, marks=pytest.mark.soak)])
def test_random_kills(tmp_path: Path, kills: int) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(40):
        text = made.text_page(made.ENTRIES).replace("seaweed", f"seaweed{i}").replace("drying", f"plant {i} drying")
        (pages / f"p{i}.txt").write_text(text * 3, encoding="utf-8")
    whole = tmp_path / "whole"
    run(pages, tmp_path / "first")  # starts the server
    started = time.perf_counter()
    run(pages, whole)
    took = time.perf_counter() - started
    expected, files = content(whole), documents(whole)
    assert len(files) == 40
    chance = random.Random(7)
    torn = unindexed = 0
    for kill in range(kills):
        broken = tmp_path / f"broken{kill // 3}"
        run(pages, broken, chance.uniform(0, took))
        assert set(documents(broken).items()) <= set(files.items())
        torn += 0 < len(documents(broken)) < len(files)
        unindexed += len(documents(broken)) == len(files) and not (broken / "indexes" / "current").is_file()
        if kill % 3 == 2:
            run(pages, broken)
            assert documents(broken) == files and content(broken) == expected
            assert not list((broken / "collections" / "c" / "documents").glob(".*"))
            assert not list((broken / "indexes").glob("building-*"))
    assert torn + unindexed > 3
