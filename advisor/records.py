"""What is kept beside the conversations: votes, unanswered questions (masked), an index of threads, events for the agency.

One SQL database, SQLite by default, PostgreSQL by URL; safe between threads and processes. Erasing a thread is for good.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from advisor.errors import StoreError

_META = sa.MetaData()
_THREADS = sa.Table(
    "record_threads",
    _META,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, default=""),
    sa.Column("site", sa.String(64), nullable=False, default="", index=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False, index=True),
)
_FEEDBACK = sa.Table(
    "record_feedback",
    _META,
    sa.Column("thread", sa.String(64), primary_key=True),
    sa.Column("message", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("comment", sa.Text, nullable=False, default=""),
)
_UNANSWERED = sa.Table(
    "record_unanswered",
    _META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("thread", sa.String(64), nullable=False, index=True),
    sa.Column("site", sa.String(64), nullable=False, default="", index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("question", sa.Text, nullable=False),  # masked by the caller
    sa.Column("language", sa.String(8), nullable=False, default=""),
    sa.Column("outcome", sa.String(20), nullable=False, default=""),
)
_EVENTS = sa.Table(
    "record_events",
    _META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("thread", sa.String(64), nullable=False, index=True),
    sa.Column("site", sa.String(64), nullable=False, default="", index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False, default=dict),
)
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread of the index; times are seconds since 1970."""

    id: str
    site: str
    created: float
    seen: float
    expires: float
    token_hash: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that the sources do not answer."""

    question: str
    language: str
    outcome: str
    site: str
    at: float


class Records:
    """Typed access to the tables. Raises StoreError."""

    def __init__(self, folder: Path, database_url: str = "", now: Callable[[], float] = time.time) -> None:
        self._now = now
        if not database_url:
            folder.mkdir(parents=True, exist_ok=True)
            database_url = f"sqlite:///{folder / 'records.sqlite'}"
        self._engine = sa.create_engine(_with_driver(database_url), pool_pre_ping=True)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare)
        with self._begin() as connection:
            _META.create_all(connection, checkfirst=True)

    @contextlib.contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as problem:
            raise StoreError(
                f"The records cannot be used ({type(problem).__name__})",
                value=self._engine.url.render_as_string(hide_password=True),
                cure="Check disk space, data_dir and database_url.",
            ) from problem

    def touch(self, thread: str, site: str = "", days: float = 30, token_hash: str = "") -> None:
        """Note that a thread was used; makes its row where it is new."""
        now = self._now()
        with self._begin() as connection:
            values = {"seen": now, "expires": now + days * _DAY}
            changed = connection.execute(_THREADS.update().where(_THREADS.c.id == thread).values(**values))
            if changed.rowcount == 0:
                row = {"id": thread, "site": site, "token_hash": token_hash, "created": now, **values}
                with contextlib.suppress(sa.exc.IntegrityError), connection.begin_nested():
                    connection.execute(_THREADS.insert().values(**row))

    def thread(self, thread: str) -> ThreadRow | None:
        with self._begin() as connection:
            row = connection.execute(sa.select(_THREADS).where(_THREADS.c.id == thread)).mappings().first()
        return ThreadRow(**row) if row is not None else None

    def expired(self) -> list[str]:
        """Threads whose time is over."""
        with self._begin() as connection:
            return list(connection.scalars(sa.select(_THREADS.c.id).where(_THREADS.c.expires < self._now())))

    def vote(self, thread: str, message: str, helpful: bool, comment: str = "") -> None:
        """Keep a vote; the last one counts."""
        key = (_FEEDBACK.c.thread == thread) & (_FEEDBACK.c.message == message)
        with self._begin() as connection:
            connection.execute(_FEEDBACK.delete().where(key))
            connection.execute(
                _FEEDBACK.insert().values(
                    thread=thread, message=message, at=self._now(), helpful=helpful, comment=comment[:2000]
                )
            )

    def votes(self) -> Mapping[bool, int]:
        """How many found answers helpful, and how many did not."""
        counted = sa.select(_FEEDBACK.c.helpful, sa.func.count()).group_by(_FEEDBACK.c.helpful)
        with self._begin() as connection:
            return {bool(helpful): int(n) for helpful, n in connection.execute(counted)}

    def not_answered(self, thread: str, question: str, language: str, outcome: str, site: str = "") -> None:
        """Keep a question without an answer; the caller has masked personal data."""
        row = {"thread": thread, "site": site, "at": self._now(), "question": question[:4000]}
        with self._begin() as connection:
            connection.execute(_UNANSWERED.insert().values(**row, language=language, outcome=outcome))

    def unanswered(self, site: str | None = None, most: int = 500) -> list[Unanswered]:
        """The newest questions without an answer."""
        names = ("question", "language", "outcome", "site", "at")
        asked = sa.select(*(_UNANSWERED.c[name] for name in names)).order_by(_UNANSWERED.c.id.desc()).limit(most)
        if site is not None:
            asked = asked.where(_UNANSWERED.c.site == site)
        with self._begin() as connection:
            return [Unanswered(**row) for row in connection.execute(asked).mappings()]

    def happened(self, thread: str, name: str, site: str = "", **detail: Any) -> None:
        """Keep an event for the agency's view: an outcome, a profile, a plan made."""
        with self._begin() as connection:
            connection.execute(
                _EVENTS.insert().values(thread=thread, site=site, at=self._now(), name=name, detail=detail)
            )

    def counts(self, site: str | None = None) -> Mapping[str, int]:
        """How often each event happened."""
        counted = sa.select(_EVENTS.c.name, sa.func.count()).group_by(_EVENTS.c.name)
        if site is not None:
            counted = counted.where(_EVENTS.c.site == site)
        with self._begin() as connection:
            return {name: int(n) for name, n in connection.execute(counted)}

    def erase(self, thread: str) -> None:
        """Remove everything of a thread, from the file's free pages and log too."""
        with self._begin() as connection:
            connection.execute(_THREADS.delete().where(_THREADS.c.id == thread))
            for table in (_FEEDBACK, _UNANSWERED, _EVENTS):
                connection.execute(table.delete().where(table.c.thread == thread))
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._engine.dispose()


def _with_driver(url: str) -> str:
    """PostgreSQL by psycopg 3, the driver that the `postgres` extra installs."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _prepare(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
