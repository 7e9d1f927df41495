"""The page for founders: chat beside a living summary. A thin Gradio face over `Visits`; no logic lives here."""

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from advisor.web import render
from advisor.web.labels import NAMES, chosen, words
from advisor.web.library import Library
from advisor.web.summary import quick, summary
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
element.addEventListener('ca-claimed', (e) => trigger('apply', e.detail));
"""


def page(visits: Visits, library: Library) -> gr.Blocks:
    """The page as Gradio blocks."""
    blocks: gr.Blocks
    with gr.Blocks(title="Cluster Advisor", fill_height=True) as blocks:
        owner = gr.BrowserState(None, storage_key="cluster-advisor", secret="cluster-advisor")
        language = gr.State("en")
        head = gr.HTML(header("en"), elem_id="ca-head", apply_default_css=False)
        with gr.Row(elem_id="ca-main"):
            with gr.Column(scale=3, elem_id="ca-left", min_width=320):
                chat = _chat()
                choices = gr.HTML(quick({}, "en"), elem_id="ca-quick", js_on_load=_SAYS, apply_default_css=False)
                with gr.Row(elem_id="ca-ask"):
                    box = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        scale=8,
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        elem_id="ca-box",
                    )
                    send = gr.Button("Ask", variant="primary", scale=1, min_width=80, elem_id="ca-send")
                    stop = gr.Button("Stop", scale=1, min_width=80, elem_id="ca-stop")
            with gr.Column(scale=2, elem_id="ca-right", min_width=320):
                panel = gr.HTML(
                    summary({}, None, "en", library.path),
                    elem_id="ca-panel",
                    js_on_load=_CHANGES,
                    apply_default_css=False,
                )
        shown = [chat, box, owner, choices, panel]

        def turn(
            text: str, slot: str, said: str, history: list[Any], kept: Any, lang: str
        ) -> Iterator[tuple[Any, ...]]:
            mine = visits.open(kept)
            w = words(lang)
            history = [*history, {"role": "user", "content": html.escape(said)}]
            events: list[Any] = []

            def so_far(running: bool) -> list[Any]:
                made = render.reply(events, len(history), w, library.path, running=running)
                return [*history, {"role": "assistant", "content": made}]

            yield so_far(True), "", mine, "", gr.skip()
            for event in visits.say(mine[0], text, slot):
                events.append(event)
                if event[0] != "retrieved":
                    yield so_far(True), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            state = visits.state(mine[0])
            yield (
                so_far(False),
                gr.skip(),
                mine,
                quick(state, lang),
                summary(state, mine, lang, library.path, visits.handover),
            )

        def ask(message: str, history: list[Any], kept: Any, lang: str) -> Iterator[tuple[Any, ...]]:
            if message.strip():
                yield from turn(message, "", message, history, kept, lang)
            else:
                yield (gr.skip(),) * 5

        def press(history: list[Any], kept: Any, lang: str, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
            data = event._data or {}
            text = str(data.get("say") or data.get("value") or "")
            yield from turn(text, str(data.get("slot") or ""), str(data.get("shown") or text), history, kept, lang)

        def restored(kept: Any, lang: str) -> tuple[Any, ...]:
            mine = visits.known(kept)
            state = visits.state(mine[0]) if mine else {}
            history: list[Any] = []
            for text, events in visits.turns(mine[0]) if mine else ():
                history.append({"role": "user", "content": html.escape(spoken(text, events, lang))})
                history.append(
                    {"role": "assistant", "content": render.reply(events, len(history), words(lang), library.path)}
                )
            return history, "", mine, quick(state, lang), summary(state, mine, lang, library.path, visits.handover)

        def arrive(kept: Any, request: gr.Request) -> tuple[Any, ...]:
            lang = chosen(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
            w = words(lang)
            history, _, *rest = restored(kept, lang)
            made = gr.update(value=history, placeholder=f"**{w['welcome']}**\n\n{w['welcome_text']}", label=w["chat"])
            texts = (
                gr.update(placeholder=w["box"], label=w["label"]),
                gr.update(value=w["ask"]),
                gr.update(value=w["stop"]),
            )
            return (lang, header(lang), *texts, made, *rest)

        def claimed(lang: str, event: gr.EventData) -> tuple[Any, ...]:
            return restored([event._data.get("thread"), event._data.get("token")], lang)

        told = [chat, owner, language]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        running = [
            gr.on(
                [box.submit, send.click],
                ask,
                [box, *told],
                shown,
                concurrency_limit=8,
                api_name="ask",
                show_progress="hidden",
            ),
            choices.select(press, told, shown, concurrency_limit=8, **quiet),
            panel.select(press, told, shown, concurrency_limit=8, **quiet),
        ]
        stop.click(None, cancels=running)
        panel.clear(lambda lang: restored(None, lang), [language], shown, **quiet)
        panel.apply(claimed, [language], shown, **quiet)
        blocks.load(arrive, [owner], [language, head, box, send, stop, chat, owner, choices, panel], **quiet)

        def vote(event: gr.LikeData, kept: Any) -> None:
            mine = visits.known(kept)
            if mine:
                visits.vote(mine[0], str(event.value), bool(event.liked))

        chat.like(vote, [owner], None, **quiet)
    return blocks


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


def spoken(text: str, events: list[Any], lang: str) -> str:
    """A message as its sender saw it."""
    return words(lang)["not_sure"] if text == "unknown" else text


def header(lang: str) -> str:
    """Name, promise, the way to the library, languages, and on small screens the switch between chat and summary."""
    w = words(lang)
    tongues = "".join(
        f'<a href="?lang={code}" lang="{code}" title="{name}" aria-label="{name}"{" aria-current=true" if code == lang else ""}>{code.upper()}</a>'
        for code, name in NAMES.items()
    )
    return (
        f'<header class="ca-head" lang="{lang}"><div><h1>Cluster Advisor</h1><p>{html.escape(w["tagline"])}</p></div>'
        f'<nav><a class="ca-library" href="/library?lang={lang}">{w["library"]}</a><span class="ca-tongues">{tongues}</span></nav>'
        f'<div class="ca-switch"><button type="button" data-view="chat" aria-pressed="true">{w["chat"]}</button>'
        f'<button type="button" data-view="summary" aria-pressed="false">{w["summary"]}</button></div></header>'
    )


def mount(app: FastAPI, visits: Visits, library: Library) -> FastAPI:
    """Put the page at `/` of our application; routes registered before keep working."""
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
        show_error=True,
    )
    return mounted
