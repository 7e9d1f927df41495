"""Markup and scripts in every field that a visitor, a document or a setting fills: none runs or becomes an element."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web.fake import SECRET, FakeCoach, application

from advisor.documents import Asked, Citation, Done, Event, Planned, Profiled, Sentence, SentenceSaid
from advisor.settings import Site
from browser.stage import CHROMIUM, FLAGS, agency, free_port, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]
RUN = "window.ran=1"
INSIDE = "document.querySelector('cluster-advisor').shadowRoot"
CORES = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'>",
    f"<details open ontoggle={RUN}>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<a href='javascript:{RUN}'>x</a>",
    f"javascript:{RUN}",
    f"JaVaScRiPt&colon;{RUN}",
    f"java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "vbscript:msgbox(1)",
    f"<style>*{{background:url(javascript:{RUN})}}</style>",
    f"<template><script>{RUN}</script></template>",
    f"<body onload={RUN}>",
    f"<object data='javascript:{RUN}'>",
    f"<meta http-equiv=refresh content='0;javascript:{RUN}'>",
    "{{constructor.constructor('window.ran=1')()}}",
    f"${{{RUN}}}",
    f"\u2028<img src=x onerror={RUN}>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    "__proto__",
    "constructor",
)
PAYLOADS = tuple(before + core for core in CORES for before in ("", '">', "'>", "</textarea>", "-->"))


class XssCoach(FakeCoach):
    """Every field of every event is the message."""

    def reply(self, thread: str, message: str, slot: str, site: Site, hosted: bool) -> Iterator[Event]:
        p = message
        cited = Citation(1, p, p, p, p, p, 1, f"{p} {p}", p, p)
        yield SentenceSaid(Sentence(p, "fact", (1,)), (cited,))
        yield SentenceSaid(Sentence(p, "notice"))
        yield Asked("role", p, ((p, p),), p)
        yield Profiled(((p, 0.5),), ({"quote": p},), p, p[:20])
        yield Planned({"steps": [{"id": p, "when": p, "action": p, "why": p}], p: p})
        yield Done("not_in_sources", language=p[:8])


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[tuple[Any, str]]:
    from playwright.sync_api import sync_playwright

    nasty = PAYLOADS[1]
    ports = free_port(), free_port()
    site = Site(
        key="north",
        origins=(f"http://localhost:{ports[1]}",),
        secret=SECRET,
        title=nasty,
        greeting=nasty,
        privacy_url=f"javascript:{RUN}",
        handover=f"javascript:{RUN}",
        texts={"en": {"send": nasty, "label": nasty, "__proto__": nasty}},
    )
    app, _ = application(tmp_path, XssCoach(), sites=(site,))
    more = "data-privacy='javascript:window.ran=1' data-consent='<img src=x onerror=window.ran=1>'"
    with serving(app, ports[0]) as host, agency(host, ports[1], more) as home, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(reduced_motion="reduce", http_credentials={"username": "", "password": SECRET})
        page.on("dialog", lambda dialog: pytest.fail("a dialog opened"))
        page.goto(home)
        yield page, host
        browser.close()


def test_nothing_runs(visit: tuple[Any, str]) -> None:
    page, host = visit
    assert len(PAYLOADS) >= 100
    page.get_by_role("button", name="Ask the advisor").click()
    page.get_by_role("button", name="I agree, start").click()
    page.locator("textarea").wait_for()
    for number, payload in enumerate(PAYLOADS, 1):
        page.locator("textarea").fill(payload)
        page.keyboard.press("Enter")
        page.wait_for_function(
            f"(n) => {INSIDE}.querySelectorAll('[data-vote]').length >= 2 * n",
            arg=number,
        )
    _clean(page)
    page.reload()
    page.get_by_text("Welcome back").wait_for()
    page.wait_for_timeout(500)
    _clean(page)
    page.goto(f"{host}/agency/north")
    assert page.locator("tbody tr").count() >= len(PAYLOADS)
    assert page.locator("script, img, iframe, object, style, main input").count() == 0
    assert page.evaluate("window.ran") is None
    page.goto(f"{host}/embed/north")
    page.get_by_role("button", name="Ask the advisor").wait_for()
    assert page.evaluate("window.ran") is None and page.locator("img").count() == 0


def _clean(page: Any) -> None:
    assert page.evaluate("window.ran") is None
    assert page.evaluate("({}).polluted === undefined && Object.prototype.send === undefined")
    bad = (
        "script,img,svg,iframe,object,style,math,meta,template,form form,input:not([type=checkbox]),[onerror],[onload]"
    )
    assert page.evaluate(f"{INSIDE}.querySelectorAll('{bad}').length") == 0
    links = page.evaluate(f"[...{INSIDE}.querySelectorAll('a')].map((one) => one.getAttribute('href'))")
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in links), links
