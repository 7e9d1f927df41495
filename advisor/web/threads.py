"""Conversations as the API knows them: owners' tokens (hashed), device codes, messages with their event logs, votes."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from advisor.errors import StoreError
from advisor.web.tables import CODES, MESSAGES, META, THREADS, TOKENS, VOTES, engine_at

CODE_SECONDS = 15 * 60
_NOBODY = hashlib.sha256(b"nobody").hexdigest()


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation whose token was shown."""

    id: str
    site: str
    created: float
    seen: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was taken in; `fresh` is off for the repeat of one that we know."""

    id: str
    fresh: bool
    same: bool = True


def hashed(secret: str) -> str:
    """Tokens and codes carry 256 bits, so a plain digest hides them."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class ThreadStore:
    """All of it, in one SQL database. Safe between threads and processes."""

    def __init__(self, url: str, folder: Path | None = None, now: Callable[[], float] = time.time) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.now = now
        self.engine = engine_at(url)
        try:
            META.create_all(self.engine)
        except sa.exc.SQLAlchemyError as problem:
            raise StoreError(
                f"The conversation store cannot be opened ({type(problem).__name__})", cure="Check database_url."
            ) from problem

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except sa.exc.OperationalError as problem:
            raise StoreError(
                "The conversation store cannot be used", cure="Check disk space and database_url."
            ) from problem

    # Owners

    def open(self, site: str) -> tuple[str, str]:
        """A new conversation and its owner's token: the only time that the token is known here."""
        thread, now = secrets.token_hex(16), self.now()
        with self._begin() as connection:
            connection.execute(THREADS.insert().values(id=thread, site=site, created=now, seen=now))
            return thread, self._token(connection, thread)

    def _token(self, connection: sa.Connection, thread: str) -> str:
        token = secrets.token_urlsafe(32)
        connection.execute(TOKENS.insert().values(hash=hashed(token), thread=thread))
        return token

    def owned(self, thread: str, token: str) -> Thread | None:
        """The conversation, where the token is its own. The same work for an unknown one and a wrong token."""
        given = hashed(token)
        query = sa.select(TOKENS.c.hash, TOKENS.c.thread).where(TOKENS.c.hash == given)
        with self._begin() as connection:
            found = connection.execute(query).first()
            row = connection.execute(sa.select(THREADS).where(THREADS.c.id == (found.thread if found else ""))).first()
            fits = hmac.compare_digest(found.hash if found else _NOBODY, given)
            fits &= hmac.compare_digest((row.id if row else "").encode(), thread.encode("utf-8", "replace"))
            if not fits or row is None:
                return None
            if self.now() - row.seen > 60:
                connection.execute(THREADS.update().where(THREADS.c.id == row.id).values(seen=self.now()))
        return Thread(row.id, row.site, row.created, row.seen)

    def code(self, thread: str) -> tuple[str, float]:
        """A code that gives one other device its own token, once, within 15 minutes."""
        code, expires = secrets.token_urlsafe(24), self.now() + CODE_SECONDS
        with self._begin() as connection:
            connection.execute(CODES.delete().where(CODES.c.thread == thread))
            connection.execute(CODES.insert().values(hash=hashed(code), thread=thread, expires=expires))
        return code, expires

    def claim(self, code: str, allowed: Callable[[str], bool]) -> tuple[Thread, str] | None:
        """The conversation and a token for the device that shows the code from a page of the same site."""
        given = hashed(code)
        with self._begin() as connection:
            query = sa.select(THREADS).join(CODES, CODES.c.thread == THREADS.c.id)
            row = connection.execute(query.where(CODES.c.hash == given, CODES.c.expires > self.now())).first()
            if row is None or not allowed(row.site):
                return None
            if connection.execute(CODES.delete().where(CODES.c.hash == given)).rowcount != 1:
                return None  # another device was faster
            return Thread(row.id, row.site, row.created, row.seen), self._token(connection, row.id)

    # Messages

    def send(self, thread: str, text: str, body: str, key: str | None) -> Sent:
        """Take in a message, or find the one that came before under the same idempotency key."""
        message, kept = secrets.token_hex(12), hashed(key) if key else None
        try:
            with self._begin() as connection:
                connection.execute(
                    MESSAGES.insert().values(
                        id=message, thread=thread, at=self.now(), text=text, key=kept, body=hashed(body)
                    )
                )
            return Sent(message, True)
        except sa.exc.IntegrityError:
            with self._begin() as connection:
                query = sa.select(MESSAGES.c.id, MESSAGES.c.body).where(
                    MESSAGES.c.thread == thread, MESSAGES.c.key == kept
                )
                row = connection.execute(query).one()
            return Sent(row.id, False, hmac.compare_digest(row.body, hashed(body)))

    def unsend(self, message: str) -> None:
        """Take back a message that could not be answered now."""
        with self._begin() as connection:
            connection.execute(MESSAGES.delete().where(MESSAGES.c.id == message))

    def finish(self, message: str, events: list[tuple[str, Any]], **facts: str) -> None:
        """Keep the log of a reply that has ended."""
        with self._begin() as connection:
            connection.execute(
                MESSAGES.update().where(MESSAGES.c.id == message).values(events=[list(e) for e in events], **facts)
            )

    def log(self, thread: str, message: str) -> tuple[bool, list[tuple[str, Any]] | None]:
        """Whether there is such a message, and its log once the reply has ended."""
        query = sa.select(MESSAGES.c.events).where(MESSAGES.c.id == message, MESSAGES.c.thread == thread)
        with self._begin() as connection:
            row = connection.execute(query).first()
        return row is not None, [
            (name, data) for name, data in row.events
        ] if row is not None and row.events is not None else None

    def messages(self, thread: str) -> list[dict[str, Any]]:
        """The conversation so far, oldest first."""
        query = sa.select(MESSAGES).where(MESSAGES.c.thread == thread).order_by(MESSAGES.c.at)
        with self._begin() as connection:
            return [
                {
                    "id": m.id,
                    "at": m.at,
                    "text": m.text,
                    "outcome": m.outcome,
                    "events": [{"event": n, "data": d} for n, d in m.events or ()],
                }
                for m in connection.execute(query)
            ]

    def vote(self, thread: str, message: str, helpful: bool, comment: str) -> bool:
        """Keep the last vote on an answer; False where the message is not of this conversation."""
        if not self.log(thread, message)[0]:
            return False
        with self._begin() as connection:
            connection.execute(VOTES.delete().where(VOTES.c.message == message))
            connection.execute(
                VOTES.insert().values(message=message, thread=thread, at=self.now(), helpful=helpful, comment=comment)
            )
        return True

    # The end

    def erase(self, thread: str) -> None:
        """Every row of it."""
        with self._begin() as connection:
            for table in (VOTES, MESSAGES, CODES, TOKENS):
                connection.execute(table.delete().where(table.c.thread == thread))
            connection.execute(THREADS.delete().where(THREADS.c.id == thread))

    def overdue(self, days: Callable[[str], int]) -> list[str]:
        """Conversations that nobody has used for their site's time."""
        with self._begin() as connection:
            connection.execute(CODES.delete().where(CODES.c.expires < self.now()))
            rows = connection.execute(sa.select(THREADS.c.id, THREADS.c.site, THREADS.c.seen)).all()
        return [row.id for row in rows if self.now() - row.seen > days(row.site) * 86400]
