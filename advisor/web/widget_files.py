"""The widget's files: /widget.js (short-cached), /widget-DIGEST.js (immutable), the panel that it loads."""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from advisor.settings import Site
from advisor.web.parts import AddressOf, CallerOf, PartsOf, opened
from advisor.web.privacy import is_hosted
from advisor.web.problems import Problem, documented

_HERE = Path(__file__).parent / "widget"
router = APIRouter()
IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300, stale-while-revalidate=86400"


@dataclass(frozen=True, slots=True)
class File:
    """A script as it is served."""

    body: bytes
    packed: bytes
    digest: str  # in its immutable name
    integrity: str


def _file(text: str) -> File:
    body = text.encode()
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()
    return File(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:16], integrity)


@cache
def panel() -> File:
    """What opens once the visitor has agreed."""
    return _file((_HERE / "panel.js").read_text(encoding="utf-8"))


@cache
def widget() -> File:
    """The script on the agency's page; it names the panel by digest and integrity."""
    text = (_HERE / "widget.js").read_text(encoding="utf-8")
    return _file(
        text.replace("%PANEL%", f"/widget-panel-{panel().digest}.js").replace("%INTEGRITY%", panel().integrity)
    )


@cache
def strings() -> Mapping[str, Mapping[str, str]]:
    """The panel's texts: language -> id -> text."""
    found: Mapping[str, Mapping[str, str]] = json.loads((_HERE / "strings.json").read_text(encoding="utf-8"))
    return found


def chosen(wanted: str, site: Site) -> str:
    """The language that a site speaks and that fits best what the page asked for."""
    short = wanted.lower().replace("_", "-").split("-")[0]
    short = "nb" if short in ("no", "nn") else short
    return short if short in site.languages else site.languages[0] if site.languages else "en"


def texts(language: str, site: Site) -> dict[str, str]:
    """All strings in that language, the site's own over ours."""
    own = site.texts.get(language, {})
    return {**strings()["en"], **strings().get(language, {}), **own}


def snippet(host: str, site: Site, *, immutable: bool = False) -> str:
    """The line that an agency pastes."""
    given = {"data-site": site.key, "data-title": site.title, "data-accent": site.accent}
    given |= {name: text for name, text in (("data-consent", site.consent), ("data-privacy", site.privacy_url)) if text}
    if immutable:
        given |= {"integrity": widget().integrity, "crossorigin": "anonymous"}
    name = f"widget-{widget().digest}.js" if immutable else "widget.js"
    return (
        f'<script async src="{host}/{name}" '
        + " ".join(f'{key}="{escape(text)}"' for key, text in given.items())
        + "></script>"
    )


def _serve(file: File, cache_control: str, accepts: str, known: str) -> Response:
    headers = {
        "Cache-Control": cache_control,
        "ETag": f'"{file.digest}"',
        "Access-Control-Allow-Origin": "*",  # public bytes; integrity needs it
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
    }
    if file.digest in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in accepts:
        return Response(file.packed, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
    return Response(file.body, media_type="text/javascript", headers=headers)


Accepts = Annotated[str, Header(alias="accept-encoding")]
Known = Annotated[str, Header(alias="if-none-match")]


@router.get("/widget.js", include_in_schema=False)
def plain(accepts: Accepts = "", known: Known = "") -> Response:
    return _serve(widget(), SHORT, accepts, known)


@router.get("/widget-panel-{digest}.js", include_in_schema=False)
def panel_file(digest: str, accepts: Accepts = "", known: Known = "") -> Response:
    if digest != panel().digest:
        raise Problem(404, "no_such_version", "This version of the widget is gone.")
    return _serve(panel(), IMMUTABLE, accepts, known)


@router.get("/widget-{digest}.js", include_in_schema=False)
def named(digest: str, accepts: Accepts = "", known: Known = "") -> Response:
    if digest != widget().digest:
        raise Problem(404, "no_such_version", "This version of the widget is gone; see `advisor sites list`.")
    return _serve(widget(), IMMUTABLE, accepts, known)


class SiteOut(BaseModel):
    """What the widget may know of its site."""

    key: str
    title: str
    greeting: str
    accent: str
    language: str
    languages: list[str]
    texts: dict[str, str]
    privacy_url: str
    consent: str
    handover: str
    retention_days: int
    max_chars: int
    hosted_model: bool


@router.get("/api/v1/sites/{key}", tags=["sites"], responses=documented(403, 422, 429, 503))
async def read_site(
    key: str, here: PartsOf, _: AddressOf, who: CallerOf, lang: Annotated[str, Query(max_length=35)] = "en"
) -> SiteOut:
    """Look, texts and hand-over of a site; unknown ones and origins that are not listed get the same 403."""
    site = opened(here, key, who)
    return await run_in_threadpool(describe, site, lang, here.settings.llm, here.settings.max_question_chars)


def describe(site: Site, lang: str, llm: str, max_chars: int) -> SiteOut:
    language = chosen(lang, site)
    return SiteOut(
        key=site.key,
        title=site.title,
        greeting=site.greeting,
        accent=site.accent,
        language=language,
        languages=list(site.languages),
        texts=texts(language, site),
        privacy_url=safe_link(site.privacy_url),
        consent=site.consent,
        handover=safe_link(site.handover),
        retention_days=site.retention_days,
        max_chars=max_chars,
        hosted_model=is_hosted(llm) and site.hosted_model,
    )


def safe_link(link: Any) -> str:
    """A web address, or a mail address as `mailto:`; nothing else becomes a link."""
    text = str(link).strip()
    if text.lower().startswith(("https://", "http://", "mailto:")):
        return text
    return f"mailto:{text}" if "@" in text and not any(mark in text for mark in ' :/\\"<>') else ""
