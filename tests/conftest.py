"""Shared parts of the tests: a small shelf, a real embedder, a real index. No network by construction."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import servers

from advisor.assemble import Advisor
from advisor.index.embed import Embedder, embedder
from advisor.settings import Settings

SHELF = Path(__file__).parent / "shelf"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine can be reached: a test that needs more is wrong."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """The real embedded model."""
    return embedder("embedded:minilm")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Advisor]:
    """An advisor over the small shelf, with the real embedder and a real index."""
    made = Advisor(
        Settings(
            corpus=(SHELF,), data_dir=tmp_path_factory.mktemp("small"), allow_paid=False, allowed_hosts=("testserver",)
        )
    )
    made.ensure_index()
    yield made
    made.close()


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Advisor]:
    """An advisor over the built-in corpus."""
    made = Advisor(Settings(data_dir=tmp_path_factory.mktemp("whole"), allow_paid=False, allowed_hosts=("testserver",)))
    made.ensure_index()
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL; the test is skipped where there is none."""
    with servers.postgresql(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis; the test is skipped where there is none."""
    with servers.redis(tmp_path_factory.mktemp("redis")) as url:
        yield url
