"""Files that survive a kill: verified weights, atomic writes, locks between processes."""

import contextlib
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from advisor.errors import SetupError, StoreError


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_digest(path: Path, sha256: str, cure: str) -> None:
    """Raise SetupError unless the file is there and has this SHA-256."""
    if not path.is_file():
        raise SetupError("Model weights are missing", value=path, cure=cure)
    found = sha256_of(path)
    if found != sha256:
        raise SetupError(
            f"Model weights have SHA-256 {found[:16]}..., expected {sha256[:16]}...", value=path, cure=cure
        )


def write_atomic(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: a reader sees the old bytes or the new ones, never half."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StoreError(
            f"Cannot write ({problem.strerror})", value=path, cure="Free disk space or choose another data_dir."
        ) from problem


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold an advisory lock on `path` (made if missing); yields False where `wait` is off and another holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True  # closing the file releases the lock, also when the process dies
