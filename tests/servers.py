"""Real servers for a test run, each on a loopback port with its files in a temporary folder."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server; yields its URL. Skips where there is none."""
    binaries = [Path(found).resolve().parent for name in ("postgres", "initdb") if (found := shutil.which(name))]
    binaries += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    home = next((one for one in binaries if (one / "initdb").is_file() and (one / "postgres").is_file()), None)
    if home is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    pytest.importorskip("psycopg", reason="pip install 'cluster-advisor[postgres]'")
    runs_as: list[str] = []
    if os.geteuid() == 0:  # it refuses to run as root
        runs_as = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
        for above in folder.parents:
            if above.stat().st_uid == 0 and above.is_relative_to("/tmp") and above != Path("/tmp"):
                above.chmod(above.stat().st_mode | 0o011)
    data, port = folder / "data", free_port()
    made = [home / "initdb", "-D", data, "-U", "advisor", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    subprocess.run([*runs_as, *map(str, made)], check=True, capture_output=True, timeout=120)
    start = [home / "postgres", "-D", data, "-p", str(port), "-k", folder, "-F", "-c", "listen_addresses=127.0.0.1"]
    with _running([*runs_as, *map(str, start)], lambda: _answers(port)):
        yield f"postgresql://advisor@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis server; yields its URL. Skips where there is none."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("no Redis here: apt-get install redis-server")
    pytest.importorskip("redis", reason="pip install 'cluster-advisor[redis]'")
    port = free_port()
    start = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with _running(start, lambda: _answers(port)):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _running(command: Sequence[str], ready: Callable[[], bool]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not ready():
            assert process.poll() is None and time.monotonic() < until, f"did not start: {command}"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
