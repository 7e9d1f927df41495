"""Routes of conversations: open, ask, follow, read, tick, export, vote, erase."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from advisor.settings import Site
from advisor.web import streams
from advisor.web.bodies import (
    BASE,
    MEDIA,
    OWNED,
    STREAM,
    CodeIn,
    CodeOut,
    Conversation,
    FeedbackIn,
    Opened,
    OpenIn,
    SlotIn,
    TextIn,
    TickIn,
)
from advisor.web.door import Form
from advisor.web.owners import Thread
from advisor.web.parts import AddressOf, CallerOf, OwnedThread, Parts, PartsOf, Streamed, iso, opened, outline
from advisor.web.privacy import is_hosted, masked
from advisor.web.problems import Problem, documented
from advisor.web.sites import OWN

router = APIRouter(prefix="/api/v1/threads", tags=["conversations"])


SEND_SECONDS = 30.0  # a reader who takes nothing for so long is let go


class EventStream(StreamingResponse):
    """A stream that does not wait for ever for a reader who takes nothing."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], message: str) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Message-Id": message}
        super().__init__(content, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patient(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        with contextlib.suppress(TimeoutError):
            await super().__call__(scope, receive, patient)


@router.post("", status_code=201, responses=documented(*BASE))
async def open_thread(asked: OpenIn, here: PartsOf, key: AddressOf, who: CallerOf) -> Opened:
    """Open a conversation. The token is shown once: it owns the conversation."""
    site = opened(here, asked.site, who)
    await here.limiter.opening(key)
    thread, token = await run_in_threadpool(here.owners.open, site.key)
    return Opened(thread_id=thread, token=token, expires_at=iso(here.records.now() + site.retention_days * 86400))


@router.post("/claim", status_code=201, responses=documented(*BASE, 404))
async def claim(asked: CodeIn, here: PartsOf, key: AddressOf, who: CallerOf) -> Opened:
    """Take a conversation to this device by a single-use code."""
    await here.limiter.wrong_secret(key)
    found = await run_in_threadpool(
        here.owners.claim, asked.code, lambda site: here.sites.may_open(site, who) is not None
    )
    if found is None:
        raise Problem(404, "no_such_code", "That code is used, too old or not for this page.")
    thread, token = found
    return Opened(thread_id=thread.id, token=token, expires_at=iso(thread.seen + here.days(thread.site) * 86400))


@router.post("/{thread_id}/code", status_code=201, responses=documented(*OWNED))
async def code(thread: OwnedThread, here: PartsOf) -> CodeOut:
    """A code for another device: single use, 15 minutes; put it into a link's fragment."""
    made, expires = await run_in_threadpool(here.owners.code, thread.id)
    return CodeOut(code=made, expires_at=iso(expires))


@router.post(
    "/{thread_id}/messages",
    response_class=StreamingResponse,
    dependencies=[Streamed],
    responses=documented(*OWNED, 400, 409) | STREAM,
)
async def ask(
    asked: TextIn | SlotIn,
    thread: OwnedThread,
    here: PartsOf,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=128)] = None,
) -> Response:
    """Say something; the reply streams. A repeat under the same Idempotency-Key gets the same reply."""
    text, slot = (asked.text, "") if isinstance(asked, TextIn) else (asked.value, asked.slot)
    if len(text) > here.settings.max_question_chars:
        raise Problem(422, "invalid", f"At most {here.settings.max_question_chars} characters.")
    site = here.sites.get(thread.site) or OWN
    await here.limiter.message(thread.id, site)
    sent = await run_in_threadpool(here.records.take, thread.id, masked(text), f"{slot}\n{text}", idempotency_key)
    if not sent.same:
        raise Problem(422, "key_reused", "This Idempotency-Key came with another message before.")
    if sent.fresh:
        try:
            await run_in_threadpool(here.runs.leave, thread.id)
            here.runs.reserve(thread.id)
        except Problem:
            await run_in_threadpool(here.records.take_back, sent.id)
            raise
        run = await _begin(here, thread, site, sent.id, (text, slot))
        return EventStream(run.follow(0), sent.id)
    return EventStream(_follow(here, thread, sent.id, 0), sent.id)


