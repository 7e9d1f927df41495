"""What the routes of conversations take and give, as the OpenAPI document shows it."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MEDIA = {"md": "text/markdown; charset=utf-8", "pdf": "application/pdf", "ics": "text/calendar; charset=utf-8"}
EVENT = {  # each event of the stream
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string"},
        "event": {"enum": ["status", "retrieved", "sentence", "question", "profile", "plan", "done", "error"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Events until `done` or `error`.", "content": {"text/event-stream": {"schema": EVENT}}}
}
BASE, OWNED = (403, 408, 413, 422, 429, 503), (401, 403, 404, 408, 413, 422, 429, 503)
Legible = Annotated[str, Field(min_length=1, max_length=16000, pattern=r"\S")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpenIn(Strict):
    site: str = Field(default="", max_length=64, description="The site's key; empty for our own page.")


class Opened(BaseModel):
    thread_id: str
    token: str
    expires_at: str


class TextIn(Strict):
    text: Legible


class SlotIn(Strict):
    slot: str = Field(pattern=r"^[a-z][a-z_]{0,39}$")
    value: str = Field(min_length=1, max_length=500, pattern=r"\S")


class CodeIn(Strict):
    code: str = Field(min_length=1, max_length=200)


class CodeOut(BaseModel):
    code: str
    expires_at: str


class TickIn(Strict):
    done: bool


class FeedbackIn(Strict):
    message_id: str = Field(min_length=1, max_length=40)
    helpful: bool
    comment: str = Field(default="", max_length=2000)


class Conversation(BaseModel):
    thread_id: str
    site: str
    created_at: str
    expires_at: str
    messages: list[dict[str, Any]]
    slots: dict[str, Any]
    profile: dict[str, Any] | list[Any] | None
    plan: dict[str, Any] | None
