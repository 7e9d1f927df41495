"""`/agency/{site}/reports`: what readers say is outdated: the document, the passage, their note, the day."""

import html
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from advisor.documents import Document
from advisor.settings import Site
from advisor.web.agency_pages import page, sheet
from advisor.web.keeper import kept_by
from advisor.web.parts import AgencySite, Parts, PartsOf, iso
from advisor.web.problems import documented

router = APIRouter(prefix="/agency", tags=["agency"])
FIELDS = ("at", "document", "title", "passage", "note")
SHOWN = 200
_BAD = documented(401, 422, 429, 503)
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "A file.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get("/{site}/reports", response_class=HTMLResponse, responses=_BAD)
def reports(site: AgencySite, here: PartsOf) -> HTMLResponse:
    """The reports, newest first."""
    rows = _rows(here, site)
    lines = "".join(_line(here, row, document) for row, document in rows[:SHOWN])
    head = "".join(f'<th scope="col">{name}</th>' for name in ("at", "document", "passage", "note"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>" if rows else "<p>None.</p>"
    link = f'<nav aria-label="Files"><a href="/agency/{site.key}/reports.csv">All as CSV</a></nav>'
    said = "<p>Readers of the library and of answers say that this has changed. Personal data is masked.</p>"
    more = f"<p>The newest {SHOWN} of {len(rows)}; the CSV holds them all.</p>" if len(rows) > SHOWN else ""
    return page(site, "reports", "outdated facts", said + link + table + more)


@router.get("/{site}/reports.csv", response_class=Response, responses=_BAD | _CSV)
def export(site: AgencySite, here: PartsOf) -> Response:
    """All reports as CSV."""
    rows = (
        (iso(row["at"]), row["document"], document.title if document else "", row["passage"], row["text"])
        for row, document in _rows(here, site)
    )
    return sheet(f"{site.key}-reports", FIELDS, rows)


def _rows(here: Parts, site: Site) -> list[tuple[Mapping[str, Any], Document | None]]:
    """Reports of documents that the site answers from; those of documents that are gone, where it answers from all."""
    documents = kept_by(site, [row.document for row in here.library.all().values()])
    found = [(row, documents.get(row["document"])) for row in here.records.reports()]
    return [(row, document) for row, document in found if document or not site.collections]


def _line(here: Parts, row: Mapping[str, Any], document: Document | None) -> str:
    path = here.library.path(row["document"])
    title = _e(document.title if document else row["document"])
    named = f'<a href="{_e(path)}">{title}</a>' if path else title
    when = iso(row["at"])[:16].replace("T", " ")
    return (
        f'<tr><td class="at">{when}</td><td>{named}</td><td class="passage">{_e(row["passage"])}</td>'
        f"<td>{_e(row['text'])}</td></tr>"
    )


def _e(text: object) -> str:
    return html.escape(str(text), quote=True)
