"""`/agency/{site}/review`: what ingestion held back, why, and in the context of its page; restored or dropped by hand."""

import html
import itertools
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from advisor.documents import JudgedBlock
from advisor.ingest.quarantine import Entry, Shown
from advisor.settings import Site
from advisor.web.agency_pages import page
from advisor.web.parts import AgencySite, CallerOf, Parts, PartsOf
from advisor.web.problems import Problem, documented, wrong_origin

router = APIRouter(prefix="/agency", tags=["agency"])
AT_ONCE = 25
_TEXT, _AROUND = 2000, 400  # characters shown of an entry, and of a block beside it
_STATES = {"open": "To decide", "restored": "Restored", "dropped": "Dropped"}
_SEEN: dict[int | str, dict[str, Any]] = {303: {"description": "Decided; back to the list."}}
State = Literal["open", "restored", "dropped"]


@router.get("/{site}/review", response_class=HTMLResponse, responses=documented(401, 422, 429, 503))
def review(
    site: AgencySite,
    here: PartsOf,
    state: State = "open",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    decided: Annotated[str, Query(pattern="^[0-9a-f]{12}$")] = "",
) -> HTMLResponse:
    """What was held back: by document, with the reasons, inside its page."""
    held = here.keeper.held(site)
    found = [one for one in held if (one.entry.decided or "open") == state]
    note = next((_done(one.entry) for one in held if decided and one.entry.id == decided), "")
    if here.keeper.failed:
        note += f'<p class="note" role="alert">The index does not follow: {_e(here.keeper.failed)}</p>'
    counts = {name: sum((one.entry.decided or "open") == name for one in held) for name in _STATES}
    spans = "".join(
        f'<a href="/agency/{site.key}/review?state={name}"{" aria-current=page" if name == state else ""}>{label} ({counts[name]})</a>'
        for name, label in _STATES.items()
    )
    body = (
        "<p>Blocks of ingested pages that look like spam, or that speak to a machine. None of them is in an answer "
        "before you restore it. Restoring also lets in the same text and the sites that it links to from now on; "
        f'dropping keeps the same text out for good.</p><nav aria-label="State">{spans}</nav>{note}'
        + _documents(found[start : start + AT_ONCE], site)
        + _further(len(found), start, site, state)
    )
    return page(site, "review", "held back", body)


@router.post(
    "/{site}/review/{collection}/{entry}/{decision}",
    status_code=303,
    response_class=RedirectResponse,
    responses=documented(400, 401, 403, 404, 422, 429, 503) | _SEEN,
)
async def decide(
    site: AgencySite,
    here: PartsOf,
    who: CallerOf,
    collection: Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,63}$")],
    entry: Annotated[str, Path(pattern="^[0-9a-f]{12}$")],
    decision: Literal["restore", "drop"],
) -> RedirectResponse:
    """Restore an entry, or drop it for good. Only from a page of ours, or by a program that shows the secret."""
    if not who.same_origin and not (who.origin is None and who.secret):
        raise wrong_origin()
    made = await run_in_threadpool(_decided, here, site, collection, entry, decision == "restore")
    return RedirectResponse(f"/agency/{site.key}/review?decided={made.id}", 303)


def _decided(here: Parts, site: Site, collection: str, entry: str, restored: bool) -> Entry:
    if collection not in here.keeper.names(site):
        raise Problem(404, "no_such_entry", "Nothing like it was held back.")
    return here.keeper.decide(collection, entry, restored=restored)


def _done(entry: Entry) -> str:
    said = "The index follows in a moment." if entry.decided else ""
    text = " ".join(entry.judged.block.text.split())[:80]
    return f'<p class="note" role="status">{_STATES[entry.decided or "open"]}: “{_e(text)}”. {said}</p>'


def _documents(found: Iterable[Shown], site: Site) -> str:
    """Entries under their documents."""
    parts = []
    for (collection, source), rows in itertools.groupby(found, lambda one: (one.entry.collection, one.entry.source)):
        parts.append(f'<h2 class="source">{_e(source)} <small>in {_e(collection)}</small></h2>')
        parts += [_entry(one, site) for one in rows]
    return "".join(parts) or "<p>Nothing.</p>"


def _entry(one: Shown, site: Site) -> str:
    entry, judged = one.entry, one.entry.judged
    block, name = judged.block, f"e{entry.id}"
    place = f"page {block.page}, line {block.line}" if block.page else f"line {block.line}"
    by = "".join(f", {word} {_e(value)}" for word, value in (("by", block.author), ("of", block.date)) if value)
    order = '<p class="order">It gives orders to a machine.</p>' if judged.injection else ""
    why = "".join(
        f"<li>{_e(reason.detail)} <small>{_e(reason.rule)}, {reason.family}, {reason.weight:.2f}</small></li>"
        for reason in judged.reasons
    )
    around = "".join(
        f'<blockquote class="{"it" if each is judged else "beside"}" dir="auto">{_text(each, judged)}</blockquote>'
        for each in (*one.before, judged, *one.after)
    )
    return (
        f'<article class="entry" aria-labelledby="{name}"><h3 id="{name}">{block.type.capitalize()}, {place}{by}</h3>{order}'
        f'<ul class="why">{why}</ul>{around}<div class="row">{_buttons(entry, site)}'
        f"<small>model {_e(entry.model)}, entry {entry.id}</small></div></article>"
    )


def _text(each: JudgedBlock, judged: JudgedBlock) -> str:
    most = _TEXT if each is judged else _AROUND
    text = each.block.text
    out = "" if each is judged or each.verdict == "keep" else " <small>(not in the document either)</small>"
    return _e(text[:most]) + ("…" if len(text) > most else "") + out


def _buttons(entry: Entry, site: Site) -> str:
    """What may be decided; a decision can be turned round."""
    path = f"/agency/{site.key}/review/{_e(entry.collection)}/{entry.id}"
    return "".join(
        f'<form method="post" action="{path}/{verb}"><button aria-describedby="e{entry.id}">{label}</button></form>'
        for verb, label, state in (("restore", "Restore", "restored"), ("drop", "Drop for good", "dropped"))
        if entry.decided != state
    )


def _further(count: int, start: int, site: Site, state: str) -> str:
    """Links to the entries before and after those shown."""
    links = "".join(
        f'<a href="/agency/{site.key}/review?state={state}&amp;start={at}">{label}</a>'
        for at, label in ((start - AT_ONCE, "Before"), (start + AT_ONCE, "More"))
        if 0 <= at < count
    )
    return f'<nav aria-label="Further">{links}</nav>' if links else ""


def _e(text: object) -> str:
    return html.escape(str(text), quote=True)
