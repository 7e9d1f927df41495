"""The FastAPI application: health, metrics, API and widget, and the Gradio page at `/`."""

import contextlib
import logging
import os
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from uvicorn.supervisors import Multiprocess

from advisor import __version__, settings
from advisor.assemble import Advisor
from advisor.errors import AdvisorError, SetupError
from advisor.settings import Settings
from advisor.web import api, library_pages, metrics, page
from advisor.web.sites import OWN
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
    app.include_router(library_pages.router)
    if advisor.settings.workers > 1:  # the page's queue lives in one process; the widget's conversations do not

        @app.get("/", include_in_schema=False)
        def front() -> RedirectResponse:
            return RedirectResponse(f"/embed/{OWN.key}")

        return app
    return page.mount(app, Visits(parts), parts.library)


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
    check_workers(chosen)
    several = chosen.workers > 1
    if several:
        for name in ("host", "port", "workers", "data_dir", "llm", "embedding"):
            os.environ[f"ADVISOR_{name.upper()}"] = str(getattr(chosen, name))
    config = uvicorn.Config(
        "advisor.web.app:from_environment" if several else create_app(advisor),
        factory=several,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        log_level="warning",
        proxy_headers=False,  # web/front.py knows whom to believe
    )
    listening = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # a reader who takes nothing does not hold a connection for ever
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 60_000)
    if several:
        Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])


def check_workers(chosen: Settings) -> None:
    """Workers share conversations and records; limits only by Redis. Raises SetupError where sites would lose theirs."""
    if chosen.workers == 1 or chosen.redis_url:
        return
    if chosen.sites:
        raise SetupError(
            f"{chosen.workers} workers cannot count visitors' requests together",
            value="redis_url is empty",
            cure="Set redis_url, or workers = 1.",
        )
    _log.warning("each of %d workers counts requests by itself: set redis_url to share limits", chosen.workers)


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
