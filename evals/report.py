"""One self-contained HTML file, and Markdown and JSON beside it. Nothing in it is loaded from elsewhere."""

import dataclasses
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals import plots, suites
from evals.gate import Miss
from evals.judged import Figure, Judged
from evals.run import Run
from evals.wording import ABOUT, NAMES

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --soft: #8881; --good: #0b7d6e; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --good: #45c3b0; --bad: #ff8a80; } }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: .2rem; } h2 { scroll-margin-top: 2.5rem; margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; } h3 { margin: 1.6rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .wide { overflow-x: auto; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; } dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; font: 12px system-ui, sans-serif; } svg text { fill: currentColor; } .grid { stroke: var(--line); } .whisker { stroke: var(--good); stroke-width: 3; opacity: .5; } .dot { fill: var(--good); } .floor { stroke: var(--bad); stroke-width: 2; } rect.right { fill: var(--good); } rect.wrong { fill: var(--bad); }
details { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .8rem; margin: .4rem 0; } summary { cursor: pointer; } summary b { font-weight: 600; }
.reason { color: var(--bad); } blockquote { border-left: 3px solid var(--line); margin: .4rem 0; padding: .2rem .8rem; background: var(--soft); font-size: .93rem; } .miss, .pass { border-radius: 6px; padding: .5rem .8rem; font-weight: 600; } .miss { color: var(--bad); border: 1px solid; } .pass { color: var(--good); border: 1px solid; }
nav { position: sticky; top: 0; background: Canvas; padding: .5rem 0; border-bottom: 1px solid var(--line); } nav a { margin-right: .9rem; } .muted { opacity: .75; }
"""


def write(
    folder: Path,
    judged: Mapping[str, Sequence[Judged]],
    figures: Mapping[str, Mapping[str, Figure]],
    run: Run,
    misses: Sequence[Miss],
    floors: Mapping[str, float] | None = None,
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
    (folder / "report.html").write_text(page(judged, figures, run, misses, floors), encoding="utf-8")


def markdown(figures: Mapping[str, Mapping[str, Figure]], misses: Sequence[Miss]) -> str:
    """The figures as one table a suite."""
    lines = ["# Evaluation", ""]
    lines += [f"**Worse than its floor:** {m.name} is {m.value:.4f}, floor {m.floor:.4f}" for m in misses]
    for suite, rows in figures.items():
        lines += ["", f"## {suite}", "", "| figure | value | 95 % interval | n |", "|---|---|---|---|"]
        lines += [f"| {name} | {f.value:.4f} | {f.low:.3f} to {f.high:.3f} | {f.n} |" for name, f in rows.items()]
    return "\n".join(lines) + "\n"


def page(
    judged: Mapping[str, Sequence[Judged]],
    figures: Mapping[str, Mapping[str, Figure]],
    run: Run,
    misses: Sequence[Miss],
    floors: Mapping[str, float] | None = None,
) -> str:
    """The whole report as HTML."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Evaluation of Cluster Advisor</title><style>{_STYLE}</style><h1>Evaluation of Cluster Advisor</h1>",
        _verdict(judged, misses, floors or {}),
        "<nav>" + "".join(f"<a href='#{_e(s)}'>{_e(s)}</a>" for s in figures) + "</nav>",
        _summary(figures, floors or {}),
        _settings(run),
    ]
    parts += [_suite(suite, rows, judged.get(suite, ()), run) for suite, rows in figures.items()]
    return "\n".join(parts)


def _verdict(judged: Mapping[str, Sequence[Judged]], misses: Sequence[Miss], floors: Mapping[str, float]) -> str:
    """What happened, in words."""
    rows = [j for suite in judged.values() for j in suite]
    crashed = sum(j.crashed for j in rows)
    text = f"<p>{len(rows)} judgements, {sum(not j.passed for j in rows)} failed, of which {crashed} crashed.</p>"
    if misses:
        worse = "".join(f"<li>{_e(m.name)} is {m.value:.4f}, its floor {m.floor:.4f}" for m in misses)
        return f"{text}<div class=miss>Worse than their floors:<ul>{worse}</ul></div>"
    return text + ("<p class=pass>Every figure keeps its floor.</p>" if floors else "")


def _summary(figures: Mapping[str, Mapping[str, Figure]], floors: Mapping[str, float]) -> str:
    shares = [(suite, rows["passed"]) for suite, rows in figures.items() if "passed" in rows]
    named = {suite: floors[f"{suite}.passed"] for suite, _ in shares if f"{suite}.passed" in floors}
    if not shares:
        return ""
    note = "Dots: share of cases that passed. Bars: 95 % interval. Red ticks: floors."
    return (
        f"<h3>Cases passed, by suite</h3><div class=wide>{plots.forest(shares, named)}</div><p class=muted>{note}</p>"
    )


