"""The HTTP API and the widget, added to an application: one call, `add(app, advisor)`, before the page is mounted."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.routing import Match

from advisor import __version__
from advisor.assemble import Advisor
from advisor.records import Records
from advisor.settings import Settings
from advisor.web import agency, conversing, embed, problems, reports, review, widget_files
from advisor.web.door import AdvisorDoor, Coach
from advisor.web.front import Front
from advisor.web.guard import Guard
from advisor.web.keeper import Keeper
from advisor.web.library import Library
from advisor.web.limiter import Limiter
from advisor.web.owners import Owners
from advisor.web.parts import Parts
from advisor.web.privacy import Addresses, Retention
from advisor.web.problems import Problem
from advisor.web.sites import Sites
from advisor.web.streams import Runs

ROOMS = (conversing, widget_files, embed, agency, reports, review)
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def add(app: FastAPI, advisor: Advisor) -> Parts:
    """API, widget, preview, privacy and agency view over the assembled advisor."""
    library = Library(advisor.documents, advisor.versions.current)
    keeper = Keeper(advisor.collections, advisor.ensure_index)
    return install(app, make_parts(advisor.settings, AdvisorDoor(advisor), advisor.records, library, keeper))


def make_parts(settings: Settings, coach: Coach, records: Records, library: Library, keeper: Keeper) -> Parts:
    """The parts that the settings describe."""
    return Parts(
        settings=settings,
        coach=coach,
        sites=Sites(settings.sites),
        records=records,
        owners=Owners(records),
        limiter=Limiter(settings.limits, settings.redis_url),
        addresses=Addresses(settings.data_dir / "web"),
        runs=Runs(),
        library=library,
        keeper=keeper,
    )


def install(app: FastAPI, parts: Parts) -> Parts:
    """Put routes, handlers, guard and the retention job into the application."""
    app.state.advisor_parts = parts
    problems.install(app)
    for room in ROOMS:
        app.include_router(room.router)
    app.add_api_route("/api/{rest:path}", _unknown, methods=EVERY_METHOD, include_in_schema=False)
    app.add_api_route("/agency/{rest:path}", _unknown, methods=EVERY_METHOD, include_in_schema=False)
    app.add_middleware(Guard, sites=parts.sites)
    app.add_middleware(Front, settings=parts.settings)
    _with_retention(app, parts)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return parts


async def _unknown(request: Request) -> Response:
    """404 for what is not there, 405 for a method that is not (the page at `/` would answer otherwise)."""
    allowed: set[str] = set()
    for route in (route for room in ROOMS for route in room.router.routes):
        if route.matches(request.scope)[0] is Match.PARTIAL:
            allowed |= set(getattr(route, "methods", None) or ())
    if allowed:
        raise Problem(405, "method_not_allowed", headers={"Allow": ", ".join(sorted(allowed))})
    raise Problem(404, "not_found", "There is nothing here.")


def _with_retention(app: FastAPI, parts: Parts) -> None:
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        parts.start()
        job = Retention(parts.purge)
        job.start()
        async with inner(running) as state:
            yield state
        job.stop()
        parts.runs.close()

    app.router.lifespan_context = lifespan


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The whole document; problems are described once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="Cluster Advisor",
            version=__version__,
            summary="Cited, checked advice for people who start, grow or renew innovation clusters.",
            routes=app.routes,
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["ProblemBody"] = problems.ProblemBody.model_json_schema()
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        app.openapi_schema = made
    return app.openapi_schema
