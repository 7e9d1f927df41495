"""What was understood, to correct, and what one takes along: files, another device, a person, the end."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from advisor.coach.slots import UNKNOWN, in_language, slots
from advisor.web.cards import card, e
from advisor.web.labels import Words, country, words
from advisor.web.widget_files import safe_link


def known(state: Mapping[str, Any], w: Words, language: str) -> str:
    said: set[str] = set()
    rows = []
    for name, value in state["slots"].items():
        if name in slots():
            quote = str(state.get("words", {}).get(name, ""))
            rows.append(_slot(name, value, "" if quote in said else quote, w, language))
            said.add(quote)
    hint = f'<p class="ca-dim">{e(w["known_hint"])}</p>'
    return card(w["known_title"], f'{hint}<dl class="ca-known">{"".join(rows)}</dl>', "known")


def _slot(name: str, value: Any, said: str, w: Words, language: str) -> str:
    slot = slots()[name]
    label = w.get(f"slot_{name}", name)
    shown = value_of(name, value, language)
    if slot.kind == "choice" and slot.options:
        options = "".join(
            f'<option value="{e(o.value)}"{" selected" if o.value == value else ""}>{e(in_language(o.label, language))}</option>'
            for o in slot.options
        )
        field = f'<select name="value" aria-label="{e(label)}">{options}<option value="{UNKNOWN}">{e(w["unknown"])}</option></select>'
    else:
        field = f'<input name="value" aria-label="{e(label)}" maxlength="200" required value="{e("" if value == UNKNOWN else shown)}">'
    quoted = f'<q class="ca-dim">{e(said)}</q>' if said and said.lower() != shown.lower() and value != UNKNOWN else ""
    return (
        f'<div><dt>{e(label)}</dt><dd><b>{e(shown)}</b> {quoted}<details class="ca-edit"><summary aria-label="{e(w["change"])}: {e(label)}">{e(w["change"])}</summary>'
        f'<form data-slot="{name}" data-label="{e(label)}">{field}<button class="ca-small">{e(w["save"])}</button></form></details></dd></div>'
    )


def value_of(name: str, value: Any, language: str) -> str:
    """A slot's value for people."""
    if value == UNKNOWN:
        return words(language)["unknown"]
    option = next((o for o in slots()[name].options if o.value == value), None)
    if option is not None:
        return in_language(option.label, language)
    return country(str(value), language) if slots()[name].kind == "country" else str(value)


def keep(state: Mapping[str, Any], w: Words, handover: str) -> str:
    forms = [("plan.md", "as_md"), ("plan.pdf", "as_pdf"), ("plan.ics", "as_ics")] if state.get("plan") else []
    buttons = "".join(
        f'<button type="button" class="ca-small" data-file="{file}">{e(w[name])}</button>'
        for file, name in [*forms, ("export.json", "as_json")]
    )
    link = safe_link(handover)
    if link.startswith("mailto:"):
        link += f"?subject={quote('Cluster Advisor')}&body={quote(brief(state, w))}"
    human = (
        f'<details><summary>{e(w["human"])}</summary><p>{e(w["human_consent"])}</p><a class="ca-small" target="_blank" rel="noopener noreferrer" href="{e(link)}">{e(w["human_yes"])}</a></details>'
        if link
        else ""
    )
    return card(
        w["keep_title"],
        f'<p class="ca-buttons">{buttons}<button type="button" class="ca-small" data-device="{e(w["device_text"])}">{e(w["device"])}</button></p>'
        f'<p id="ca-device" role="status"></p>{human}<details class="ca-erase"><summary>{e(w["erase"])}</summary><p>{e(w["erase_sure"])}</p>'
        f'<button type="button" class="ca-small" data-erase>{e(w["erase_yes"])}</button></details>',
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
