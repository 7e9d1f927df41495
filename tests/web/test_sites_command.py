"""`advisor sites`."""

import argparse
import http.server
import threading
import tomllib
from pathlib import Path

import pytest

from advisor.cli import sites
from advisor.errors import RequestError
from advisor.settings import Settings

HOST = "https://advisor.example"


def run(*values: str) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    sites.add(parser.add_subparsers(dest="command"))
    arguments = parser.parse_args(values)
    return int(arguments.run(arguments))


def test_new_gives_lines_that_the_settings_take(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("sites", "new", "north", "--origin", "https://*.north.example", "--title", 'The "North"') == 0
    out = capsys.readouterr().out
    made = Settings.model_validate(tomllib.loads(out)).sites[0]
    assert made.title == 'The "North"' and len(made.secret) >= 16
    file = tmp_path / "advisor.toml"
    file.write_text(out)
    assert run("--config", str(file), "sites", "list") == 0
    assert made.secret not in capsys.readouterr().out
    with pytest.raises(RequestError):
        run("sites", "new", "north", "--origin", "https://north.example/path")
    with pytest.raises(RequestError):
        run("sites", "new", "No Key")


@pytest.mark.parametrize(
    ("policies", "missing"),
    [
        ([], 0),
        (["default-src 'self'"], 2),
        (["default-src 'none'; script-src https://advisor.example; connect-src https://advisor.example"], 0),
        (["script-src 'self'"], 1),
        (["img-src 'self'"], 0),
        (["default-src *", "script-src 'self'"], 1),
        (["default-src *, script-src 'self'"], 1),
        (["default-src https:"], 0),
        (["trusted-types default"], 1),
    ],
)
def test_missing_lines(policies: list[str], missing: int) -> None:
    assert len(sites.missing_lines(policies, HOST)) == missing


def test_check_reads_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert run("sites", "check", f"http://127.0.0.1:{server.server_port}/", "--host", HOST) == 1
    server.shutdown()
    server.server_close()
    out = capsys.readouterr().out
    assert f"add: script-src {HOST}" in out and f"add: connect-src {HOST}" in out


def test_list_names_collections_that_are_not_here(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "advisor.toml"
    file.write_text(f'data_dir = "{tmp_path}"\n[[sites]]\nkey = "north"\ncollections = ["corpus", "typo"]\n')
    assert run("--config", str(file), "sites", "list") == 0
    assert "no such collection here: typo" in capsys.readouterr().out
