"""The chat page in a real Chromium: ask, stream, open a citation; nothing may leave this machine."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from advisor.assemble import Advisor
from advisor.web.app import create_app

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address(small: Advisor) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(small), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (390, 844, "dark")])
def test_ask_stream_and_open_a_citation(address: str, width: int, height: int, scheme: str) -> None:
    from playwright.sync_api import sync_playwright

    outside: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.on(
            "request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None
        )
        page.goto(address)
        page.fill("#ca-box textarea", "What do members of the Otterby kelp cluster pay?")
        page.keyboard.press("Enter")
        page.wait_for_selector("#ca-chat .ca-cite", timeout=30_000)
        page.wait_for_selector("#ca-chat .ca-status", state="detached", timeout=30_000)
        assert "1,250 crowns" in page.inner_text("#ca-chat .ca-lead")
        assert page.locator("#ca-chat details.ca-source").first.get_attribute("open") is None
        page.click("#ca-chat .ca-cite >> nth=0")
        page.wait_for_selector("#ca-chat details.ca-source[open] mark")
        assert "1,250 crowns" in page.inner_text("#ca-chat details.ca-source[open] mark")
        assert "otterby.md, line" in page.inner_text("#ca-chat details.ca-source[open] .ca-where")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert not outside


def test_markup_in_a_question_is_text(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        fired: list[str] = []
        page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.fill("#ca-box textarea", "<img src=x onerror=alert(1)><script>alert(2)</script> kelp fee?")
        page.keyboard.press("Enter")
        page.wait_for_selector("#ca-chat .ca-lead, #ca-chat .ca-notice", timeout=30_000)
        page.wait_for_timeout(500)
        assert not fired
        browser.close()
