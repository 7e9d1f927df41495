"""What the agency's pages share: the frame with its tabs, and tables that other programs take."""

import csv
import html
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Response
from starlette.responses import HTMLResponse

from advisor.settings import Site
from advisor.web.embed import document
from advisor.web.sites import OWN, page_policy

TABS = {"": "Visitors", "reports": "Outdated facts", "review": "Held back"}
POLICY = page_policy(OWN).replace("frame-ancestors 'self'", "frame-ancestors 'none'")


def page(site: Site, tab: str, title: str, body: str) -> HTMLResponse:
    """A page of the agency's view, without scripts."""
    tabs = "".join(
        f'<a href="/agency/{site.key}{"/" + name if name else ""}"{" aria-current=page" if name == tab else ""}>{label}</a>'
        for name, label in TABS.items()
    )
    head = f'<nav class="tabs" aria-label="Views">{tabs}</nav><h1>{html.escape(site.title)}: {title}</h1>'
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(
        document(f"{site.title}: {title}", f'<main class="agency">{head}{body}</main>'), headers=headers
    )


def sheet(name: str, fields: Sequence[str], rows: Iterable[Iterable[Any]]) -> Response:
    """Rows as CSV; no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(fields)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def harmless(value: Any) -> str:
    """A CSV cell that a spreadsheet does not run."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r") else text
