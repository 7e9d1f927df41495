"""Errors of the API as RFC 9457 problem+json: one place where the tree of errors meets HTTP."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from advisor.errors import AdvisorError, RequestError

_log = logging.getLogger(__name__)
MEDIA = "application/problem+json"


class ProblemBody(BaseModel):
    """RFC 9457: what went wrong, for programs and people. `code` is stable."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    retry_after: int | None = None


class Problem(Exception):
    """A request that is answered with problem+json."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.retry_after, self.headers = retry_after, dict(headers or {})


def unauthorised() -> Problem:
    """No token at all."""
    return Problem(
        401,
        "token_missing",
        "Send the conversation's token in the Authorization header.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def no_thread() -> Problem:
    """The same words for a conversation that is unknown, somebody else's, expired or opened on another site."""
    return Problem(404, "no_such_conversation", "There is no such conversation for this token.")


def wrong_origin() -> Problem:
    """The same words for an unknown site and for an origin that is not listed for it."""
    return Problem(403, "origin_not_allowed", "This page may not use the advisor for that site.")


def too_many(seconds: int) -> Problem:
    """A friendly 429 with a time."""
    seconds = max(1, seconds)
    return Problem(
        429, "too_many_requests", f"That is a lot at once. Please try again in {seconds} seconds.", retry_after=seconds
    )


def busy() -> Problem:
    """A friendly 503 with a time."""
    return Problem(503, "busy", "Many people are asking just now. Please try again shortly.", retry_after=5)


def answer(problem: Problem) -> Response:
    """A problem as a response."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    title = HTTPStatus(problem.status).phrase
    body = ProblemBody(
        title=title, status=problem.status, code=problem.code, detail=problem.detail, retry_after=problem.retry_after
    )
    return JSONResponse(body.model_dump(exclude_none=True), problem.status, headers=headers, media_type=MEDIA)


def of_error(error: AdvisorError) -> Problem:
    """Our own errors. What happened inside stays in the log."""
    if isinstance(error, RequestError):
        return Problem(400, "bad_request", str(error))
    _log.error("request failed: %s", error)
    return Problem(503, "unavailable", "The advisor cannot answer just now.", retry_after=30)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation: each problem that it may answer with."""
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    headers = {"Retry-After": {"schema": {"type": "integer"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": schema}}}
        | ({"headers": headers} if status in (429, 503) else {})
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Handlers for the whole application."""

    async def on_problem(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return answer(problem)

    async def on_invalid(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return answer(Problem(422, "invalid", f"{where}: {first['msg']}"))

    async def on_advisor(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, AdvisorError)
        return answer(of_error(problem))

    async def on_http(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        headers = dict(problem.headers or {})
        return answer(Problem(problem.status_code, HTTPStatus(problem.status_code).name.lower(), headers=headers))

    async def on_bug(_: Request, problem: Exception) -> Response:
        _log.error("bug", exc_info=problem)
        return answer(Problem(500, "bug", "Something broke on our side."))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(AdvisorError, on_advisor)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_bug)
