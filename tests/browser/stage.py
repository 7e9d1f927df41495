"""Two servers on this machine: the advisor, and an agency's site on another origin with the strictest policy."""

import contextlib
import http.server
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

SAMPLE = Path(__file__).parents[1] / "sites"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
STRICT = (
    "default-src 'none'; script-src {host}; connect-src {host}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types cluster-advisor"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(app: FastAPI, port: int) -> Iterator[str]:
    """The advisor on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextlib.contextmanager
def agency(host: str, port: int, more: str = "") -> Iterator[str]:
    """The static sample site, on `localhost`: another site than 127.0.0.1 for cookies and storage."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *values: Any) -> None:
            super().__init__(*values, directory=str(SAMPLE))

        def do_GET(self) -> None:
            name = self.path.split("?")[0].strip("/") or "index.html"
            file = SAMPLE / name
            if not file.is_file():
                self.send_error(404)
                return
            body = file.read_text().replace("%HOST%", host).replace("%MORE%", more).encode()
            policy = STRICT.format(host=host) + ("; style-src 'self'" if name == "hostile.html" else "")
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if name.endswith(".css") else "text/html; charset=utf-8")
            if name != "plain.html":
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{port}"
    server.shutdown()
    server.server_close()


def axe() -> str:
    """axe-core's script, from npm; the test is skipped where it cannot be had."""
    folder = Path(tempfile.gettempdir()) / "cluster-advisor-axe"
    script = folder / "package" / "axe.min.js"
    if not script.is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no npm here to fetch axe-core with")
        folder.mkdir(exist_ok=True)
        packed = subprocess.run([npm, "pack", "axe-core@4"], cwd=folder, capture_output=True, timeout=120, check=False)
        for archive in folder.glob("axe-core-*.tgz"):
            subprocess.run(["tar", "xzf", archive.name], cwd=folder, check=True)
        if not script.is_file():
            pytest.skip(f"axe-core cannot be fetched: {packed.stderr.decode()[-200:]}")
    return script.read_text()
