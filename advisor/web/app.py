"""The FastAPI application: health, metrics, API and widget, and the Gradio page at `/`."""

import contextlib
import logging
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response
from starlette.responses import JSONResponse, PlainTextResponse

from advisor import __version__, settings
from advisor.assemble import Advisor
from advisor.errors import AdvisorError
from advisor.web import api, library_pages, metrics, page
from advisor.web.library import Library
from advisor.web.visits import Visits

_log = logging.getLogger(__name__)


def create_app(advisor: Advisor) -> FastAPI:
    """The whole application around one assembled advisor. Models load in the background: see /readyz."""
    warm = threading.Event()

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_warm, args=(advisor, warm), name="warm-up", daemon=True).start()
        yield

    app = FastAPI(
        title="Cluster Advisor",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    add_health(app, warm)
    parts = api.add(app, advisor)
    library = app.state.library = Library(advisor.documents, advisor.versions.current)
    app.include_router(library_pages.router)
    return page.mount(app, Visits(parts), library)


def add_health(app: FastAPI, warm: threading.Event) -> None:
    """Liveness, readiness and metrics."""

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__})

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        return JSONResponse({"ready": warm.is_set()}, status_code=200 if warm.is_set() else 503)

    @app.get("/metrics", include_in_schema=False)
    def read_metrics() -> Response:
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")


def serve(advisor: Advisor) -> None:
    """Run the server until it is stopped. Several workers each assemble their own advisor."""
    chosen = advisor.settings
    if chosen.workers == 1:
        uvicorn.run(create_app(advisor), host=chosen.host, port=chosen.port, log_level="warning")
        return
    for name in ("host", "port", "data_dir", "llm", "embedding"):
        os.environ[f"ADVISOR_{name.upper()}"] = str(getattr(chosen, name))
    uvicorn.run(
        "advisor.web.app:from_environment",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        log_level="warning",
    )


def from_environment() -> FastAPI:
    """One worker's application."""
    file = os.environ.get("ADVISOR_CONFIG")
    return create_app(Advisor(settings.load(Path(file) if file else None)))


def _warm(advisor: Advisor, warm: threading.Event) -> None:
    """Load what the first question would wait for."""
    try:
        advisor.warm_up()
        warm.set()
    except AdvisorError as problem:
        _log.error("not ready: %s", problem)
