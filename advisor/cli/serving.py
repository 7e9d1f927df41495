"""`advisor serve`: page, API and widget."""

import argparse
import os
import socket
from pathlib import Path
from typing import Any

from advisor.cli import common
from advisor.errors import SetupError


def add(commands: Any) -> None:
    serve = commands.add_parser("serve", help="chat page at /, API under /api/v1, widget")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--workers", type=int)
    serve.set_defaults(run=run_serve)


def run_serve(arguments: argparse.Namespace) -> int:
    made = common.advisor(arguments, host=arguments.host, port=arguments.port, workers=arguments.workers)
    settings = made.settings
    if arguments.config:
        os.environ["ADVISOR_CONFIG"] = str(Path(arguments.config).absolute())  # for workers, which load it themselves
    check_free(settings.host, settings.port)
    common.SAYS.print(f"Cluster Advisor is starting on http://{settings.host}:{settings.port}")
    common.prepare(made)
    from advisor.web.app import serve  # the page's libraries take seconds

    serve(made)
    return 0


def check_free(host: str, port: int) -> None:
    """Raise SetupError where somebody else listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise SetupError(
                f"Cannot listen there ({problem.strerror})",
                value=f"{host}:{port}",
                cure=f"Choose another: --port {port + 1}.",
            ) from problem
