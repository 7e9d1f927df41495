"""One self-contained HTML file, and Markdown and JSON beside it. Nothing in it is loaded from elsewhere."""

import dataclasses
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.gate import Miss
from evals.judged import Figure, Judged
from evals.run import Run

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --good: #0b7d6e; --bad: #b3261e; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td.n { text-align: right; font-variant-numeric: tabular-nums; } svg { display: block; } rect.bar { fill: var(--good); } line.whisker { stroke: currentColor; }
details { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .8rem; margin: .4rem 0; } summary { cursor: pointer; }
.reason { color: var(--bad); } blockquote { border-left: 3px solid var(--line); margin: .4rem 0; padding-left: .8rem; } .miss { color: var(--bad); font-weight: 600; }
nav a { margin-right: 1rem; } .wide { overflow-x: auto; }
"""


def write(
    folder: Path,
    judged: Mapping[str, Sequence[Judged]],
    figures: Mapping[str, Mapping[str, Figure]],
    run: Run,
    misses: Sequence[Miss],
    extra: Mapping[str, Any],
) -> None:
    """report.html, report.md and scores.json in the folder. Scores hold no times, so two runs give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    scores = {
        "system": run.header.get("system", {}),
        "cases": run.header.get("cases", ""),
        "figures": {
            suite: {n: _rounded(f) for n, f in rows.items()} for suite, rows in figures.items() if suite != "speed"
        },
        "failed": {suite: sorted(j.case.id for j in rows if not j.passed) for suite, rows in judged.items()},
    }
    (folder / "scores.json").write_text(json.dumps(scores, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "report.md").write_text(markdown(figures, misses), encoding="utf-8")
    (folder / "report.html").write_text(page(judged, figures, run, misses, extra), encoding="utf-8")


def markdown(figures: Mapping[str, Mapping[str, Figure]], misses: Sequence[Miss]) -> str:
    """The figures as one table a suite."""
    lines = ["# Evaluation", ""]
    lines += [f"**Below its floor:** {m.name} is {m.value:.4f}, floor {m.floor:.4f}" for m in misses]
    for suite, rows in figures.items():
        lines += ["", f"## {suite}", "", "| figure | value | 95 % interval | n |", "|---|---|---|---|"]
        lines += [f"| {name} | {f.value:.4f} | {f.low:.3f} to {f.high:.3f} | {f.n} |" for name, f in rows.items()]
    return "\n".join(lines) + "\n"


def page(
    judged: Mapping[str, Sequence[Judged]],
    figures: Mapping[str, Mapping[str, Figure]],
    run: Run,
    misses: Sequence[Miss],
    extra: Mapping[str, Any],
) -> str:
    """The whole report as HTML."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Evaluation of Cluster Advisor</title><style>{_STYLE}</style><h1>Evaluation</h1>",
        f"<p>{_e(json.dumps(run.header.get('system', {}), ensure_ascii=False))}</p>",
    ]
    parts += [f"<p class=miss>Below its floor: {_e(m.name)} is {m.value:.4f}, floor {m.floor:.4f}</p>" for m in misses]
    parts.append("<nav>" + "".join(f"<a href='#{_e(s)}'>{_e(s)}</a>" for s in figures) + "</nav>")
    for suite, rows in figures.items():
        parts.append(
            f"<h2 id='{_e(suite)}'>{_e(suite)}</h2><div class=wide><table><tr><th>figure<th>value<th>95 % interval<th>n<th></tr>"
        )
        parts += [_row(name, figure) for name, figure in rows.items()]
        parts.append("</table></div>")
        parts += [_failed_case(j, run) for j in judged.get(suite, ()) if not j.passed]
    if extra:
        parts.append(f"<h2>More</h2><pre>{_e(json.dumps(extra, indent=1, ensure_ascii=False))}</pre>")
    return "\n".join(parts)


def _row(name: str, figure: Figure) -> str:
    return (
        f"<tr><td>{_e(name)}<td class=n>{figure.value:.4f}<td class=n>{figure.low:.3f} to {figure.high:.3f}"
        f"<td class=n>{figure.n}<td>{_bar(figure) if 0 <= figure.value <= 1 else ''}</tr>"
    )


def _bar(figure: Figure) -> str:
    """A bar with its interval as a whisker."""
    return (
        f"<svg width=160 height=14 role=img aria-label='{figure.value:.2f}'><rect class=bar y=3 height=8 width={160 * figure.value:.1f} />"
        f"<line class=whisker x1={160 * max(0, figure.low):.1f} x2={160 * min(1, figure.high):.1f} y1=7 y2=7 /></svg>"
    )


def _failed_case(judged: Judged, run: Run) -> str:
    out = run.records.get(judged.case.id, {}).get("output", {})
    passages = "".join(
        f"<blockquote>[{c['n']}] {_e(c['title'])}: {_e(c['passage'])}</blockquote>" for c in out.get("citations", ())
    )
    asked = judged.case.question or json.dumps(judged.case.raw.get("script", {}), ensure_ascii=False)
    given = out.get("answer") or json.dumps({k: v for k, v in out.items() if k != "hits"}, ensure_ascii=False)
    return (
        f"<details><summary>{_e(judged.case.id)}: {_e(asked[:140])}</summary><p class=reason>{_e('; '.join(judged.reasons))}</p>"
        f"<p>{_e(given[:3000])}</p>{passages}<p>expected: {_e(json.dumps(judged.case.expect, ensure_ascii=False))}</p></details>"
    )


def _rounded(figure: Figure) -> dict[str, float]:
    return {name: round(value, 6) for name, value in dataclasses.asdict(figure).items()}


def _e(text: str) -> str:
    return html.escape(str(text), quote=True)