def _settings(run: Run) -> str:
    rows = {**run.header.get("system", {}), "cases": run.header.get("cases", "")}
    listed = "".join(f"<dt>{_e(name)}<dd>{_e(value)}" for name, value in rows.items())
    return f"<details><summary>What was evaluated</summary><dl>{listed}</dl></details>"


def _suite(suite: str, rows: Mapping[str, Figure], judged: Sequence[Judged], run: Run) -> str:
    failed = [j for j in judged if not j.passed]
    parts = [f"<h2 id='{_e(suite)}'>{_e(suite)}</h2><p>{_e(ABOUT.get(suite, ''))}</p>", _plot(suite, judged, run)]
    parts.append(
        "<div class=wide><table><tr><th>figure<th class=n>value<th class=n>95 % interval<th class=n>n<th></tr>"
    )
    parts += [_row(name, figure) for name, figure in rows.items()]
    parts.append("</table></div>")
    if failed:
        parts.append(f"<h3>Failed: {len(failed)} of {len(judged)}</h3>")
    return "\n".join([*parts, *(_failed_case(j, run) for j in failed)])


def _plot(suite: str, judged: Sequence[Judged], run: Run) -> str:
    if suite == "profile" and judged:
        return f"<div class=wide>{plots.matrix(suites.confusion(judged, run))}</div>"
    if suite == "readability":
        words = [j.measures["words"] for j in judged if "words" in j.measures]
        return f"<div class=wide>{plots.histogram(words, 'words in an answer')}</div>"
    return ""


def _row(name: str, figure: Figure) -> str:
    spoken = NAMES.get(name, name.replace("top1_", "right profile first, ").replace("_", " "))
    return (
        f"<tr><td title='{_e(name)}'>{_e(spoken)}<td class=n>{figure.value:.4g}<td class=n>{figure.low:.3g} to {figure.high:.3g}"
        f"<td class=n>{figure.n}<td>{_bar(figure) if 0 <= figure.low <= figure.high <= 1.0001 else ''}</tr>"
    )


def _bar(figure: Figure) -> str:
    """A bar with its interval as a whisker."""
    return (
        f"<svg width=160 height=14 role=img aria-label='{figure.value:.2f}'><rect class=right y=3 height=8 width={160 * figure.value:.1f} fill-opacity=.6 />"
        f"<line stroke=currentColor x1={160 * max(0, figure.low):.1f} x2={160 * min(1, figure.high):.1f} y1=7 y2=7 /></svg>"
    )


def _failed_case(judged: Judged, run: Run) -> str:
    record: Mapping[str, Any] = run.records.get(judged.case.id, {})
    out: Mapping[str, Any] = record.get("output", {})
    asked = judged.case.question or str(judged.case.raw.get("script", {}).get("opening", ""))
    before = "".join(f"<p class=muted>{_e(u)}<br>{_e(said)}</p>" for u, said in judged.case.history)
    passages = "".join(
        f"<blockquote>[{c['n']}] <b>{_e(c['title'])}</b><br>{_e(c['passage'])}</blockquote>"
        for c in out.get("citations", ())
    )
    return (
        f"<details><summary><b>{_e(judged.case.id)}</b> {_e(asked[:160])}</summary>"
        f"<p class=reason>{_e('; '.join(judged.reasons))}</p>{before}<p>{_e(asked)}</p>"
        f"<h3>Given</h3>{_given(out)}{passages}"
        f"<h3>Expected</h3><p class=muted>{_e(json.dumps(judged.case.expect, ensure_ascii=False))}</p></details>"
    )


def _given(out: Mapping[str, Any]) -> str:
    """An answer with its citation marks, or whatever else the system gave."""
    if "sentences" in out:
        marked = " ".join(s["text"] + "".join(f" [{n}]" for n in s["citations"]) for s in out["sentences"])
        return f"<p><b>{_e(out['outcome'])}</b>: {_e(marked[:4000])}</p>"
    rest = {name: value for name, value in out.items() if name not in ("hits", "citations")}
    return f"<dl>{''.join(f'<dt>{_e(k)}<dd>{_e(json.dumps(v, ensure_ascii=False))}' for k, v in rest.items())}</dl>"


def _rounded(figure: Figure) -> dict[str, float]:
    return {name: round(value, 6) for name, value in dataclasses.asdict(figure).items()}


def _e(text: object) -> str:
    return html.escape(str(text), quote=True)
