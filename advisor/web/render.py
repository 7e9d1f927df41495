"""Events as HTML for the chat page. Pure functions; every text is escaped."""

import html
from collections.abc import Sequence
from urllib.parse import urlsplit

from advisor.documents import Asked, Citation, Planned, Profiled, Sentence

STATUS = {
    "searching": "Searching the sources ...",
    "composing": "Composing the answer ...",
    "checking": "Checking every sentence against its source ...",
    "thinking": "Thinking ...",
}
HORIZONS = {30: "The first 30 days", 90: "Within 90 days", 365: "Within a year", 3650: "The long line"}


def answer(sentences: Sequence[Sentence], citations: Sequence[Citation], status: str = "", turn: int = 0) -> str:
    """Lead paragraph, points, question back, and the sources that fold open."""
    shown = [s for s in sentences if s.role != "question"]
    claims = [s for s in shown if s.role != "notice"]
    parts: list[str] = []
    lead = claims[0] if claims else None
    points = claims[1:]
    parts.extend(f'<p class="ca-notice">{_escape(s.text)}</p>' for s in shown if s.role == "notice")
    if lead is not None:
        parts.append(f'<p class="ca-lead">{_sentence(lead, turn)}</p>')
    if points:
        parts.append("<ul>" + "".join(f"<li>{_sentence(s, turn)}</li>" for s in points) + "</ul>")
    parts.extend(f'<p class="ca-question">{_escape(s.text)}</p>' for s in sentences if s.role == "question")
    if status:
        parts.append(f'<p class="ca-status" role="status">{_escape(STATUS.get(status, status))}</p>')
    if citations:
        parts.append(
            f'<div class="ca-sources"><p class="ca-label">Sources</p>{"".join(source(c, turn) for c in citations)}</div>'
        )
    return "\n".join(parts)


def source(citation: Citation, turn: int) -> str:
    """One source: folded, its passage with the supporting sentence marked, and a link to where it comes from."""
    as_of = f", as of {citation.as_of}" if citation.as_of else ""
    passage = _marked(citation.passage, citation.support)
    link = ""
    if citation.url and urlsplit(citation.url).scheme in ("http", "https"):
        name = _escape(citation.reference or citation.title)
        link = f'<p><a href="{_escape(citation.url)}" target="_blank" rel="noopener noreferrer">{name}</a></p>'
    return (
        f'<details class="ca-source" id="ca-{turn}-{citation.n}"><summary>[{citation.n}] {_escape(citation.title)}{_escape(as_of)}'
        f"</summary><blockquote>{passage}</blockquote>{link}"
        f'<p class="ca-where">{_escape(citation.source)}, line {citation.line}</p></details>'
    )


def question(asked: Asked) -> str:
    """A question of the interview, and why it is asked."""
    why = f'<p class="ca-why">{_escape(asked.why)}</p>' if asked.why else ""
    return f'<p class="ca-question">{_escape(asked.text)}</p>{why}'


def profile(event: Profiled) -> str:
    """The likeliest starter profiles as bars, with the person's own words."""
    rows = "".join(
        f'<div class="ca-bar"><span>{_escape(_words(name))}</span>'
        f'<meter min="0" max="1" value="{share:.2f}">{share:.0%}</meter><span>{share:.0%}</span></div>'
        for name, share in event.ranking[:3]
    )
    quotes = "".join(f"<li>{_escape(str(row['quote']))}</li>" for row in event.evidence[:3] if row.get("quote"))
    words = f'<p class="ca-label">In your own words</p><ul>{quotes}</ul>' if quotes else ""
    return f'<div class="ca-profile"><p class="ca-label">Starter profile</p>{rows}{words}</div>'


def plan(event: Planned) -> str:
    """The steps of a plan by horizon: action, why, who, and the sign of success."""
    parts: list[str] = []
    for horizon, title in HORIZONS.items():
        steps = [step for step in event.plan.get("steps", ()) if step.get("horizon") == horizon]
        items = "".join(
            f"<li><strong>{_escape(str(s['action']))}</strong> {_marks(s.get('citations', ()))}"
            f'<p class="ca-why">{_escape(str(s.get("why", "")))} · {_escape(str(s.get("who", "")))} · '
            f"{_escape(str(s.get('sign', '')))}</p></li>"
            for s in steps
        )
        parts.append(f'<p class="ca-label">{title}</p><ol>{items}</ol>' if items else "")
    return f'<div class="ca-plan">{"".join(parts)}</div>'


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f'<span class="ca-cite">[{n}]</span>' for n in numbers)


def _words(profile_id: str) -> str:
    return profile_id.replace("_", " ").capitalize()


def _sentence(sentence: Sentence, turn: int) -> str:
    marks = "".join(
        f'<a class="ca-cite" href="#ca-{turn}-{n}" title="Show source {n}">[{n}]</a>' for n in sentence.citations
    )
    return f"{_escape(sentence.text)} {marks}"


def _marked(passage: str, support: str) -> str:
    before, found, after = passage.partition(support) if support else (passage, "", "")
    return f"{_escape(before)}<mark>{_escape(found)}</mark>{_escape(after)}" if found else _escape(passage)


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
