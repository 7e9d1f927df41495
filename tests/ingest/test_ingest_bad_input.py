"""Sources that mean harm: each is one clear error or a result, in bounded memory, and the rest goes on."""

import io
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import ingest_pages as made
import pytest

from advisor.ingest import fetch, pipeline
from advisor.ingest.collections import Collections

_MOST_MEMORY = 1_500_000_000  # bytes
_CHILD = """
import resource, sys, time
from pathlib import Path
from advisor.ingest import pipeline
from advisor.ingest.collections import Collections
began = time.monotonic()
found = pipeline.ingest([sys.argv[1]], Collections(Path(sys.argv[2])), "c")
for row in found.rows:
    print(row.state, row.error or "")
unit = 1 if sys.platform == "darwin" else 1024
status = Path("/proc/self/status")  # a child's ru_maxrss starts from its parent's
if status.exists():
    peak = int(next(line for line in status.open() if line.startswith("VmHWM")).split()[1]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print("peak", peak)
"""


def docx_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("word/document.xml", "w", force_zip64=True) as file:
            for _ in range(600):
                file.write(b" " * 1_000_000)
    return out.getvalue()


def pdf_bomb() -> bytes:
    """A page whose content unpacks to 400 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"(a) Tj " * 150_000) for _ in range(400)) + packer.flush()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % len(body)
    )


def page_of(paragraphs: int) -> bytes:
    return b"<html><body>" + b"<p>The growers met in the harbour again.</p>\n" * paragraphs + b"</body></html>"


def large_text() -> bytes:
    return b"One line of the harbour's endless log book of all its members.\n" * 760_000


def deep_page() -> bytes:
    return b"<html><body>" + b"<div><span>" * 10_000 + b"deep" + b"</body></html>"


def one_long_line() -> bytes:
    return b"a" * 19_000_000


def null_bytes() -> bytes:
    return b"Growers\0 of the harbour\0 met, and agreed on a yearly fee for all of them.\n" * 20


def mixed() -> bytes:
    return (
        "Næring i byen er viktig.\n".encode() + "Økonomi på Sørøya.\n".encode("cp1252") + "Кластер растёт.\n".encode()
    )


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.docx": (docx_bomb, "failed"),
    "bomb.pdf": (pdf_bomb, "failed"),
    "large.html": (lambda: page_of(1_110_000), "failed"),
    "fits.html": (lambda: page_of(170_000), "new"),
    "large.txt": (large_text, "failed"),
    "deep.html": (deep_page, "failed"),
    "line.txt": (one_long_line, "new"),
    "null.txt": (null_bytes, "new"),
    "mixed.txt": (mixed, "new"),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.soak) if name == "fits.html" else name for name in BOMBS]
)
def test_bombs_are_bounded_in_memory(name: str, tmp_path: Path) -> None:
    make, state = BOMBS[name]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(make())
    (folder / "z-good.txt").write_text("The harbour's growers share one office and one drying plant.\n")
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder), str(tmp_path / "store")],
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, *_, good, peak = done.stdout.strip().split("\n")
    assert first.startswith(state) and good.startswith("new")
    assert int(peak.split()[1]) < _MOST_MEMORY


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "ftp://x.org/a", "data:text/html,hello", "javascript:alert(1)"]
)
def test_other_schemes_are_told_what_is_allowed(source: str, tmp_path: Path) -> None:
    (row,) = pipeline.ingest([source], Collections(tmp_path), "c").rows
    assert row.state == "failed" and row.error is not None
    assert "http or https" in row.error.cure and "file or folder" in row.error.cure


def test_names_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "two\nlines.txt").write_text(made.text_page(()))
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (row,) = pipeline.ingest([str(folder)], Collections(tmp_path / "store"), "c").rows
    assert row.state == "new" and "\n" not in row.source


class Endless(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.send_error(404)
            return
        self.send_response(302 if self.path.startswith("/hop") else 200)
        self.send_header("Location", self.path + "x")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            while self.path == "/stream":
                self.wfile.write(b"<p>more</p>" * 1000)
        except OSError:
            pass


@pytest.fixture
def server() -> Iterator[str]:
    made_server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    threading.Thread(target=made_server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made_server.server_port}"
    made_server.shutdown()


def test_endless_addresses_do_not_stop_the_rest(server: str, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(made.text_page(()))
    options = pipeline.Options(private_addresses=True, limits=fetch.Limits(most_bytes=2_000_000, seconds=5))
    given = [f"{server}/hop", f"{server}/stream", str(tmp_path / "good.txt")]
    rows = pipeline.ingest(given, Collections(tmp_path / "store"), "c", options).rows
    assert [row.state for row in rows] == ["failed", "failed", "new"]
