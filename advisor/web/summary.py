"""The living summary beside the chat, as HTML: profile, stage, readiness, plan, what was understood. Pure functions."""

import html
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from advisor.coach.slots import STAGES, UNKNOWN, in_language, slots
from advisor.web.labels import Words, country, words
from advisor.web.widget_files import safe_link

Link = Callable[[str, int], str]
HORIZONS = (30, 90, 365, 3650)


def summary(
    state: Mapping[str, Any], owner: Sequence[str] | None, language: str, link: Link, handover: str = ""
) -> str:
    """The whole panel; `owner` is the conversation with its token, for the page's own calls."""
    w = words(language)
    data = f' data-thread="{_e(owner[0])}" data-token="{_e(owner[1])}"' if owner else ""
    parts = (
        [_profile(state["profile"], w), _stage(state["stage"], w), _readiness(state.get("readiness") or (), w)]
        if state.get("profile")
        else [_empty(w)]
    )
    if state.get("plan"):
        parts += [_plan(state["plan"], w, link)]
    if state.get("slots"):
        parts += [_known(state, w, language)]
    if owner and state.get("messages"):
        parts += [_keep(state, w, handover)]
    return f'<section class="ca-summary" lang="{language}" aria-label="{_e(w["summary"])}"{data}>{"".join(parts)}</section>'


def _card(title: str, body: str, name: str, more: str = "") -> str:
    return f'<section class="ca-card" id="ca-{name}" tabindex="-1"><div class="ca-cardhead"><h2>{_e(title)}</h2>{more}</div>{body}</section>'


def _empty(w: Words) -> str:
    steps = "".join(f"<li>{_e(w[f'empty_{n}'])}</li>" for n in (1, 2, 3))
    return _card(w["empty_title"], f'<ol class="ca-empty">{steps}</ol>', "empty")


def _profile(profile: Mapping[str, Any], w: Words) -> str:
    rows = "".join(
        f"<li{' class=ca-first' if not place else ''}><span>{_e(w.get('profile_' + row['profile'], row['profile']))}</span>"
        f'<b>{row["probability"]:.0%}</b><i style="--share:{row["probability"]:.3f}"></i></li>'
        for place, row in enumerate(profile["ranking"][:3])
    )
    quotes = dict.fromkeys(str(row["quote"]) for row in profile["evidence"] if row.get("quote"))
    said = "".join(f"<li>“{_e(quote)}”</li>" for quote in list(quotes)[:3])
    evidence = f'<h3>{_e(w["your_words"])}</h3><ul class="ca-quotes">{said}</ul>' if said else ""
    no = f'<button type="button" class="ca-small" data-say="{_e(w["not_me"])}">{_e(w["not_me"])}</button>'
    return _card(w["profile_title"], f'<ol class="ca-bars">{rows}</ol>{evidence}', "profile", no)


def _stage(stage: str, w: Words) -> str:
    at = STAGES.index(stage) if stage in STAGES else -1
    steps = "".join(
        f'<li class="{"ca-past" if n < at else "ca-now" if n == at else ""}"{" aria-current=step" if n == at else ""}>'
        f"<span>{_e(w['stage_' + name])}</span>{'<em>' + _e(w['here']) + '</em>' if n == at else ''}</li>"
        for n, name in enumerate(STAGES)
    )
    return _card(w["stage_title"], f'<ol class="ca-line">{steps}</ol>', "stage")


def _readiness(rows: Sequence[Mapping[str, Any]], w: Words) -> str:
    if not rows:
        return ""
    total = w["ready_of"].format(n=sum(row["score"] for row in rows))
    table = "".join(
        f'<tr><th scope="row">{_e(w[_item(row)])}</th><td>{row["score"]}/4</td><td>{_e(row["gap"])}</td></tr>'
        for row in rows
    )
    head = "".join(f'<th scope="col">{_e(w[name])}</th>' for name in ("item", "score", "next_level"))
    return _card(
        w["ready_title"],
        f'{radar(rows, w)}<p class="ca-dim">{_e(w["ready_hint"])}</p><details><summary>{_e(w["ready_table"])}</summary>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table></details>",
        "ready",
        f'<span class="ca-dim">{_e(total)}</span>',
    )


def radar(rows: Sequence[Mapping[str, Any]], w: Words) -> str:
    """A radar chart as inline SVG; the figures stand in the table below it too."""

    def at(n: int, radius: float) -> tuple[float, float]:
        angle = 2 * math.pi * n / len(rows) - math.pi / 2
        return 230 + radius * math.cos(angle), 140 + radius * math.sin(angle)

    def ring(radii: Sequence[float]) -> str:
        return " ".join("{:.1f},{:.1f}".format(*at(n, radius)) for n, radius in enumerate(radii))

    grid = "".join(f'<polygon points="{ring([25 * level] * len(rows))}"/>' for level in (1, 2, 3, 4))
    spokes = "".join('<line x1="230" y1="140" x2="{:.1f}" y2="{:.1f}"/>'.format(*at(n, 100)) for n in range(len(rows)))
    shape = ring([25 * row["score"] for row in rows])
    dots = "".join(
        '<circle cx="{:.1f}" cy="{:.1f}" r="4"/>'.format(*at(n, 25 * row["score"])) for n, row in enumerate(rows)
    )
    names = []
    for n, row in enumerate(rows):
        x, y = at(n, 112)
        anchor = "middle" if abs(x - 230) < 20 else "start" if x > 230 else "end"
        names.append(
            f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">{_e(w[_item(row)])} {row["score"]}</text>'
        )
    said = "; ".join(f"{w[_item(row)]}: {row['score']}" for row in rows)
    return (
        f'<svg class="ca-radar" viewBox="0 0 460 280" role="img" aria-label="{_e(said)}"><g class="ca-grid">{grid}{spokes}</g>'
        f'<polygon class="ca-shape" points="{shape}"/><g class="ca-dots">{dots}</g>{"".join(names)}</svg>'
    )


