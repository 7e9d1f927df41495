"""One reply of the chat as HTML, from its events as they are on the wire. Pure functions; every text is escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from advisor.web.cards import Link, e
from advisor.web.labels import Words
from advisor.web.streams import Entry

_STATUS = re.compile(r'\n?<p class="ca-status">.*?</p>', re.S)
_ERRORS = {
    "failed": "failed",
    "bug": "failed",
    "interrupted": "failed",
    "still_answering": "wait",
    "cancelled": "stopped",
}


def reply(events: Iterable[Entry], turn: int, w: Words, link: Link, *, running: bool = False) -> str:
    """Lead sentence, points, question back, and the sources that fold open."""
    said: list[Mapping[str, Any]] = []
    after: list[str] = []
    status = "searching" if running else ""
    for name, data in events:
        if name == "status":
            status = data["step"] if running else ""
        elif name == "sentence":
            said.append(data)
        elif name == "question":
            after.append(_question(data, w))
        elif name == "plan":
            after.append(
                f'<p class="ca-ready"><b>{e(w["plan_said"].format(n=len(data.get("steps", ()))))}</b> <a href="#ca-plan">{e(w["plan_open"])}</a></p>'
            )
        elif name == "error":
            said.append({"text": failure(data, w), "role": "notice", "marks": ()})
        elif name == "done":
            status = ""
    parts = _sentences(said, turn, w) + after
    if status:
        parts.append(f'<p class="ca-status">{e(w.get("status_" + status, status))} …</p>')
    citations = [citation for row in said for citation in row.get("citations", ())]
    if citations:
        rows = "".join(source(citation, turn, w, link) for citation in citations)
        parts.append(f'<div class="ca-sources"><p class="ca-label">{e(w["sources"])}</p>{rows}</div>')
    return "\n".join(parts)


def failure(data: Mapping[str, Any], w: Words) -> str:
    """What went wrong, in the visitor's language."""
    if data.get("retry_after"):
        return w["busy"].format(n=data["retry_after"])
    return str(w.get(_ERRORS.get(data.get("code", ""), ""), data.get("detail", "")))


def stopped(made: str, w: Words) -> str:
    """A reply that was stopped on its way: it no longer says that it goes on."""
    left, running = _STATUS.subn("", made)
    return f'{left}\n<p class="ca-notice">{e(w["stopped"])}</p>' if running else made


def _sentences(said: Sequence[Mapping[str, Any]], turn: int, w: Words) -> list[str]:
    parts = [f'<p class="ca-notice">{e(row["text"])}</p>' for row in said if row["role"] == "notice"]
    claims = [row for row in said if row["role"] not in ("notice", "question")]
    parts += [f'<p class="ca-lead">{_sentence(row, turn, w)}</p>' for row in claims[:1]]
    if claims[1:]:
        parts.append("<ul>" + "".join(f"<li>{_sentence(row, turn, w)}</li>" for row in claims[1:]) + "</ul>")
    return parts + [f'<p class="ca-question">{e(row["text"])}</p>' for row in said if row["role"] == "question"]


def _question(data: Mapping[str, Any], w: Words) -> str:
    why = f'<p class="ca-why">{e(w["why_ask"])} {e(data["why"])}</p>' if data.get("why") else ""
    return f'<p class="ca-question">{e(data["text"])}</p>{why}'


def source(citation: Mapping[str, Any], turn: int, w: Words, link: Link) -> str:
    """One source: folded; its passage with the supporting sentence marked, its page in the library and its origin."""
    dated = f", {w['as_of'].format(date=citation['as_of'])}" if citation.get("as_of") else ""
    page = link(citation["document_id"], int(citation["line"]))
    links = []
    if page:
        links.append(f'<a class="ca-page" href="{e(page)}" target="_blank">{e(w["library"])}</a>')
        report = page.replace("#here", "&report=1#report")
        links.append(f'<a href="{e(report)}" target="_blank">{e(w["lib_report"])}</a>')
    if urlsplit(citation.get("url") or "").scheme in ("http", "https"):
        name = citation.get("reference") or citation["title"]
        links.insert(0, f'<a href="{e(citation["url"])}" target="_blank" rel="noopener noreferrer">{e(name)}</a>')
    return (
        f'<details class="ca-source" id="ca-{turn}-{citation["n"]}"><summary>[{citation["n"]}] {e(citation["title"])}{e(dated)}</summary>'
        f"<blockquote>{_marked(citation['passage'], citation.get('support', ''))}</blockquote><p>{' · '.join(links)}</p>"
        f'<p class="ca-where">{e(citation["source"])}, {e(w["line"].format(n=citation["line"]))}</p></details>'
    )


def _sentence(row: Mapping[str, Any], turn: int, w: Words) -> str:
    marks = "".join(
        f'<a class="ca-cite" href="#ca-{turn}-{n}" title="{e(w["source_n"].format(n=n))}">[{n}]</a>'
        for n in row["marks"]
    )
    return f"{e(row['text'])} {marks}"


def _marked(passage: str, support: str) -> str:
    before, found, after = passage.partition(support) if support else (passage, "", "")
    return f"{e(before)}<mark>{e(found)}</mark>{e(after)}" if found else e(passage)
