"""`/library`: the corpus for people, as plain HTML; a document's page with its sources, dates and a way to report."""

import datetime
import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Query, Request, Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse

from advisor.documents import Document
from advisor.web.labels import NAMES, Words, chosen, country, words
from advisor.web.library import FIELDS, Library, Shown, ended, overdue
from advisor.web.parts import AddressOf, CallerOf, Parts, PartsOf
from advisor.web.privacy import masked
from advisor.web.problems import Problem, wrong_origin
from advisor.web.sites import OWN, page_policy

router = APIRouter(prefix="/library", include_in_schema=False)
_HERE = Path(__file__).parent
_REF = re.compile(r"(?:\s*\[(s\d+)\])")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"kind": "kind_{}", "stage": "stage_{}"}
Text = Annotated[str, Query(max_length=200)]


@router.get("/files/{name}")
def file(name: str) -> Response:
    """Style and script of our pages."""
    if name not in ("library.css", "library.js"):
        raise Problem(404, "not_found", "There is nothing here.")
    return FileResponse(_HERE / name, headers={"Cache-Control": "no-cache"})


@router.get("")
def index(
    request: Request, here: PartsOf, _: AddressOf, q: Text = "", kind: Text = "", country: Text = "", industry: Text = "",
    stage: Text = "", lang: Text = "",
) -> HTMLResponse:  # fmt: skip
    """The list, filtered."""
    library = here.library
    language = chosen(lang, request.headers.get("accept-language", ""))
    w = words(language)
    given = {"kind": kind, "country": country, "industry": industry, "stage": stage}
    found = library.find(given, q)
    body = (
        f'<form class="filters" role="search" action="/library"><label class="wide">{_e(w["lib_search"])}'
        f'<input type="search" name="q" value="{_e(q)}"></label>'
        + "".join(_select(library, name, given[name], w, language) for name in FIELDS)
        + f'<input type="hidden" name="lang" value="{_e(lang)}"><button>{_e(w["lib_apply"])}</button></form>'
        f'<section id="found"><p role="status">{_e(w["lib_found"].format(n=len(found)))}'
        + (f' · <a href="/library?lang={_e(lang)}">{_e(w["lib_clear"])}</a>' if q or any(given.values()) else "")
        + "</p>"
        + (_rows(library, found, w, language) or f"<p>{_e(w['lib_none'])}</p>")
        + "</section>"
    )
    head = f'<h1>{_e(w["library"])}</h1><p class="lead">{_e(w["lib_intro"])}</p>'
    return _page(w["library"], head + body, language, request)


@router.get("/{kind}/{identity}")
def show(
    request: Request, here: PartsOf, kind: str, identity: str, _: AddressOf, at: int = 0, lang: Text = "",
    reported: bool = False,
) -> HTMLResponse:  # fmt: skip
    """One document; `at` marks the passage that an answer cited."""
    document = _document(here, kind, identity)
    language = chosen(lang, request.headers.get("accept-language", ""))
    w = words(language)
    thanks = f'<p class="note" role="status">{_e(w["lib_reported"])}</p>' if reported else ""
    sources = "".join(
        f'<li id="{_e(s.id)}">{_link(s.url, s.title)} <small>{_e(w["lib_accessed"].format(date=s.accessed)) if s.accessed else ""}'
        f"{' · ' + _e(s.supports) if s.supports else ''}</small></li>"
        for s in document.sources
    )
    origin = _link(document.url, document.url) if document.url else ""
    body = (
        f'<p><a href="/library?kind={_e(document.kind)}">{_e(w.get("kind_" + document.kind, document.kind))}</a></p>'
        f'<article lang="{_e(document.language)}"><h1>{_e(document.title)}</h1><p class="lead">{_e(document.summary)}</p>'
        f"{_tags(document, w, language)}{thanks}{_prose(document, at, w)}</article>"
        + (f'<h2>{_e(w["lib_sources"])}</h2><ol class="sources">{sources}</ol>' if sources else "")
        + (
            f"<p>{origin} <small>{_e(document.path)}</small></p>"
            if origin
            else f"<p><small>{_e(document.path)}</small></p>"
        )
        + f'<details id="report" {"open" if "report" in request.query_params else ""}><summary>{_e(w["lib_report"])}</summary>'
        f'<form method="post" action="/library/{_e(kind)}/{_e(identity)}"><label>{_e(w["lib_report_hint"])}'
        f'<textarea name="text" rows="4" maxlength="2000" required></textarea></label><input type="hidden" name="at" value="{at}"><button>{_e(w["lib_report_send"])}</button>'
        "</form></details>"
    )
    return _page(document.title, body, language, request)


@router.post("/{kind}/{identity}")
async def report(
    request: Request, kind: str, identity: str, here: PartsOf, _: AddressOf, who: CallerOf
) -> RedirectResponse:
    """Keep a report of an outdated fact for the corpus's keeper."""
    if not who.same_origin:
        raise wrong_origin()
    document = _document(here, kind, identity)
    said = parse_qs((await request.body()).decode("utf-8", "replace"))
    text, at = said.get("text", [""])[0].strip()[:2000], said.get("at", [""])[0]
    if text:
        passage = _passage(document, int(at) if at.isascii() and at.isdigit() and len(at) < 8 else 0)
        await run_in_threadpool(here.records.report, document.id, masked(text), passage)
    return RedirectResponse(f"{request.url.path}?reported=1", 303)


