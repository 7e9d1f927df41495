"""Pages of ours for a site: the widget's preview, and what is stored."""

import html
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from advisor.web.parts import AddressOf, PartsOf
from advisor.web.privacy import statement
from advisor.web.problems import Problem, documented
from advisor.web.sites import OWN, page_policy
from advisor.web.widget_files import safe_link, snippet

router = APIRouter()
_CSS = Path(__file__).parent / "widget" / "pages.css"


def host_of(request: Request) -> str:
    """Our own address, as this caller reached it."""
    return str(request.base_url).rstrip("/")


def document(title: str, body: str, *, head: str = "", language: str = "en") -> str:
    """A whole page; `body` is escaped by whoever wrote it."""
    return (
        f'<!doctype html><html lang="{html.escape(language)}"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/widget-pages.css">{head}</head><body>{body}</body></html>'
    )


@router.get("/widget-pages.css", include_in_schema=False)
def styles() -> Response:
    return Response(_CSS.read_bytes(), media_type="text/css", headers={"Cache-Control": "public, max-age=300"})


@router.get("/embed/{key}", include_in_schema=False)
def preview(
    key: str,
    request: Request,
    here: PartsOf,
    _: AddressOf,
    lang: Annotated[str, Query(pattern="^[a-zA-Z-]{2,12}$")] = "en",
    theme: Annotated[str, Query(pattern="^(auto|light|dark)$")] = "auto",
) -> HTMLResponse:
    """The widget on a sample page."""
    site = here.sites.get(key)
    if site is None:
        raise Problem(404, "no_such_site", "There is no such site in advisor.toml.")
    host = host_of(request)
    tag = snippet(host, site).replace("<script ", f'<script data-lang="{lang}" data-theme="{theme}" ')
    looks = [("theme", one) for one in ("auto", "light", "dark")] + [("lang", one) for one in site.languages]
    links = "".join(f'<a href="?{name}={html.escape(one)}">{html.escape(one)}</a>' for name, one in looks)
    body = (
        f'<main><h1>{html.escape(site.title)}</h1><nav aria-label="Theme and language">{links}</nav><p>This is a sample page of an agency. The button in the corner '
        "opens the advisor; nothing is requested or stored before a visitor agrees.</p>"
        f"<h2>The line to paste</h2><pre>{html.escape(snippet(host, site))}</pre>"
        "<h2>The same, pinned to this version</h2>"
        f"<pre>{html.escape(snippet(host, site, immutable=True))}</pre></main>{tag}"
    )
    page = document(f"{site.title}: preview", body)
    return HTMLResponse(page, headers={"Content-Security-Policy": page_policy(site), "Cache-Control": "no-store"})


@router.get("/privacy.json", tags=["privacy"], responses=documented(404, 422, 429))
def privacy(here: PartsOf, _: AddressOf, site: Annotated[str, Query(max_length=64)] = "") -> dict[str, Any]:
    """What is stored, where and how long."""
    found = here.sites.get(site)
    if found is None:
        raise Problem(404, "no_such_site", "There is no such site.")
    return statement(here.settings, found)


@router.get("/privacy/{key}", include_in_schema=False)
def privacy_page(key: str, here: PartsOf, _: AddressOf) -> Response:
    """The same for people; the site's own policy where it names one."""
    site = here.sites.get(key)
    if site is None:
        raise Problem(404, "no_such_site", "There is no such site.")
    link = safe_link(site.privacy_url)
    if link.startswith("http"):
        return RedirectResponse(link, 302)
    said = statement(here.settings, site)
    rows = "".join(
        f"<tr><td>{html.escape(row['what'])}</td><td>{html.escape(row['why'])}</td><td>{row['days']} {'day' if row['days'] == 1 else 'days'}</td></tr>"
        for row in said["stored"]
    )
    rest = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(said[key])}</dd>"
        for name, key in (
            ("Where", "where"),
            ("On your device", "on_your_device"),
            ("Language model", "language_model"),
        )
    )
    body = (
        f"<main><h1>{html.escape(site.title)}: what is stored</h1>"
        "<table><thead><tr><th>What</th><th>Why</th><th>How long</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>Not stored: {html.escape(', '.join(said['not_stored']))}.</p>"
        f"<dl>{rest}</dl></main>"
    )
    return HTMLResponse(document("What is stored", body), headers={"Content-Security-Policy": page_policy(OWN)})