async def _begin(here: Parts, thread: Thread, site: Site, message: str, said: tuple[str, str]) -> streams.Run:
    hosted = is_hosted(here.settings.llm) and site.hosted_model and await here.limiter.hosted()

    def keep(run: streams.Run) -> None:
        last = dict(run.log)
        done, profile = last.get("done", {}), last.get("profile", {})
        ranking = profile.get("ranking") or [{"profile": ""}]
        here.records.finish(
            message,
            run.log,
            outcome=done.get("outcome", ""),
            language=done.get("language", ""),
            profile=ranking[0]["profile"],
            stage=profile.get("stage", ""),
        )

    return here.runs.start(
        thread.id, message, lambda: here.coach.reply(thread.id, said[0], said[1], site, hosted), keep
    )


@router.get(
    "/{thread_id}/messages/{message_id}/events",
    response_class=StreamingResponse,
    dependencies=[Streamed],
    responses=documented(*OWNED) | STREAM,
)
async def events(
    thread: OwnedThread,
    here: PartsOf,
    message_id: Annotated[str, Path(max_length=40)],
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> Response:
    """Go on with a cut stream, after Last-Event-ID."""
    if not (await run_in_threadpool(here.records.log, thread.id, message_id))[0]:
        raise Problem(404, "no_such_message", "This conversation has no such message.")
    return EventStream(_follow(here, thread, message_id, streams.after(last_event_id, message_id)), message_id)


async def _follow(here: Parts, thread: Thread, message: str, seen: int) -> AsyncIterator[bytes]:
    """A reply that runs here, has ended, or runs in another worker."""
    until = time.monotonic() + 60
    while True:
        run = here.runs.live(thread.id, message)
        if run is not None:
            async for piece in run.follow(seen):
                yield piece
            return
        _, log = await run_in_threadpool(here.records.log, thread.id, message)
        if log is not None or time.monotonic() > until:
            cut = [("error", {"code": "interrupted", "detail": "This answer was interrupted. Please ask again."})]
            async for piece in streams.replay(message, log if log is not None else cut, seen):
                yield piece
            return
        yield b": beat\n\n"
        await asyncio.sleep(0.5)


@router.get("/{thread_id}", responses=documented(*OWNED))
async def read(thread: OwnedThread, here: PartsOf) -> Conversation:
    """The conversation: messages, interview answers, profile, plan."""
    return Conversation.model_validate(await run_in_threadpool(outline, here, thread))


@router.get("/{thread_id}/export.json", responses=documented(*OWNED))
async def export(thread: OwnedThread, here: PartsOf) -> Conversation:
    """Everything that is kept of this conversation, as a file."""
    found = await run_in_threadpool(outline, here, thread)
    return JSONResponse(found, headers={"Content-Disposition": 'attachment; filename="conversation.json"'})  # type: ignore[return-value]


@router.delete("/{thread_id}", status_code=204, responses=documented(*OWNED))
def erase(thread: OwnedThread, here: PartsOf) -> None:
    """Erase it everywhere."""
    here.runs.cancel(thread.id)
    here.coach.erase(thread.id)
    here.records.erase(thread.id)


@router.patch("/{thread_id}/plan/{step}", status_code=204, responses=documented(*OWNED))
def tick(thread: OwnedThread, here: PartsOf, step: Annotated[str, Path(max_length=80)], asked: TickIn) -> None:
    """Tick a step of the plan, or take the tick back."""
    if not here.coach.tick(thread.id, step, asked.done):
        raise Problem(404, "no_such_step", "The plan has no such step.")


@router.post("/{thread_id}/feedback", status_code=204, responses=documented(*OWNED))
def feedback(thread: OwnedThread, here: PartsOf, asked: FeedbackIn) -> None:
    """Vote on an answer; the last vote counts."""
    if not here.records.log(thread.id, asked.message_id)[0]:
        raise Problem(404, "no_such_message", "This conversation has no such message.")
    here.records.vote(thread.id, asked.message_id, asked.helpful, masked(asked.comment))


@router.get(
    "/{thread_id}/plan.{form}",
    response_class=Response,
    responses=documented(*OWNED)
    | {200: {"description": "The plan.", "content": {media.split(";")[0]: {} for media in MEDIA.values()}}},
)
def plan(thread: OwnedThread, here: PartsOf, form: Literal["md", "pdf", "ics"]) -> Response:
    """The plan as a file."""
    chosen: Form = form
    made = here.coach.export(thread.id, chosen)
    if made is None:
        raise Problem(404, "no_plan", "There is no plan in this conversation yet.")
    headers = {"Content-Disposition": f'attachment; filename="plan.{form}"', "Cache-Control": "no-store"}
    return Response(made, media_type=MEDIA[form], headers=headers)
