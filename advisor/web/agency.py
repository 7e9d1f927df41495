"""The agency's view of its site: masked questions, what could not be answered, votes, profiles, use over time."""

import csv
import datetime
import html
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Response
from starlette.responses import HTMLResponse

from advisor.settings import Site
from advisor.web.embed import document
from advisor.web.parts import AgencySite, Parts, PartsOf, iso
from advisor.web.problems import documented
from advisor.web.sites import OWN, page_policy
from advisor.web.tables import MESSAGES, THREADS, VOTES

router = APIRouter(prefix="/agency", tags=["agency"])
UNANSWERED = ("not_in_sources", "partial")
FIELDS = ("at", "question", "outcome", "language", "profile", "stage", "helpful", "comment")
_BAD = documented(401, 422, 429)


def _file(media: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "A file.", "content": {media: {"schema": {"type": "string"}}}}}


Days = Annotated[int, Query(ge=1, le=3650)]


def rows(here: Parts, site: Site, days: int, most: int = 5000) -> list[dict[str, Any]]:
    """The site's messages of the last days, newest first; no thread ids, no addresses."""
    query = (
        sa.select(MESSAGES, VOTES.c.helpful, VOTES.c.comment)
        .join(THREADS, THREADS.c.id == MESSAGES.c.thread)
        .outerjoin(VOTES, VOTES.c.message == MESSAGES.c.id)
        .where(THREADS.c.site == site.key, MESSAGES.c.at > here.store.now() - days * 86400)
        .order_by(MESSAGES.c.at.desc())
        .limit(most)
    )
    with here.store.engine.connect() as connection:
        return [
            {
                "id": row.id,
                "at": iso(row.at),
                "question": row.text,
                "outcome": row.outcome,
                "language": row.language,
                "profile": row.profile,
                "stage": row.stage,
                "helpful": row.helpful,
                "comment": row.comment or "",
            }
            for row in connection.execute(query)
        ]


@router.get("/{site}/questions.csv", responses=_BAD | _file("text/csv"), response_class=Response)
def export(site: AgencySite, here: PartsOf, days: Days = 90) -> Response:
    """The site's questions as CSV; no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    for row in rows(here, site, days):
        writer.writerow([harmless(row[name]) for name in FIELDS])
    headers = {"Content-Disposition": f'attachment; filename="{site.key}.csv"', "Cache-Control": "no-store"}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{site}/draft.md", responses=_BAD | _file("text/markdown"), response_class=Response)
def draft(site: AgencySite, here: PartsOf, message: Annotated[str, Query(max_length=40)]) -> Response:
    """A document to fill in, for a question that could not be answered."""
    found = next((row for row in rows(here, site, 3650) if row["id"] == message), None)
    question = (found["question"] if found else "").replace("\n", " ").replace('"', "'")[:200]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    text = (
        f'---\nid: {site.key}-{message[:8]}\nkind: method\ntitle: "{question}"\nsummary: ""\n'
        f"language: {(found and found['language']) or 'en'}\nas_of: {today}\n"
        f'sources:\n  - id: s1\n    title: ""\n    url: ""\n    accessed: {today}\n    supports: ""\n'
        "---\n\nWrite what is known here. [s1]\n"
    )
    headers = {"Content-Disposition": 'attachment; filename="draft.md"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


@router.get("/{site}", response_class=HTMLResponse, responses=_BAD)
def view(site: AgencySite, here: PartsOf, days: Days = 30) -> HTMLResponse:
    """The view as one page, without scripts."""
    found = rows(here, site, days)
    head = f"<h1>{html.escape(site.title)}: visitors</h1><p>The last {days} days.</p>"
    body = f"<main>{head}{_numbers(found)}{_plots(found, here, days)}{_lists(found, site)}</main>"
    headers = {"Content-Security-Policy": page_policy(OWN).replace("frame-ancestors 'self'", "frame-ancestors 'none'")}
    return HTMLResponse(document(f"{site.title}: visitors", body), headers=headers | {"Cache-Control": "no-store"})


def harmless(value: Any) -> str:
    """A CSV cell that a spreadsheet does not run."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r") else text


