"""Pieces of HTML that the cards of the summary share. Everything is escaped."""

import html
from collections.abc import Callable
from typing import Any

Link = Callable[[str, int], str]  # where a document is read in the library, at a line


def card(title: str, body: str, name: str, more: str = "") -> str:
    return f'<section class="ca-card" id="ca-{name}" tabindex="-1"><div class="ca-cardhead"><h2>{e(title)}</h2>{more}</div>{body}</section>'


def to(path: str, text: str) -> str:
    return f'<a href="{e(path)}" target="_blank">{e(text)}</a>' if path else e(text)


def e(text: Any) -> str:
    return html.escape(str(text), quote=True)
