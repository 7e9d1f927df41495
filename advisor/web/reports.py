"""Reports of outdated facts, kept for the corpus's keeper: a document, a masked text, a time."""

from typing import Any

import sqlalchemy as sa

from advisor.web.privacy import masked
from advisor.web.tables import META
from advisor.web.threads import ThreadStore

_REPORTS = sa.Table(
    "web_reports",
    META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("document", sa.String(200), nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # masked
)


def keep(store: ThreadStore, document: str, text: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(_REPORTS.insert().values(document=document, at=store.now(), text=masked(text)))


def listed(store: ThreadStore, most: int = 200) -> list[dict[str, Any]]:
    """The newest first."""
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(_REPORTS).order_by(_REPORTS.c.at.desc()).limit(most))
        return [{"document": row.document, "at": row.at, "text": row.text} for row in rows]