def _document(here: Parts, kind: str, identity: str) -> Document:
    found = here.library.all().get(identity)
    if found is None or found.document.kind != kind:
        raise Problem(404, "not_found", "The library has no such page.")
    return found.document


def _select(library: Library, name: str, value: str, w: Words, language: str) -> str:
    named = [(each, _name(name, each, w, language)) for each in library.values(name)]
    if name == "country":
        named.sort(key=lambda pair: pair[1])
    options = "".join(
        f'<option value="{_e(each)}"{" selected" if each == value else ""}>{_e(text)}</option>' for each, text in named
    )
    return f'<label>{_e(w["lib_" + name])}<select name="{name}"><option value="">{_e(w["lib_all"])}</option>{options}</select></label>'


def _name(field: str, value: str, w: Words, language: str) -> str:
    if field == "country":
        return country(value, language)
    return w.get(_TAGS[field].format(value), value) if field in _TAGS else value


def _rows(library: Library, found: Sequence[Shown], w: Words, language: str) -> str:
    items = "".join(
        f'<li><a href="{_e(library.path(row.document.id))}">{_e(row.document.title)}</a>'
        f"<p>{_e(row.document.summary)}</p>{_tags(row.document, w, language)}</li>"
        for row in found
    )
    return f'<ul class="cards">{items}</ul>' if items else ""


def _tags(document: Document, w: Words, language: str) -> str:
    over = ended(document)
    year = document.meta.get("ended")
    tags = [("kind", w.get("kind_" + document.kind, document.kind))]
    if over:
        said = w["lib_ended_in"].format(year=year) if over == "ended" and year else w["lib_" + over]
        tags.append(("over", said))
    tags += [("", _name(f, v, w, language)) for f in ("country", "industry") for v in _values(document, f)[:3]]
    if document.as_of:
        tags.append(("date", w["lib_as_of"].format(date=document.as_of)))
    if document.valid_until:
        late = overdue(document, datetime.date.today())
        said = w["lib_overdue" if late else "lib_until"].format(date=document.valid_until)
        tags.append(("over" if late else "date", said))
    return '<p class="tags">' + "".join(f'<span class="{kind}">{_e(text)}</span>' for kind, text in tags) + "</p>"


def _values(document: Document, field: str) -> tuple[str, ...]:
    value = document.meta.get(field)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _prose(document: Document, at: int, w: Words) -> str:
    """The body as HTML; the block that holds line `at` of the file is marked."""
    tokens = _MARKDOWN.parse(document.body)
    place = _block(document, tokens, at)
    if place is not None:
        tokens[place].attrs |= {"id": "here", "class": "here", "tabindex": "-1", "title": w["lib_cited"]}
        tokens[place].hidden = False
    made = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    return _REF.sub(lambda m: f' <a class="ref" href="#{m[1]}">[{m[1][1:]}]</a>', made)


def _block(document: Document, tokens: Sequence[Token], at: int) -> int | None:
    """The innermost block that holds line `at` of the file."""
    for place in reversed(range(len(tokens) if at else 0)):
        token = tokens[place]
        if token.map and token.nesting == 1 and token.type in ("paragraph_open", "list_item_open", "heading_open"):
            first, last = (_line(document, n) for n in token.map)
            if first <= at < max(last, first + 1):
                return place
    return None


def _passage(document: Document, at: int) -> str:
    """The text of the block that holds line `at`, without its references."""
    tokens = _MARKDOWN.parse(document.body)
    place = _block(document, tokens, at)
    found = next((one.content for one in tokens[place:] if one.type == "inline"), "") if place is not None else ""
    return _REF.sub("", " ".join(found.split()))


def _line(document: Document, number: int) -> int:
    if document.lines:
        return document.lines[min(number, len(document.lines) - 1)]
    return document.line + number


def _link(url: str, text: str) -> str:
    if not url.startswith(("http://", "https://")):
        return _e(text)
    return f'<a href="{_e(url)}" rel="noopener noreferrer" target="_blank">{_e(text)}</a>'


def _page(title: str, body: str, language: str, request: Request) -> HTMLResponse:
    w = words(language)
    kept = {key: value for key, value in request.query_params.items() if key != "lang"}
    tongues = "".join(
        f'<a href="?{_e(urlencode({**kept, "lang": code}))}" lang="{code}"{" aria-current=true" if code == language else ""}>{name}</a>'
        for code, name in NAMES.items()
    )
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{_e(title)} · Cluster Advisor</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/library/files/library.css"><script src="/library/files/library.js" defer></script></head>'
        f'<body><header><a class="brand" href="/?lang={language}">Cluster Advisor</a>'
        f'<a href="/library?lang={language}">{_e(w["library"])}</a><a class="go" href="/?lang={language}">{_e(w["lib_back"])}</a>'
        f'<nav aria-label="{_e(w["language"])}">{tongues}</nav></header><main>{body}</main></body></html>'
    )
    policy = page_policy(OWN).replace("img-src 'self'", "img-src 'self' data:")
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


def _e(text: str) -> str:
    return html.escape(str(text), quote=True)
