"""Buttons over the field: the pending question's options, else what one may say next."""

import json
from collections.abc import Mapping
from typing import Any

from advisor.coach.slots import UNKNOWN, in_language, slots
from advisor.web.cards import e
from advisor.web.labels import words


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
        return f'<div class="ca-quick" role="group" aria-label="{e(w["own_words_hint"])}">{buttons}<span class="ca-dim">{e(w["own_words_hint"])}</span></div>'
    if not state.get("messages"):
        says = [w[f"starter_{name}"] for name in ("situation", "profile", "programmes", "grant")]
    else:
        says = [] if state.get("plan") or not state.get("profile") else [spoken["make_plan"]]
    return f'<div class="ca-quick">{"".join(_choice({"say": text}, text) for text in says)}</div>' if says else ""


def _choice(data: Mapping[str, str], label: str, kind: str = "") -> str:
    return f'<button type="button" class="ca-choice {kind}" data-choice="{e(json.dumps(data))}">{e(label)}</button>'
