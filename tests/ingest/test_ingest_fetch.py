"""Addresses: a local server that misbehaves."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from advisor.errors import SourceError
from advisor.ingest import fetch

PAGE = b"<html><body><p>A page of the harbour.</p></body></html>"


class Misbehaving(BaseHTTPRequestHandler):
    """Each path misbehaves in its own way."""

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        path = self.path
        if path == "/robots.txt":
            self.answer(b"User-agent: *\nDisallow: /forbidden\n", "text/plain")
        elif path.startswith("/hops"):
            self.redirect(f"/hops{int(path[5:] or 0) + 1}")
        elif path == "/circle":
            self.redirect("/circle")
        elif path == "/file":
            self.redirect("file:///etc/passwd")
        elif path == "/inward":
            self.redirect("http://169.254.169.254/latest/meta-data")
        elif path == "/picture":
            self.answer(b"\x89PNG", "image/png")
        elif path == "/gone":
            self.send_error(404)
        elif path in ("/endless", "/slow"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            try:
                for _ in range(2000):
                    self.wfile.write(b"x" * (65_536 if path == "/endless" else 1))
                    time.sleep(0 if path == "/endless" else 0.05)
            except OSError:
                pass
        elif path == "/one":
            self.redirect("/good")
        else:
            self.answer(PAGE, "text/html; charset=iso-8859-1")

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()


LIMITS = fetch.Limits(most_bytes=1_000_000, seconds=2.0, redirects=4)


def test_a_page_and_a_redirect(server: str) -> None:
    got = fetch.fetch(f"{server}/good", LIMITS, private=True)
    assert (got.data, got.kind, got.charset) == (PAGE, "html", "iso-8859-1")
    assert fetch.fetch(f"{server}/one", LIMITS, private=True).url.endswith("/good")


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/hops", "more than 4"),
        ("/circle", "circle"),
        ("/file", "Only plain http"),
        ("/picture", "holds no document"),
        ("/gone", "answers 404"),
        ("/endless", "larger than"),
        ("/slow", "in time"),
        ("/forbidden/a", "robots.txt"),
    ],
)
def test_misbehaviour_is_one_clear_error(server: str, path: str, what: str) -> None:
    with pytest.raises(SourceError, match=what) as caught:
        fetch.fetch(server + path, LIMITS, private=True)
    assert caught.value.cure


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "[fd00::1]",
        "100.64.0.1",
    ],
)
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(SourceError, match=r"private network|not known|cannot be fetched"):
        fetch.fetch(f"http://{host}/", LIMITS)


def test_a_public_page_that_redirects_inwards_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host passes as public; the address behind the redirect is looked at again."""
    real = fetch._public
    monkeypatch.setattr(fetch, "_public", lambda address: address == "127.0.0.1" or real(address))
    with pytest.raises(SourceError, match="private network"):
        fetch.fetch(f"{server}/inward", LIMITS)


@pytest.mark.parametrize(
    "url", ["ftp://x.org/a", "http://user:pass@x.org/", "http://", "http://[::1/", "javascript:alert(1)"]
)
def test_no_address(url: str) -> None:
    with pytest.raises(SourceError):
        fetch.fetch(url, LIMITS)