def _plan(plan: Mapping[str, Any], w: Words, link: Link) -> str:
    steps = plan["steps"]
    cited = {row["n"]: row for row in plan["citations"]}
    parts = []
    for horizon in HORIZONS:
        rows = "".join(_step(row, w, cited, link) for row in steps if row["horizon"] == horizon)
        parts.append(f'<h3>{_e(w[f"plan_{horizon}"])}</h3><ul class="ca-steps">{rows}</ul>' if rows else "")
    done = sum(bool(row.get("done")) for row in steps)
    pattern = _e(w["plan_done"])
    progress = f'<span class="ca-dim" id="ca-done" data-text="{pattern}" role="status">{pattern.format(done=done, n=len(steps))}</span>'
    more = _programmes(plan, w, link) + _cases(plan, w, link) + _runway(plan, w)
    return _card(w["plan_title"], "".join(parts) + more, "plan", progress)


def _step(row: Mapping[str, Any], w: Words, cited: Mapping[int, Mapping[str, Any]], link: Link) -> str:
    facts = "".join(
        f"<dt>{_e(w[name])}</dt><dd>{_e(row[name])}</dd>" for name in ("why", "who", "sign", "risk") if row.get(name)
    )
    grounds = "".join(
        f"<dt>{_e(w['source'])}</dt><dd>{_e(row.get('grounds', ''))} {_to(link(cited[n]['document_id'], cited[n]['line']), cited[n]['title'])}</dd>"
        for n in row["citations"][:1]
        if n in cited
    )
    name = _e(row["id"])
    return (
        f'<li><input type="checkbox" id="step-{name}" data-step="{name}"{" checked" if row.get("done") else ""}>'
        f'<div><label for="step-{name}">{_e(row["action"])}</label><details><summary>{_e(w["why"])} · {_e(w["who"])} · {_e(w["source"])}</summary>'
        f"<dl>{facts}{grounds}</dl></details></div></li>"
    )


def _programmes(plan: Mapping[str, Any], w: Words, link: Link) -> str:
    rows = "".join(
        f'<li>{_to(link(row["id"], 0), row["title"])} <span class="ca-dim">{_e(w["you_meet"].format(n=row["meet"], of=row["of"]))} · '
        f"{_e(w['lib_as_of'].format(date=row['as_of']))}</span></li>"
        for row in plan["programmes"]
    )
    return f"<details><summary>{_e(w['programmes'])}</summary><ul>{rows}</ul></details>" if rows else ""


def _cases(plan: Mapping[str, Any], w: Words, link: Link) -> str:
    found = [(row, "") for row in plan["cases"]] + ([(plan["counter"], w["other_way"])] if plan["counter"] else [])
    rows = "".join(
        f'<li>{_to(link(row["id"], 0), row["title"])} <span class="ca-dim">{_e(note)}</span></li>'
        for row, note in found
    )
    return f"<details><summary>{_e(w['cases'])}</summary><ul>{rows}</ul></details>" if rows else ""


def _runway(plan: Mapping[str, Any], w: Words) -> str:
    made = plan.get("runway")
    if not made:
        return ""
    names = ("fees", "projects", "grant", "costs", "gap")
    head = "".join(f'<th scope="col">{_e(w[name])}</th>' for name in ("year", *names))
    rows = "".join(
        f'<tr><th scope="row">{row["year"]}</th>' + "".join(f"<td>{row[name]:,}</td>" for name in names) + "</tr>"
        for row in made["rows"]
    )
    return f"<details><summary>{_e(w['runway'])}</summary><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"


def _known(state: Mapping[str, Any], w: Words, language: str) -> str:
    said: set[str] = set()
    rows = []
    for name, value in state["slots"].items():
        if name in slots():
            quote = str(state.get("words", {}).get(name, ""))
            rows.append(_slot(name, value, "" if quote in said else quote, w, language))
            said.add(quote)
    hint = f'<p class="ca-dim">{_e(w["known_hint"])}</p>'
    return _card(w["known_title"], f'{hint}<dl class="ca-known">{"".join(rows)}</dl>', "known")


