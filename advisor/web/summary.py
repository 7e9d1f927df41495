"""The living summary beside the chat, as HTML, card by card. A pure function of the conversation's state."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.web.card_known import keep, known
from advisor.web.card_place import profile, readiness, stage
from advisor.web.card_plan import plan
from advisor.web.cards import Link, card, e
from advisor.web.labels import Words, words


def summary(
    state: Mapping[str, Any], owner: Sequence[str] | None, language: str, link: Link, handover: str = ""
) -> str:
    """The whole panel; `owner` is the conversation with its token, for the page's own calls."""
    w = words(language)
    data = f' data-thread="{e(owner[0])}" data-token="{e(owner[1])}"' if owner else ""
    parts = (
        [profile(state["profile"], w), stage(state["stage"], w), readiness(state.get("readiness") or (), w)]
        if state.get("profile")
        else [_empty(w)]
    )
    if state.get("plan"):
        parts += [plan(state["plan"], w, link)]
    if state.get("slots"):
        parts += [known(state, w, language)]
    if owner and state.get("messages"):
        parts += [keep(state, w, handover)]
    return (
        f'<section class="ca-summary" lang="{language}" aria-label="{e(w["summary"])}"{data}>{"".join(parts)}</section>'
    )


def _empty(w: Words) -> str:
    steps = "".join(f"<li>{e(w[f'empty_{n}'])}</li>" for n in (1, 2, 3))
    return card(w["empty_title"], f'<ol class="ca-empty">{steps}</ol>', "empty")
