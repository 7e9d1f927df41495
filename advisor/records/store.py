"""Records: conversations' owners and times, visitors' questions (masked) with what became of them, votes.

One SQL database, SQLite by default, PostgreSQL by URL; safe between threads and processes. The keeper's list of gaps,
the agency's view and the visitor's export read the same rows; erasing a thread is for good.
"""

import contextlib
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from advisor.errors import StoreError
from advisor.records.tables import CODES, MESSAGES, META, REPORTS, THREADS, VOTES, opened

REPORT_DAYS = 365  # a report belongs to no conversation: its own time
OWN = "own"  # the site of our own page, the terminal, and programs with a secret
UNANSWERED = ("not_in_sources", "partial")
INTERRUPTED = ("error", {"code": "interrupted", "detail": "This answer was interrupted. Please ask again."})
Log = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was taken in; `fresh` is off for the repeat of one that we know."""

    id: str
    fresh: bool
    same: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A visitor's message as agencies and keepers read it: masked, without whose it was."""

    id: str
    site: str
    at: float
    question: str
    outcome: str
    language: str
    profile: str
    stage: str
    helpful: bool | None
    comment: str


def hashed(secret: str) -> str:
    """Tokens, codes and keys as they are stored. They carry 256 bits, so a plain digest hides them."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Records:
    """Typed access to the tables. Raises StoreError."""

    def __init__(self, folder: Path, database_url: str = "", now: Callable[[], float] = time.time) -> None:
        self.now = now
        if not database_url:
            folder.mkdir(parents=True, exist_ok=True)
            database_url = f"sqlite:///{folder / 'records.sqlite'}"
        self.engine = opened(database_url)

    @contextlib.contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.TimeoutError) as problem:
            raise StoreError(
                f"The records cannot be used ({type(problem).__name__})",
                value=self.engine.url.render_as_string(hide_password=True),
                cure="Check disk space, data_dir and database_url.",
            ) from problem

    # Conversations

    def used(self, thread: str, site: str = OWN) -> None:
        """Note that a conversation was used; makes its row where it is new."""
        now = self.now()
        with self.begin() as connection:
            if connection.execute(THREADS.update().where(THREADS.c.id == thread).values(seen=now)).rowcount == 0:
                with contextlib.suppress(sa.exc.IntegrityError), connection.begin_nested():
                    connection.execute(THREADS.insert().values(id=thread, site=site, created=now, seen=now))

    def overdue(self, days: Callable[[str], int]) -> list[str]:
        """Conversations that nobody has used for their site's time; old codes and reports go at once."""
        with self.begin() as connection:
            connection.execute(CODES.delete().where(CODES.c.expires < self.now()))
            connection.execute(REPORTS.delete().where(REPORTS.c.at < self.now() - REPORT_DAYS * 86400))
            rows = connection.execute(sa.select(THREADS.c.id, THREADS.c.site, THREADS.c.seen)).all()
        return [row.id for row in rows if self.now() - row.seen > days(row.site) * 86400]

    def erase(self, thread: str) -> None:
        """Remove every row of a conversation, from the file's free pages and log too."""
        with self.begin() as connection:
            for table in META.tables.values():
                connection.execute(table.delete().where((table.c.id if table is THREADS else table.c.thread) == thread))
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # Messages

    def take(self, thread: str, text: str, body: str = "", key: str | None = None) -> Sent:
        """Take in a message, masked by the caller, or find the one that came before under the same idempotency key."""
        message, kept = secrets.token_hex(12), hashed(key) if key else None
        row = {"id": message, "thread": thread, "at": self.now(), "text": text, "key": kept, "body": hashed(body)}
        with self.begin() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(MESSAGES.insert().values(row))
                return Sent(message, True)
            except sa.exc.IntegrityError:
                query = sa.select(MESSAGES.c.id, MESSAGES.c.body)
                found = connection.execute(query.where(MESSAGES.c.thread == thread, MESSAGES.c.key == kept)).one()
                return Sent(found.id, False, hmac.compare_digest(found.body, hashed(body)))

    def take_back(self, message: str) -> None:
        """Forget a message that could not be answered now."""
        with self.begin() as connection:
            connection.execute(MESSAGES.delete().where(MESSAGES.c.id == message))

    def finish(self, message: str, events: Log | None, **facts: str) -> None:
        """Keep what became of a message, and the log of its reply."""
        values = {**facts, **({} if events is None else {"events": [list(event) for event in events]})}
        with self.begin() as connection:
            if values:
                connection.execute(MESSAGES.update().where(MESSAGES.c.id == message).values(values))

    def interrupt(self, before: float) -> int:
        """End the replies that a process left when it was killed."""
        left = MESSAGES.c.events.is_(None) & (MESSAGES.c.outcome == "") & (MESSAGES.c.at < before)
        with self.begin() as connection:
            return connection.execute(MESSAGES.update().where(left).values(events=[list(INTERRUPTED)])).rowcount

    def log(self, thread: str, message: str) -> tuple[bool, Log | None]:
        """Whether there is such a message, and its log once the reply has ended."""
        query = sa.select(MESSAGES.c.events).where(MESSAGES.c.id == message, MESSAGES.c.thread == thread)
        with self.begin() as connection:
            row = connection.execute(query).first()
        kept = None if row is None or row.events is None else [(name, data) for name, data in row.events]
        return row is not None, kept

    def messages(self, thread: str) -> list[Mapping[str, Any]]:
        """The conversation so far with its votes, oldest first: rows of the table."""
        query = _with_votes(MESSAGES).where(MESSAGES.c.thread == thread).order_by(MESSAGES.c.at)
        with self.begin() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    # What agencies and keepers read

    def vote(self, thread: str, message: str, helpful: bool, comment: str = "") -> None:
        """Keep a vote, its comment masked by the caller; the last one counts."""
        with self.begin() as connection:
            connection.execute(VOTES.delete().where(VOTES.c.thread == thread, VOTES.c.message == message))
            row = {
                "message": message,
                "thread": thread,
                "at": self.now(),
                "helpful": helpful,
                "comment": comment[:2000],
            }
            connection.execute(VOTES.insert().values(row))

    def votes(self, site: str | None = None) -> Mapping[bool, int]:
        """How many found answers helpful, and how many did not."""
        counted = sa.select(VOTES.c.helpful, sa.func.count()).join(THREADS, THREADS.c.id == VOTES.c.thread)
        with self.begin() as connection:
            rows = connection.execute(_of(counted, site).group_by(VOTES.c.helpful))
            return {bool(helpful): int(n) for helpful, n in rows}

    def report(self, document: str, text: str, passage: str = "") -> None:
        """Keep what a reader says of an outdated fact, masked by the caller; `passage`: the document's own words."""
        row = {"document": document, "at": self.now(), "text": text[:2000], "passage": passage[:1000]}
        with self.begin() as connection:
            connection.execute(REPORTS.insert().values(row))

    def reports(self, most: int = 5000) -> list[Mapping[str, Any]]:
        """What readers said of documents, newest first: rows of the table."""
        with self.begin() as connection:
            query = sa.select(REPORTS).order_by(REPORTS.c.at.desc()).limit(most)
            return [dict(row) for row in connection.execute(query).mappings()]

    def asked(self, site: str | None = None, since: float = 0, most: int = 5000) -> list[Asked]:
        """Visitors' messages, newest first."""
        return self._asked(_of(_with_votes(MESSAGES, THREADS.c.site), site).where(MESSAGES.c.at > since), most)

    def unanswered(self, site: str | None = None, most: int = 500) -> list[Asked]:
        """The newest questions that the sources did not answer, or only in part."""
        query = _of(_with_votes(MESSAGES, THREADS.c.site), site)
        return self._asked(query.where(MESSAGES.c.outcome.in_(UNANSWERED)), most)

    def _asked(self, query: sa.Select[Any], most: int) -> list[Asked]:
        query = query.join(THREADS, THREADS.c.id == MESSAGES.c.thread).order_by(MESSAGES.c.at.desc()).limit(most)
        names = ("id", "site", "at", "outcome", "language", "profile", "stage", "helpful")
        with self.begin() as connection:
            return [
                Asked(**{name: row[name] for name in names}, question=row["text"], comment=row["comment"] or "")
                for row in connection.execute(query).mappings()
            ]

    def close(self) -> None:
        self.engine.dispose()


def _with_votes(*wanted: Any) -> sa.Select[Any]:
    same = (VOTES.c.message == MESSAGES.c.id) & (VOTES.c.thread == MESSAGES.c.thread)
    return sa.select(*wanted, VOTES.c.helpful, VOTES.c.comment).select_from(MESSAGES).outerjoin(VOTES, same)


def _of(query: sa.Select[Any], site: str | None) -> sa.Select[Any]:
    return query if site is None else query.where(THREADS.c.site == site)
