"""The tables, for SQLite and PostgreSQL. Whatever belongs to a conversation has a column `thread`: erasing goes by it."""

import time
from typing import Any

import sqlalchemy as sa

from advisor.errors import StoreError

META = sa.MetaData()
_TRIES = 5


def _thread(**more: Any) -> sa.Column[str]:
    return sa.Column("thread", sa.String(64), nullable=False, index=True, **more)


THREADS = sa.Table(
    "threads",
    META,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("site", sa.String(64), nullable=False, index=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False, index=True),
)
TOKENS = sa.Table("tokens", META, sa.Column("hash", sa.String(64), primary_key=True), _thread())
CODES = sa.Table(
    "codes", META, sa.Column("hash", sa.String(64), primary_key=True), _thread(), sa.Column("expires", sa.Float)
)
MESSAGES = sa.Table(
    "messages",
    META,
    sa.Column("id", sa.String(40), primary_key=True),
    _thread(),
    sa.Column("at", sa.Float, nullable=False, index=True),
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
    "votes",
    META,
    sa.Column("message", sa.String(64), primary_key=True),
    _thread(primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("comment", sa.Text, nullable=False, default=""),  # masked
)
REPORTS = sa.Table(
    "reports",
    META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _thread(default=""),  # a reader of the library has none
    sa.Column("document", sa.String(200), nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # masked
    sa.Column("passage", sa.Text, nullable=False, server_default=""),  # of the document, that the reader came from
)


def opened(url: str) -> sa.Engine:
    """An engine with all tables. Raises StoreError."""
    try:
        engine = sa.create_engine(_with_driver(url), pool_pre_ping=not url.startswith("sqlite"))
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _tuned)
        _create(engine)
    except (sa.exc.SQLAlchemyError, ImportError) as problem:
        shown = sa.make_url(url).render_as_string() if "://" in url else url
        cure = "Check data_dir, database_url and, for PostgreSQL, pip install 'cluster-advisor[postgres]'."
        raise StoreError(
            f"The records cannot be opened ({type(problem).__name__})", value=shown, cure=cure
        ) from problem
    return engine


def _create(engine: sa.Engine) -> None:
    """Make what is missing; several workers may do so at once, and each but one of them loses a race."""
    for left in reversed(range(_TRIES)):
        try:
            META.create_all(engine)
            _grow(engine)
            return
        except (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.IntegrityError):
            if not left:
                raise
            time.sleep(0.1)


def _grow(engine: sa.Engine) -> None:
    """Columns that came after a database was made; each has a default."""
    there = sa.inspect(engine)
    with engine.begin() as connection:
        for table in META.sorted_tables:
            known = {column["name"] for column in there.get_columns(table.name)}
            for column in table.columns:
                if column.name not in known:
                    made = sa.schema.CreateColumn(column).compile(engine)
                    connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {made}"))


def _with_driver(url: str) -> str:
    """PostgreSQL by psycopg 3, the driver that the `postgres` extra installs."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _tuned(connection: Any, _: Any) -> None:
    """Readers never wait for a writer, and what is deleted is overwritten."""
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
