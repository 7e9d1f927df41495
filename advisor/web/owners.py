"""Whose conversation it is: owners' tokens (hashed at rest) and single-use codes for another device."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from advisor.records import Records
from advisor.records.store import hashed
from advisor.records.tables import CODES, THREADS, TOKENS

CODE_SECONDS = 15 * 60
_NOBODY = hashlib.sha256(b"nobody").hexdigest()


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation whose token was shown."""

    id: str
    site: str
    created: float
    seen: float


class Owners:
    """Opens conversations and knows their owners. Safe between threads and processes. Raises StoreError."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def open(self, site: str) -> tuple[str, str]:
        """A new conversation and its owner's token: the only time that the token is known here."""
        thread, now = secrets.token_hex(16), self._records.now()
        with self._records.begin() as connection:
            connection.execute(THREADS.insert().values(id=thread, site=site, created=now, seen=now))
            return thread, _token(connection, thread)

    def owned(self, thread: str, token: str) -> Thread | None:
        """The conversation, where the token is its own. The same work for an unknown one and a wrong token."""
        given, now = hashed(token), self._records.now()
        query = sa.select(TOKENS.c.hash, TOKENS.c.thread).where(TOKENS.c.hash == given)
        with self._records.begin() as connection:
            found = connection.execute(query).first()
            row = connection.execute(sa.select(THREADS).where(THREADS.c.id == (found.thread if found else ""))).first()
            fits = hmac.compare_digest(found.hash if found else _NOBODY, given)
            fits &= hmac.compare_digest((row.id if row else "").encode(), thread.encode("utf-8", "replace"))
            if not fits or row is None:
                return None
            if now - row.seen > 60:
                connection.execute(THREADS.update().where(THREADS.c.id == row.id).values(seen=now))
        return Thread(row.id, row.site, row.created, row.seen)

    def code(self, thread: str) -> tuple[str, float]:
        """A code that gives one other device its own token, once, within 15 minutes."""
        code, expires = secrets.token_urlsafe(24), self._records.now() + CODE_SECONDS
        with self._records.begin() as connection:
            connection.execute(CODES.delete().where(CODES.c.thread == thread))
            connection.execute(CODES.insert().values(hash=hashed(code), thread=thread, expires=expires))
        return code, expires

    def claim(self, code: str, allowed: Callable[[str], bool]) -> tuple[Thread, str] | None:
        """The conversation and a token for the device that shows the code from a page of the same site."""
        given = hashed(code)
        with self._records.begin() as connection:
            query = sa.select(THREADS).join(CODES, CODES.c.thread == THREADS.c.id)
            fresh = query.where(CODES.c.hash == given, CODES.c.expires > self._records.now())
            row = connection.execute(fresh).first()
            if row is None or not allowed(row.site):
                return None
            if connection.execute(CODES.delete().where(CODES.c.hash == given)).rowcount != 1:
                return None  # another device was faster
            return Thread(row.id, row.site, row.created, row.seen), _token(connection, row.id)


def _token(connection: sa.Connection, thread: str) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(TOKENS.insert().values(hash=hashed(token), thread=thread))
    return token
