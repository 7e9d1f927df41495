"""A self-contained HTML report: what left each page, and why."""

from collections import Counter
from html import escape

from advisor.documents import JudgedBlock
from advisor.ingest.pipeline import Report, SourceReport

_STYLE = """
:root{color-scheme:light dark;--line:#8884}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.4rem;text-align:left;vertical-align:top}
.drop{border-left:.4rem solid #b3261e}.quarantine{border-left:.4rem solid #b26a00}.why{margin:.2rem 0;padding-left:1.1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font:inherit;max-height:12rem;overflow:auto}small{opacity:.8}h2{overflow-wrap:anywhere}
"""
_WORDS = {"drop": "dropped", "quarantine": "held back"}


def html(report: Report) -> str:
    """The report as one HTML page; no script, nothing loaded from elsewhere."""
    body = "\n".join(_source(row) for row in report.rows)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>What left the pages: {escape(report.collection)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>What left the pages, and why</h1><p>{escape(report.summary())}. Model {escape(report.model)}.</p>{body}</body></html>\n"
    )


def _source(row: SourceReport) -> str:
    head = f"<h2>{escape(row.source)}</h2><p><small>{escape(row.state)}"
    if row.error is not None:
        return f"{head}</small></p><p>{escape(str(row.error))}</p>"
    counts = Counter((one.block.type, one.verdict) for one in row.judged)
    kept = ", ".join(f"{count} {kind}" for (kind, verdict), count in sorted(counts.items()) if verdict == "keep")
    flagged = (
        " <strong>The article itself holds something suspicious.</strong>"
        if row.cleaned is not None and row.cleaned.flagged
        else ""
    )
    left = [one for one in row.judged if one.verdict != "keep"]
    empty = [one for one in left if one.reasons and one.reasons[0].rule == "empty-entry"]
    rows = "".join(_row(one) for one in left if one not in empty)
    note = f"<p>{len(empty)} empty comment entries were dropped: {escape(_authors(empty))}</p>" if empty else ""
    table = (
        f'<table><thead><tr><th scope="col">Line</th><th scope="col">What</th><th scope="col">Why</th></tr></thead><tbody>{rows}</tbody></table>'
        if rows
        else ""
    )
    return f"{head}; kept: {escape(kept or 'nothing')}</small>{flagged}</p>{note}{table}"


def _row(one: JudgedBlock) -> str:
    block = one.block
    why = "".join(
        f"<li>{escape(reason.detail)} <small>({escape(reason.rule)}, {reason.family}, {reason.weight:.2f})</small></li>"
        for reason in one.reasons
    )
    place = escape(block.path or str(block.line)) if block.hidden else str(block.line)
    label = _WORDS[one.verdict] + (", an order to a machine" if one.injection else "")
    author = f"<br><small>by {escape(block.author)}</small>" if block.author else ""
    text = escape(block.text[:2000])
    return f'<tr class="{one.verdict}"><td>{place}</td><td><pre>{text}</pre>{author}</td><td>{label}<ul class="why">{why}</ul></td></tr>'


def _authors(empty: list[JudgedBlock]) -> str:
    return ", ".join(one.block.author or "?" for one in empty[:200])
