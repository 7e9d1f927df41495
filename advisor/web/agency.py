"""The agency's view of its site: masked questions, what could not be answered, votes, profiles, use over time."""

import datetime
import html
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.responses import HTMLResponse

from advisor.corpus_check import fields_of
from advisor.records import Asked
from advisor.records.store import UNANSWERED
from advisor.settings import Site
from advisor.web import plots
from advisor.web.agency_pages import page, sheet
from advisor.web.parts import AgencySite, Parts, PartsOf, iso
from advisor.web.problems import Problem, documented

router = APIRouter(prefix="/agency", tags=["agency"])
FIELDS = ("at", "question", "outcome", "language", "profile", "stage", "helpful", "comment")
SHOWN = 200
_BAD = documented(401, 422, 429, 503)
_LISTS = ("country", "region", "industry", "stage", "profiles")


def _file(media: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "A file.", "content": {media: {"schema": {"type": "string"}}}}}


Days = Annotated[int, Query(ge=1, le=3650)]


def _asked(here: Parts, site: Site, days: int) -> list[Asked]:
    return here.records.asked(site.key, here.records.now() - days * 86400)


@router.get("/{site}/questions.csv", responses=_BAD | _file("text/csv"), response_class=Response)
def export(site: AgencySite, here: PartsOf, days: Days = 90) -> Response:
    """The site's questions as CSV; no cell starts a formula."""
    return sheet(site.key, FIELDS, ([_cell(row, name) for name in FIELDS] for row in _asked(here, site, days)))


@router.get("/{site}/draft.md", responses=_BAD | documented(404) | _file("text/markdown"), response_class=Response)
def draft(site: AgencySite, here: PartsOf, message: Annotated[str, Query(max_length=40)]) -> Response:
    """A document to fill in, for a question that could not be answered."""
    found = next((row for row in here.records.asked(site.key) if row.id == message), None)
    if found is None:
        raise Problem(404, "no_such_message", "There is no such question on this site.")
    name = f"{site.key}-{message[:8]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.md"', "Cache-Control": "no-store"}
    text = document_from(found, name, datetime.datetime.now(datetime.UTC).date())
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


def document_from(asked: Asked, name: str, today: datetime.date) -> str:
    """A document of the corpus that a keeper completes: every field that `advisor corpus check` wants."""
    question = " ".join(asked.question.split())[:200]
    fields: dict[str, Any] = dict.fromkeys(fields_of("method")) | {key: [] for key in _LISTS}
    fields |= {"id": name, "kind": "method", "title": question, "summary": "", "language": asked.language or "en"}
    fields |= {"as_of": today.isoformat()[:7], "checked": "excerpt", "licence": "CC-BY-4.0"}
    source = {"id": "s1", "title": "", "url": "https://", "accessed": today.isoformat(), "supports": ""}
    fields["sources"] = [source]
    head = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    return (
        f"---\n{head}\n---\nWrite here what is known, a source after every paragraph [s1].\n\n## What we do not know\n"
    )


@router.get("/{site}", response_class=HTMLResponse, responses=_BAD)
def view(site: AgencySite, here: PartsOf, days: Days = 30) -> HTMLResponse:
    """The view as one page, without scripts."""
    found = _asked(here, site, days)
    spans = " ".join(
        f'<a href="/agency/{site.key}?days={n}"{" aria-current=page" if n == days else ""}>{n} days</a>'
        for n in (7, 30, 90, 365)
    )
    csv_link = f'<a href="/agency/{site.key}/questions.csv?days={days}">All as CSV</a>'
    head = f'<nav class="period" aria-label="Period">{spans} {csv_link}</nav>'
    return page(site, "", "visitors", f"{head}{_numbers(found)}{_plots(found, here, days)}{_lists(found, site)}")


def _cell(row: Asked, name: str) -> Any:
    return iso(row.at) if name == "at" else getattr(row, name)


def _numbers(found: Sequence[Asked]) -> str:
    votes = [row.helpful for row in found if row.helpful is not None]
    missed = sum(row.outcome in UNANSWERED for row in found)
    facts = (
        ("messages", str(len(found))),
        ("not answered, or in part", str(missed)),
        ("votes", str(len(votes))),
        ("found it helpful", f"{sum(votes) / len(votes):.0%}" if votes else "–"),
    )
    return '<ul class="numbers">' + "".join(f"<li><b>{number}</b> {name}</li>" for name, number in facts) + "</ul>"


def _plots(found: Sequence[Asked], here: Parts, days: int) -> str:
    names, at = plots.periods(datetime.datetime.fromtimestamp(here.records.now(), datetime.UTC).date(), min(days, 730))

    def by(rows: Iterable[Asked]) -> Counter[str]:
        return Counter(at(iso(row.at)) for row in rows)

    asked = {
        "answered": by(row for row in found if row.outcome not in UNANSWERED),
        "not answered, or in part": by(row for row in found if row.outcome in UNANSWERED),
    }
    votes = {
        "helpful": by(row for row in found if row.helpful is True),
        "not helpful": by(row for row in found if row.helpful is False),
    }
    made = [plots.over_time("Messages over time", names, asked), plots.over_time("Votes over time", names, votes)]
    for title, name in (
        ("Starter profiles", "profile"),
        ("Stages", "stage"),
        ("Outcomes", "outcome"),
        ("Languages", "language"),
    ):
        counts = Counter(str(getattr(row, name)).replace("_", " ") for row in found if getattr(row, name))
        made += [plots.ranked(title, counts)] if counts else []
    return f'<div class="plots">{"".join(made)}</div>'


def _lists(found: Sequence[Asked], site: Site) -> str:
    missed = [row for row in found if row.outcome in UNANSWERED]
    said = [row for row in found if row.comment]
    return (
        _table("Could not be answered", missed, ("at", "question", "language"), site)
        + _table("Votes with a comment", said, ("at", "question", "helpful", "comment"))
        + _table("Messages (personal data masked)", found, ("at", "question", "outcome", "language"))
    )


def _table(title: str, rows: Sequence[Asked], names: Sequence[str], drafts: Site | None = None) -> str:
    """A table; with a link to a draft in each row where `drafts` is given."""
    if not rows:
        return f"<h2>{title}</h2><p>None.</p>"
    lines = []
    for row in rows[:SHOWN]:
        cells = "".join(f'<td class="{name}">{html.escape(_shown(row, name))}</td>' for name in names)
        link = (
            f'<a href="/agency/{drafts.key}/draft.md?message={row.id}">write a document from this</a>' if drafts else ""
        )
        lines.append(f"<tr>{cells}{f'<td>{link}</td>' if link else ''}</tr>")
    head = "".join(f'<th scope="col">{name}</th>' for name in (*names, *(["next"] if drafts else [])))
    more = f"<p>The newest {SHOWN} of {len(rows)}; the CSV holds them all.</p>" if len(rows) > SHOWN else ""
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}"


def _shown(row: Asked, name: str) -> str:
    value = _cell(row, name)
    if name == "at":
        return str(value)[:16].replace("T", " ")
    if name == "helpful":
        return {True: "yes", False: "no"}.get(value, "")
    return str(value).replace("_", " ") if name == "outcome" else str(value)
