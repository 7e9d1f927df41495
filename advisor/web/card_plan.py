"""The plan with its steps to tick, programmes, comparable cases and the runway."""

from collections.abc import Mapping
from typing import Any

from advisor.web.cards import Link, card, e, to
from advisor.web.labels import Words

HORIZONS = (30, 90, 365, 3650)


def plan(made: Mapping[str, Any], w: Words, link: Link) -> str:
    steps = made["steps"]
    cited = {row["n"]: row for row in made["citations"]}
    parts = []
    for horizon in HORIZONS:
        rows = "".join(_step(row, w, cited, link) for row in steps if row["horizon"] == horizon)
        parts.append(f'<h3>{e(w[f"plan_{horizon}"])}</h3><ul class="ca-steps">{rows}</ul>' if rows else "")
    done = sum(bool(row.get("done")) for row in steps)
    pattern = e(w["plan_done"])
    progress = f'<span class="ca-dim" id="ca-done" data-text="{pattern}" role="status">{pattern.format(done=done, n=len(steps))}</span>'
    more = _programmes(made, w, link) + _cases(made, w, link) + _runway(made, w)
    note = f'<p class="ca-dim">{e(w["plan_note"])}</p>'
    return card(w["plan_title"], note + "".join(parts) + more, "plan", progress)


def _step(row: Mapping[str, Any], w: Words, cited: Mapping[int, Mapping[str, Any]], link: Link) -> str:
    facts = "".join(
        f"<dt>{e(w[name])}</dt><dd>{e(row[name])}</dd>" for name in ("why", "who", "sign", "risk") if row.get(name)
    )
    grounds = "".join(
        f"<dt>{e(w['source'])}</dt><dd>{e(row.get('grounds', ''))} {to(link(cited[n]['document_id'], cited[n]['line']), cited[n]['title'])}</dd>"
        for n in row["citations"][:1]
        if n in cited
    )
    name = e(row["id"])
    return (
        f'<li><input type="checkbox" id="step-{name}" data-step="{name}"{" checked" if row.get("done") else ""}>'
        f'<div><label for="step-{name}">{e(row["action"])}</label><details><summary>{e(w["why"])} · {e(w["who"])} · {e(w["source"])}</summary>'
        f"<dl>{facts}{grounds}</dl></details></div></li>"
    )


def _programmes(plan: Mapping[str, Any], w: Words, link: Link) -> str:
    rows = "".join(
        f'<li>{to(link(row["id"], 0), row["title"])} <span class="ca-dim">{e(w["you_meet"].format(n=row["meet"], of=row["of"]))} · '
        f"{e(w['lib_as_of'].format(date=row['as_of']))}</span></li>"
        for row in plan["programmes"]
    )
    return f"<details><summary>{e(w['programmes'])}</summary><ul>{rows}</ul></details>" if rows else ""


def _cases(plan: Mapping[str, Any], w: Words, link: Link) -> str:
    found = [(row, "") for row in plan["cases"]] + ([(plan["counter"], w["other_way"])] if plan["counter"] else [])
    rows = "".join(
        f'<li>{to(link(row["id"], 0), row["title"])} <span class="ca-dim">{e(note)}</span></li>' for row, note in found
    )
    return f"<details><summary>{e(w['cases'])}</summary><ul>{rows}</ul></details>" if rows else ""


def _runway(plan: Mapping[str, Any], w: Words) -> str:
    made = plan.get("runway")
    if not made:
        return ""
    names = ("fees", "projects", "grant", "costs", "gap")
    head = "".join(f'<th scope="col">{e(w[name])}</th>' for name in ("year", *names))
    rows = "".join(
        f'<tr><th scope="row">{row["year"]}</th>' + "".join(f"<td>{row[name]:,}</td>" for name in names) + "</tr>"
        for row in made["rows"]
    )
    return f"<details><summary>{e(w['runway'])}</summary><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