def _slot(name: str, value: Any, said: str, w: Words, language: str) -> str:
    slot = slots()[name]
    label = w.get(f"slot_{name}", name)
    shown = value_of(name, value, language)
    if slot.kind == "choice" and slot.options:
        options = "".join(
            f'<option value="{_e(o.value)}"{" selected" if o.value == value else ""}>{_e(in_language(o.label, language))}</option>'
            for o in slot.options
        )
        field = f'<select name="value" aria-label="{_e(label)}">{options}<option value="{UNKNOWN}">{_e(w["unknown"])}</option></select>'
    else:
        field = f'<input name="value" aria-label="{_e(label)}" maxlength="200" required value="{_e("" if value == UNKNOWN else shown)}">'
    quoted = f'<q class="ca-dim">{_e(said)}</q>' if said and said.lower() != shown.lower() and value != UNKNOWN else ""
    return (
        f'<div><dt>{_e(label)}</dt><dd><b>{_e(shown)}</b> {quoted}<details class="ca-edit"><summary aria-label="{_e(w["change"])}: {_e(label)}">{_e(w["change"])}</summary>'
        f'<form data-slot="{name}" data-label="{_e(label)}">{field}<button class="ca-small">{_e(w["save"])}</button></form></details></dd></div>'
    )


def value_of(name: str, value: Any, language: str) -> str:
    """A slot's value for people."""
    if value == UNKNOWN:
        return words(language)["unknown"]
    option = next((o for o in slots()[name].options if o.value == value), None)
    if option is not None:
        return in_language(option.label, language)
    return country(str(value), language) if slots()[name].kind == "country" else str(value)


def _keep(state: Mapping[str, Any], w: Words, handover: str) -> str:
    forms = [("plan.md", "as_md"), ("plan.pdf", "as_pdf"), ("plan.ics", "as_ics")] if state.get("plan") else []
    buttons = "".join(
        f'<button type="button" class="ca-small" data-file="{file}">{_e(w[name])}</button>'
        for file, name in [*forms, ("export.json", "as_json")]
    )
    link = safe_link(handover)
    if link.startswith("mailto:"):
        link += f"?subject={quote('Cluster Advisor')}&body={quote(brief(state, w))}"
    human = (
        f'<details><summary>{_e(w["human"])}</summary><p>{_e(w["human_consent"])}</p><a class="ca-small" target="_blank" rel="noopener noreferrer" href="{_e(link)}">{_e(w["human_yes"])}</a></details>'
        if link
        else ""
    )
    return _card(
        w["keep_title"],
        f'<p class="ca-buttons">{buttons}<button type="button" class="ca-small" data-device="{_e(w["device_text"])}">{_e(w["device"])}</button></p>'
        f'<p id="ca-device" role="status"></p>{human}<details class="ca-erase"><summary>{_e(w["erase"])}</summary><p>{_e(w["erase_sure"])}</p>'
        f'<button type="button" class="ca-small" data-erase>{_e(w["erase_yes"])}</button></details>',
        "keep",
    )


def brief(state: Mapping[str, Any], w: Words) -> str:
    """What a person at the other end needs to know, in a few lines."""
    language = next((code for code in ("nb", "es", "de", "fr", "pt") if words(code) == w), "en")
    rows = [
        f"{w.get(f'slot_{name}', name)}: {value_of(name, value, language)}"
        for name, value in state.get("slots", {}).items()
        if name in slots()
    ]
    if state.get("profile"):
        first = state["profile"]["ranking"][0]
        rows.insert(
            0,
            f"{w['profile_title']}: {w.get('profile_' + first['profile'], first['profile'])} ({first['probability']:.0%})",
        )
    return "\n".join(rows)


def quick(state: Mapping[str, Any], language: str) -> str:
    """Buttons over the field: the pending question's options, else what one may say next."""
    w = words(language)
    spoken = words(state.get("language") or language)
    name = state.get("pending") or ""
    if name in slots():
        made = [(o.value, in_language(o.label, state.get("language") or language)) for o in slots()[name].options]
        buttons = "".join(_choice({"slot": name, "value": value, "shown": label}, label) for value, label in made)
        buttons += _choice(
            {"slot": name, "value": UNKNOWN, "shown": spoken["not_sure"]}, spoken["not_sure"], "ca-quiet"
        )
        return f'<div class="ca-quick" role="group" aria-label="{_e(w["own_words_hint"])}">{buttons}<span class="ca-dim">{_e(w["own_words_hint"])}</span></div>'
    if not state.get("messages"):
        says = [w[f"starter_{name}"] for name in ("situation", "profile", "programmes", "grant")]
    else:
        says = [] if state.get("plan") or not state.get("profile") else [spoken["make_plan"]]
    return f'<div class="ca-quick">{"".join(_choice({"say": text}, text) for text in says)}</div>' if says else ""


def _choice(data: Mapping[str, str], label: str, kind: str = "") -> str:
    return f'<button type="button" class="ca-choice {kind}" data-choice="{_e(json.dumps(data))}">{_e(label)}</button>'


def _item(row: Mapping[str, Any]) -> str:
    return f"item_{row['item']}"


def _to(path: str, text: str) -> str:
    return f'<a href="{_e(path)}" target="_blank">{_e(text)}</a>' if path else _e(text)


def _e(text: Any) -> str:
    return html.escape(str(text), quote=True)
