"""The page for founders: chat beside a living summary. A thin Gradio face over `Visits`; no logic lives here."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import jinja2
from fastapi import FastAPI
from gradio import routes

from advisor.web import render
from advisor.web.choices import quick
from advisor.web.front import PERSON
from advisor.web.labels import NAMES, chosen, words
from advisor.web.library import Library
from advisor.web.problems import Problem
from advisor.web.summary import summary
from advisor.web.visits import Visits

_HERE = Path(__file__).parent
_SAYS = "element.addEventListener('click', (e) => { const b = e.target.closest('[data-choice]'); if (b) trigger('select', JSON.parse(b.dataset.choice)); });"
_CHANGES = """
element.addEventListener('click', (e) => {
  const b = e.target.closest('[data-say]'); if (b) trigger('select', { say: b.dataset.say });
});
element.addEventListener('submit', (e) => {
  e.preventDefault();
  const f = e.target, v = f.elements.value;
  const shown = v.selectedOptions ? v.selectedOptions[0].textContent : v.value;
  trigger('select', { slot: f.dataset.slot, value: v.value, shown: f.dataset.label + ': ' + shown });
});
element.addEventListener('ca-erased', () => trigger('clear', {}));
"""
_CARDS = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')
Step = tuple[Any, ...]  # values for chat, box, owner, choices and panel
_SAME = (gr.skip(),) * 5


class Face:
    """What the page's events do."""

    def __init__(self, visits: Visits, library: Library) -> None:
        self.visits, self.library = visits, library

    def ask(self, message: str, history: list[Any], kept: Any, lang: str, request: gr.Request) -> Iterator[Step]:
        """A message from the field."""
        if message.strip():
            yield from self._turn(message, "", message, history, kept, lang, request)
        else:
            yield _SAME

    def press(
        self, history: list[Any], kept: Any, lang: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[Step]:
        """A button, or a correction in the summary."""
        data = event._data or {}
        text = str(data.get("say") or data.get("value") or "")
        yield from self._turn(
            text, str(data.get("slot") or ""), str(data.get("shown") or text), history, kept, lang, request
        )

    def _turn(
        self, text: str, slot: str, said: str, history: list[Any], kept: Any, lang: str, request: gr.Request
    ) -> Iterator[Step]:
        history = [*history, {"role": "user", "content": html.escape(said)}]
        events: list[Any] = []

        def so_far(running: bool) -> list[Any]:
            made = render.reply(events, len(history), words(lang), self.library.path, running=running)
            return [*history, {"role": "assistant", "content": made}]

        try:
            mine = self.visits.admit(kept, request.client.host if request.client else "")
        except Problem as problem:  # what was typed stays in the field
            events.append(("error", {"detail": problem.detail, "retry_after": problem.retry_after}))
            yield so_far(False), *_SAME[1:]
            return
        # Said once and only where it is new: what is deleted meanwhile must not come back into the browser.
        yield so_far(True), "", gr.skip() if kept and mine[0] == kept[0] else mine, "", gr.skip()
        for event in self.visits.say(mine[0], text, slot):
            events.append(event)
            if event[0] != "retrieved":
                yield so_far(True), *_SAME[1:]
        yield so_far(False), gr.skip(), gr.skip(), *self._beside(mine, lang)

    def _beside(self, mine: Any, lang: str) -> tuple[str, str]:
        """Choices and summary."""
        state = self.visits.state(mine[0]) if mine else {}
        return quick(state, lang), summary(state, mine, lang, self.library.path, self.visits.handover)

    def restored(self, kept: Any, lang: str) -> Step:
        """The conversation as it was kept; an empty page where there is none."""
        mine = self.visits.known(kept)
        history: list[Any] = []
        for text, events in self.visits.turns(mine[0]) if mine else ():
            history.append({"role": "user", "content": html.escape(spoken(text, lang))})
            made = render.reply(events, len(history), words(lang), self.library.path)
            history.append({"role": "assistant", "content": made})
        return history, "", mine, *self._beside(mine, lang)

    def cleared(self, lang: str) -> Step:
        return self.restored(None, lang)

    def arrive(self, kept: Any, request: gr.Request) -> tuple[Any, ...]:
        """The page in the visitor's language, with their conversation. Only now can they write."""
        lang = chosen(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
        w = words(lang)
        keeper = self.visits.keeps(request.request.scope.get(PERSON, "")) if request.request else False
        history, _, *rest = self.restored(kept, lang)
        made = gr.update(value=history, placeholder=f"**{w['welcome']}**\n\n{w['welcome_text']}", label=w["chat"])
        box = gr.update(placeholder=w["box"], label=w["label"], interactive=True)
        buttons = gr.update(value=w["ask"], interactive=True), gr.update(value=w["stop"])
        return (lang, header(lang, keeper=keeper), box, *buttons, made, *rest)

    def stop(self, history: list[Any], lang: str) -> list[Any]:
        """The reply no longer says that it goes on."""
        for one in history[-1:]:
            for part in one["content"] if isinstance(one["content"], list) else ():
                part["text"] = render.stopped(part["text"], words(lang))
        return history

    def vote(self, event: gr.LikeData, kept: Any) -> None:
        mine = self.visits.known(kept)
        if mine:
            self.visits.vote(mine[0], str(event.value), bool(event.liked))


def page(visits: Visits, library: Library) -> gr.Blocks:
    """The page as Gradio blocks."""
    face = Face(visits, library)
    blocks: gr.Blocks
    with gr.Blocks(title="Cluster Advisor", fill_height=True, analytics_enabled=False) as blocks:
        owner = gr.BrowserState(None, storage_key="cluster-advisor", secret="cluster-advisor")
        language = gr.State("en")
        head = gr.HTML(header("en"), elem_id="ca-head", apply_default_css=False)
        with gr.Row(elem_id="ca-main"):
            with gr.Column(scale=3, elem_id="ca-left", min_width=320):
                chat = _chat()
                choices = gr.HTML("", elem_id="ca-quick", js_on_load=_SAYS, apply_default_css=False)
                with gr.Row(elem_id="ca-ask"):
                    box, send, stop = _field()
            with gr.Column(scale=2, elem_id="ca-right", min_width=320):
                panel = gr.HTML("", elem_id="ca-panel", js_on_load=_CHANGES, apply_default_css=False)
        told, shown = [chat, owner, language], [chat, box, owner, choices, panel]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        send_or_enter = [box.submit, send.click]
        running = [
            gr.on(
                send_or_enter,
                face.ask,
                [box, *told],
                shown,
                concurrency_limit=8,
                api_name="ask",
                show_progress="hidden",
            ),
            choices.select(face.press, told, shown, concurrency_limit=8, **quiet),
            panel.select(face.press, told, shown, concurrency_limit=8, **quiet),
        ]
        stop.click(face.stop, [chat, language], [chat], cancels=running, **quiet)
        panel.clear(face.cleared, [language], shown, cancels=running, **quiet)
        greeted = [language, head, box, send, stop, chat, owner, choices, panel]
        arrived = blocks.load(face.arrive, [owner], greeted, js="(kept) => window.advisorOwner(kept)", **quiet)
        arrived.then(None, js="() => window.advisorReady()")
        chat.like(face.vote, [owner], None, **quiet)
    return blocks


def _field() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    """Where one writes; closed until the conversation is there, so that nothing is written past it."""
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        scale=8,
        lines=1,
        max_lines=6,
        autofocus=True,
        interactive=False,
        elem_id="ca-box",
    )
    send = gr.Button("Ask", variant="primary", scale=1, min_width=80, interactive=False, elem_id="ca-send")
    return box, send, gr.Button("Stop", scale=1, min_width=80, elem_id="ca-stop")


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="ca-chat",
        label="Conversation",
        show_label=False,
        height="calc(100dvh - 20rem)",
        autoscroll=False,  # page.html moves to the question: the answer is read from its beginning
        layout="panel",
        buttons=["copy"],
        feedback_options=("Helpful", "Not helpful"),
        latex_delimiters=[],
    )


