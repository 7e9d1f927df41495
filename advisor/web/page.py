"""The chat page for founders: a thin Gradio face over `reply`. No logic lives here."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from advisor.documents import Asked, Citation, Done, Event, Failed, Planned, Profiled, Sentence, SentenceSaid, Status
from advisor.errors import AdvisorError
from advisor.web import render

STARTERS = (
    "Which starter profile am I?",
    "Who usually starts an innovation cluster?",
    "What happened when Norway's west-coast tourism cluster lost its grant?",
    "Which programmes could pay for a young cluster in Norway?",
    "How do clusters live after public money ends?",
)
_HERE = Path(__file__).parent
Reply = Callable[[str, str], Iterator[Event]]
Feedback = Callable[[str, str, bool], None]


def page(reply: Reply, feedback: Feedback) -> gr.Blocks:
    """The page as Gradio blocks. `reply(thread, message)` streams events; `feedback(thread, text, helpful)` keeps a vote."""
    blocks: gr.Blocks
    with gr.Blocks(title="Cluster Advisor", fill_height=True) as blocks:
        thread = gr.BrowserState(None, storage_key="cluster-advisor-thread", secret="cluster-advisor")
        gr.HTML(
            '<header class="ca-head"><h1>Cluster Advisor</h1><p>For people who start, grow or renew innovation clusters. '
            "Every sentence carries its source.</p></header>"
        )
        chat = gr.Chatbot(
            elem_id="ca-chat",
            label="Conversation",
            show_label=False,
            height="64vh",
            autoscroll=False,  # page.html moves to the question: the answer is read from its beginning
            layout="panel",
            buttons=["copy"],
            feedback_options=("Helpful", "Not helpful"),
            placeholder="Tell me about your situation, or ask a question.",
            latex_delimiters=[],
        )
        with gr.Row(elem_id="ca-ask"):
            box = gr.Textbox(
                placeholder="Your question or situation",
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
        with gr.Row(elem_id="ca-starters"):
            starters = [gr.Button(text, size="sm", elem_classes="ca-starter", min_width=0) for text in STARTERS]

        def ask(message: str, history: list[dict[str, Any]], thread_id: str | None) -> Iterator[tuple[Any, ...]]:
            thread_id = thread_id or uuid.uuid4().hex
            history = [*history, {"role": "user", "content": message}]
            for shown in stream(reply(thread_id, message), len(history)):
                yield [*history, {"role": "assistant", "content": shown}], "", thread_id

        inputs, outputs = [box, chat, thread], [chat, box, thread]
        running = [
            gr.on([box.submit, send.click], ask, inputs, outputs, concurrency_limit=8, api_name="ask"),
            *(
                button.click(lambda text=text: text, None, box, queue=False, api_visibility="private").then(
                    ask, inputs, outputs, concurrency_limit=8, api_visibility="private"
                )
                for button, text in zip(starters, STARTERS, strict=True)
            ),
        ]
        stop.click(None, cancels=running)

        def vote(event: gr.LikeData, thread_id: str | None) -> None:
            feedback(thread_id or "", str(event.value), bool(event.liked))

        chat.like(vote, [thread], None, api_visibility="private")
    return blocks


def stream(events: Iterator[Event], turn: int) -> Iterator[str]:
    """The growing answer as HTML, one step an event."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    asked = shown = ""
    status = "searching"
    yield render.answer((), (), status, turn)
    try:
        for event in events:
            if isinstance(event, Status):
                status = event.step
            elif isinstance(event, SentenceSaid):
                sentences.append(event.sentence)
                citations.extend(event.citations)
            elif isinstance(event, Asked):
                asked += render.question(event)
            elif isinstance(event, Profiled):
                shown = render.profile(event)
            elif isinstance(event, Planned):
                asked += render.plan(event)
            elif isinstance(event, Failed):
                sentences.append(Sentence(event.message, "notice"))
            elif isinstance(event, Done):
                status = ""
            yield shown + render.answer(sentences, citations, status, turn) + asked
    except AdvisorError as problem:
        yield render.answer([*sentences, Sentence(str(problem), "notice")], citations, "", turn)


def mount(app: FastAPI, reply: Reply, feedback: Feedback) -> FastAPI:
    """Put the page at `/` of our application; routes registered before keep working."""
    theme = gr.themes.Soft(
        primary_hue="teal",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page(reply, feedback),
        path="/",
        theme=theme,
        css_paths=_HERE / "page.css",
        head_paths=_HERE / "page.html",
        footer_links=[],
        show_error=True,
    )
    return mounted