def _numbers(found: Sequence[Mapping[str, Any]]) -> str:
    votes = [row["helpful"] for row in found if row["helpful"] is not None]
    facts = (
        ("questions", str(len(found))),
        ("not answered", str(sum(row["outcome"] in UNANSWERED for row in found))),
        ("votes", str(len(votes))),
        ("helpful", f"{sum(votes) / len(votes):.0%}" if votes else "none yet"),
    )
    return '<ul class="numbers">' + "".join(f"<li><b>{number}</b> {name}</li>" for name, number in facts) + "</ul>"


def _plots(found: Sequence[Mapping[str, Any]], here: Parts, days: int) -> str:
    last = datetime.datetime.fromtimestamp(here.store.now(), datetime.UTC).date()
    asked = Counter(row["at"][:10] for row in found)
    shown = [(last - datetime.timedelta(days=back)).isoformat() for back in reversed(range(min(days, 90)))]
    plots = [bars("Questions by day", [(day, asked[day]) for day in shown], "")]
    for title, name in (
        ("Outcomes", "outcome"),
        ("Starter profiles", "profile"),
        ("Stages", "stage"),
        ("Languages", "language"),
    ):
        counts = Counter(str(row[name]) for row in found if row[name])
        if counts:
            plots.append(bars(title, counts.most_common(10), "wide"))
    return "".join(plots)


def bars(title: str, counts: Sequence[tuple[str, int]], kind: str) -> str:
    """A bar chart as inline SVG, with the figures as its text alternative."""
    most = max((count for _, count in counts), default=0) or 1
    said = html.escape("; ".join(f"{name}: {count}" for name, count in counts if count) or "none")
    pieces = []
    if kind == "wide":
        size = (640, 24 * len(counts))
        for line, (name, count) in enumerate(counts):
            pieces.append(f'<text x="0" y="{line * 24 + 16}">{html.escape(name)}</text>')
            pieces.append(
                f'<rect x="230" y="{line * 24 + 4}" width="{350 * count / most:.1f}" height="15" fill="currentColor"/>'
            )
            pieces.append(f'<text x="{236 + 350 * count / most:.1f}" y="{line * 24 + 16}">{count}</text>')
    else:
        size, step = (640, 130), 640 / max(1, len(counts))
        for line, (_, count) in enumerate(counts):
            high = 100 * count / most
            place = f'x="{line * step:.1f}" y="{104 - high:.1f}" width="{max(1, step - 2):.1f}" height="{high + 1:.1f}"'
            pieces.append(f'<rect {place} fill="currentColor"/>')
        pieces.append(f'<text x="0" y="124">{counts[0][0]}</text><text x="570" y="124">{counts[-1][0]}</text>')
        pieces.append(f'<text x="0" y="12">{most}</text>')
    return (
        f'<figure><figcaption>{html.escape(title)}</figcaption><svg viewBox="0 0 {size[0]} {size[1]}" '
        f'width="{size[0]}" role="img" aria-label="{html.escape(title)}. {said}">{"".join(pieces)}</svg></figure>'
    )


def _lists(found: Sequence[Mapping[str, Any]], site: Site) -> str:
    def table(title: str, chosen: Sequence[Mapping[str, Any]], names: Sequence[str], link: bool = False) -> str:
        if not chosen:
            return f"<h2>{title}</h2><p>None.</p>"
        head = "".join(f'<th scope="col">{name}</th>' for name in names) + ('<th scope="col">next</th>' if link else "")
        lines = "".join(
            "<tr>"
            + "".join(f"<td>{html.escape(str(row[name] if row[name] is not None else ''))}</td>" for name in names)
            + (
                f'<td><a href="/agency/{site.key}/draft.md?message={row["id"]}">write a document from this</a></td>'
                if link
                else ""
            )
            + "</tr>"
            for row in chosen[:200]
        )
        return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"

    return (
        table(
            "Could not be answered",
            [row for row in found if row["outcome"] in UNANSWERED],
            ("at", "question", "language"),
            True,
        )
        + table("Votes", [row for row in found if row["helpful"] is not None], ("at", "question", "helpful", "comment"))
        + table("Questions (personal data masked)", found, ("at", "question", "outcome", "language"))
        + f'<p><a href="/agency/{site.key}/questions.csv">All as CSV</a></p>'
    )
