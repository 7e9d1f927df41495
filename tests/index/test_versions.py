"""Index versions: immutable, checked, rebuilt; a kill or a full disk leaves the earlier one usable."""

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from advisor.documents import Chunk, SourceSentence, digest
from advisor.errors import StoreError
from advisor.index.embed import Vectors
from advisor.index.versions import Versions


class Scripted:
    """An embedder that needs no model: words hashed into a vector."""

    name, digest = "scripted", "scripted"

    def fits(self, text: str) -> bool:
        return len(text.split()) < 100

    def passages(self, texts: list[str]) -> Vectors:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> Vectors:
        vector = np.full(16, 1e-3, dtype=np.float32)
        for word in text.lower().split():
            vector[int(digest(word), 16) % 16] += 1
        return vector / np.linalg.norm(vector)


class Quiet:
    def start(self, label: str, total: int) -> None: ...
    def advance(self, steps: int = 1) -> None: ...


def chunks(n: int, salt: str = "") -> list[Chunk]:
    made = []
    for i in range(n):
        text = f"{salt} fact number {i} about kelp {i * 7}."
        key = digest(text)
        made.append(Chunk(key, f"d{i}", "case", "T", "T > S", text, "f.md", i, (SourceSentence(text, i),)))
    return made


def test_a_built_version_opens_and_finds(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(30), Scripted(), Quiet())
    opened = versions.open("one", Scripted())
    assert len(opened.chunks) == 30 and len(opened.sentences) == 30
    (position, cosine), *_ = opened.vectors.nearest(Scripted().query(opened.chunks[7].embed_text), 3)
    assert position == 7 and cosine > 0.99
    opened.vectors.close()


def test_rebuilding_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Versions(tmp_path / name).build("one", chunks(20), Scripted(), Quiet())
    for file in ("chunks.jsonl", "vectors.npy", "sentences.npy"):
        assert (tmp_path / "a/one" / file).read_bytes() == (tmp_path / "b/one" / file).read_bytes()


@pytest.mark.parametrize("file", ["chunks.jsonl", "vectors.npy", "manifest.json", "chroma/chroma.sqlite3"])
@pytest.mark.parametrize("how", ["cut", "gone", "noise"])
def test_damage_is_found_before_it_is_opened_and_rebuilt(tmp_path: Path, file: str, how: str) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(20), Scripted(), Quiet())
    path = tmp_path / "one" / file
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if how == "cut" else random.Random(1).randbytes(len(data)))
    assert versions.damage("one")
    with pytest.raises(StoreError, match="damaged"):
        versions.open("one", Scripted())
    versions.build("one", chunks(20), Scripted(), Quiet())
    assert versions.damage("one") is None


def test_a_reader_keeps_its_copy_while_the_version_goes(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(20), Scripted(), Quiet())
    reader = versions.open("one", Scripted())
    versions.build("two", chunks(20, "new"), Scripted(), Quiet())
    assert not (tmp_path / "one").exists()
    assert reader.vectors.nearest(Scripted().query("kelp"), 5)
    reader.vectors.close()


def test_another_embedder_cannot_read_it(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(5), Scripted(), Quiet())
    other = Scripted()
    other.digest = "other"
    with pytest.raises(StoreError, match="another embedding model"):
        versions.open("one", other)


def test_rubbish_in_the_pointer_is_no_version(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(5), Scripted(), Quiet())
    for rubbish in (b"\xff\xfe", b"", b"../../etc", b"x" * 500):
        (tmp_path / "current").write_bytes(rubbish)
        assert versions.current() is None
    versions.build("one", chunks(5), Scripted(), Quiet())
    assert versions.current() == "one" and versions.damage("one") is None


def test_a_sweep_leaves_strangers_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    Versions(tmp_path).build("one", chunks(5), Scripted(), Quiet())
    assert (tmp_path / "precious").is_dir()


def test_an_empty_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nothing to index"):
        Versions(tmp_path).build("one", [], Scripted(), Quiet())


def test_a_full_disk_leaves_the_earlier_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(10), Scripted(), Quiet())

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(StoreError, match="No space left"):
        versions.build("two", chunks(10, "new"), Scripted(), Quiet())
    assert versions.current() == "one" and versions.damage("one") is None
    assert not list(tmp_path.glob("building-*"))


_CHILD = """
    import sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from test_versions import Quiet, Scripted, chunks
    from advisor.index.versions import Versions
    print("go", flush=True)
    Versions(Path({root!r})).build("two", chunks(400, "new"), Scripted(), Quiet())
"""


def kill_while_building(root: Path, rounds: int, seed: int) -> None:
    versions = Versions(root)
    versions.build("one", chunks(50), Scripted(), Quiet())
    draw = random.Random(seed)
    code = textwrap.dedent(_CHILD.format(tests=str(Path(__file__).parent), root=str(root)))
    for _ in range(rounds):
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(draw.uniform(0.0, 0.8))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        name = versions.current()
        assert name in ("one", "two") and versions.damage(name) is None
        versions.open(name, Scripted()).vectors.close()
    versions.build("two", chunks(400, "new"), Scripted(), Quiet())
    assert versions.current() == "two" and versions.damage("two") is None
    assert not list(root.glob("building-*"))


def test_a_kill_while_building_leaves_a_usable_index(tmp_path: Path) -> None:
    kill_while_building(tmp_path, 4, seed=3)


@pytest.mark.soak
def test_many_kills_while_building(tmp_path: Path) -> None:
    kill_while_building(tmp_path, 1000, seed=4)


def test_copies_of_dead_readers_are_swept(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    versions.build("one", chunks(5), Scripted(), Quiet())
    dead = tmp_path / "readers" / "99999999"
    dead.mkdir(parents=True)
    versions.open("one", Scripted()).vectors.close()
    assert not dead.exists()
    shutil.rmtree(tmp_path)
