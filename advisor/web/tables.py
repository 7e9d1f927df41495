"""The API's tables, for SQLite and PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

META = sa.MetaData()
THREADS = sa.Table(
    "web_threads",
    META,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("site", sa.String(64), nullable=False, index=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False, index=True),
)
TOKENS = sa.Table(
    "web_tokens",
    META,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("thread", sa.String(40), nullable=False, index=True),
)
CODES = sa.Table(
    "web_codes",
    META,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("thread", sa.String(40), nullable=False, index=True),
    sa.Column("expires", sa.Float, nullable=False),
)
MESSAGES = sa.Table(
    "web_messages",
    META,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("thread", sa.String(40), nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # masked
    sa.Column("key", sa.String(64)),  # of the idempotency key
    sa.Column("body", sa.String(64), nullable=False),  # digest of what was sent
    sa.Column("outcome", sa.String(20), nullable=False, default=""),
    sa.Column("language", sa.String(8), nullable=False, default=""),
    sa.Column("profile", sa.String(40), nullable=False, default=""),
    sa.Column("stage", sa.String(20), nullable=False, default=""),
    sa.Column("events", sa.JSON),  # the whole log, once the reply has ended
    sa.UniqueConstraint("thread", "key"),
)
VOTES = sa.Table(
    "web_votes",
    META,
    sa.Column("message", sa.String(40), primary_key=True),
    sa.Column("thread", sa.String(40), nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("comment", sa.Text, nullable=False, default=""),
)


def engine_at(url: str) -> sa.Engine:
    """An engine; SQLite with a write-ahead log, so that readers never wait."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True)
    memory = url == "sqlite://"
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": 20}, **options)

    @sa.event.listens_for(engine, "connect")
    def tune(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")

    return engine