def spoken(text: str, lang: str) -> str:
    """A message as its sender saw it."""
    return words(lang)["not_sure"] if text == "unknown" else text


def header(lang: str, *, keeper: bool = False) -> str:
    """Name, promise, the ways to the library and, for its keepers, to the review; languages; the switch of small screens."""
    w = words(lang)
    tongues = "".join(
        f'<a href="?lang={code}" lang="{code}" title="{name}" aria-label="{name}"{" aria-current=true" if code == lang else ""}>{code.upper()}</a>'
        for code, name in NAMES.items()
    )
    review = f'<a class="ca-review" href="/agency/own/review">{html.escape(w["review"])}</a>' if keeper else ""
    return (
        f'<header class="ca-head" lang="{lang}"><div><h1>Cluster Advisor</h1><p>{html.escape(w["tagline"])}</p></div>'
        f'<nav><a class="ca-library" href="/library?lang={lang}">{w["library"]}</a>{review}<span class="ca-tongues">{tongues}</span></nav>'
        f'<div class="ca-switch"><button type="button" data-view="chat" aria-pressed="true">{w["chat"]}</button>'
        f'<button type="button" data-view="summary" aria-pressed="false">{w["summary"]}</button></div></header>'
    )


def mount(app: FastAPI, visits: Visits, library: Library) -> FastAPI:
    """Put the page at `/` of our application; routes registered before keep working."""
    _without_cards()
    theme = gr.themes.Soft(
        primary_hue="teal",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page(visits, library),
        path="/",
        theme=theme,
        css_paths=_HERE / "page.css",
        head_paths=_HERE / "page.html",
        footer_links=[],
        run_history=False,  # else the browser keeps what was said, and the owner's token, in plain text
        show_error=True,
    )
    return mounted


def _without_cards() -> None:
    """Gradio's template describes itself to social networks, with addresses elsewhere: our page has no such lines."""
    environment = routes.templates.env
    loader = environment.loader
    if loader is not None and not isinstance(loader, jinja2.FunctionLoader):
        environment.loader = jinja2.FunctionLoader(lambda name: _CARDS.sub("", loader.get_source(environment, name)[0]))
