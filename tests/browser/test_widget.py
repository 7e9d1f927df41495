"""The widget in a real Chromium, on another origin under the strictest policy."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from web.fake import SECRET, FakeCoach, application

from advisor.settings import Site
from advisor.web import widget_files
from advisor.web.parts import Parts
from browser.stage import CHROMIUM, FLAGS, agency, axe, free_port, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
AGREE, BOX = "I agree, start", "textarea"


@dataclass
class Stage:
    host: str
    home: str
    coach: FakeCoach
    parts: Parts
    browser: Any
    strange: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def page(self, path: str = "/index.html", script: str = "", **options: Any) -> Any:
        """A fresh visitor. Requests to other hosts and console errors are kept for the end of the test."""
        context = self.browser.new_context(reduced_motion="reduce", accept_downloads=True, **options)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        self.asked.clear()
        page.on("request", self._keep)
        page.on("console", lambda said: self.noise.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda problem: self.noise.append(str(problem)))
        page.goto(self.home + path)
        return page

    def _keep(self, request: Any) -> None:
        self.asked.append(request.url)
        if not request.url.startswith((self.host, self.home, "blob:", "data:")):
            self.strange.append(request.url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def stage(browser: Any, tmp_path: Path) -> Iterator[Stage]:
    ports = free_port(), free_port()
    origins = (f"http://localhost:{ports[1]}",)
    greeting = "Hello! Tell me about your cluster."
    sites = (
        Site(key="north", origins=origins, secret=SECRET, greeting=greeting, handover="desk@north.example"),
        Site(key="south", origins=origins),
    )
    coach = FakeCoach()
    app, parts = application(tmp_path, coach, sites=sites)
    with serving(app, ports[0]) as host, agency(host, ports[1]) as home:
        made = Stage(host, home, coach, parts, browser)
        yield made
        for context in browser.contexts:
            context.close()
        assert made.strange == [], "a request to another host"
        assert made.noise == [], "errors in the console"


def agreed(page: Any) -> None:
    page.get_by_role("button", name="Ask the advisor").click()
    page.get_by_role("button", name=AGREE).click()
    page.locator(BOX).wait_for()


def asked(page: Any, text: str) -> None:
    page.locator(BOX).fill(text)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").wait_for(state="hidden")
    page.get_by_role("button", name="Send").wait_for()


def test_bytes() -> None:
    first, second = (gzip.compress(file.body, 9) for file in (widget_files.widget(), widget_files.panel()))
    words = max(len(gzip.compress(repr(texts).encode(), 9)) for texts in widget_files.strings().values())
    assert len(first) <= 10 * 1024
    assert len(first) + len(second) + words <= 25 * 1024


def test_a_visit(stage: Stage) -> None:
    page = stage.page()
    page.get_by_role("button", name="Ask the advisor").wait_for()
    before = [url for url in stage.asked if url.startswith(stage.host)]
    assert before == [f"{stage.host}/widget.js"]
    page.get_by_role("button", name="Ask the advisor").click()
    page.get_by_role("button", name=AGREE).wait_for()
    assert [url for url in stage.asked if url.startswith(stage.host)] == before
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    page.get_by_role("button", name=AGREE).click()
    page.locator(BOX).wait_for()
    asked(page, "fees")
    page.get_by_role("button", name="Source 1").first.click()
    assert page.locator("blockquote mark").inner_text() == "Clusters answer to fees"
    assert page.evaluate("document.querySelector('cluster-advisor').shadowRoot.activeElement.tagName") == "SUMMARY"
    assert "Clusters answer to fees" in page.locator("[aria-live=polite]").inner_text()
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.get_by_text("Thank you").wait_for()
    page.goto(stage.home + "/other.html")
    page.get_by_text("Welcome back").wait_for()
    page.get_by_text("They have members.").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Talk to a human").click()
    assert page.get_by_role("link", name="desk@north.example").get_attribute("href") == "mailto:desk@north.example"
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete my chat").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_text("Your conversation is deleted.").wait_for()
    assert page.evaluate("localStorage.length") == 0 and len(stage.coach.erased) == 1
    assert page.context.cookies() == []


def test_an_interview_by_keyboard_only(stage: Stage) -> None:
    page = stage.page()
    page.get_by_role("button", name="Ask the advisor").wait_for()
    for _ in range(3):  # link, button, launcher
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # agree has the focus
    page.locator(BOX).wait_for()
    page.keyboard.type("interview")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="A public official").wait_for()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        inside = "document.querySelector('cluster-advisor').shadowRoot.activeElement.textContent"
        if page.evaluate(inside) == "A public official":
            break
    page.keyboard.press("Enter")
    page.get_by_role("listitem").filter(has_text="Government Lead").filter(has_text="71 %").wait_for()
    with page.expect_download() as plan:
        page.get_by_role("button", name="Plan as PDF").press("Enter")
    assert plan.value.suggested_filename == "plan.pdf"
    page.get_by_role("checkbox").press("Space")
    page.wait_for_timeout(300)
    assert stage.coach.ticked == {"s1": True} and stage.coach.said[-1][1:3] == ("official", "role")
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Ask the advisor").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "CLUSTER-ADVISOR"


CUT = """
const whole = window.fetch; let cut = false;
window.fetch = async (url, options) => {
  const got = await whole(url, options);
  if (cut || !String(url).endsWith('/messages')) return got;
  cut = true;
  const reader = got.body.getReader(); let taken = 0;
  const body = new ReadableStream({ async pull(to) {
    if (taken++) { await reader.cancel(); to.error(new TypeError('network error')); return; }
    to.enqueue((await reader.read()).value);
  } });
  return new Response(body, { status: got.status, headers: got.headers });
};
"""


def test_a_cut_stream_goes_on(stage: Stage) -> None:
    page = stage.page(script=CUT)
    agreed(page)
    stage.coach.delay = 1.5
    asked(page, "members")
    assert page.locator("article li").all_inner_texts() == ["They have members.1"]
    assert page.locator("article p[data-lead]").count() == 1
    assert any(url.endswith("/events") for url in stage.asked) and len(stage.coach.said) == 1


def test_stop_and_another_device(stage: Stage) -> None:
    page = stage.page()
    agreed(page)
    page.locator(BOX).fill("slow")
    page.keyboard.press("Enter")
    page.get_by_text("Slow sentence 2.").first.wait_for()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(800)
    asked(page, "after")
    assert stage.coach.stopped.wait(5)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Continue on another device").click()
    link = page.locator("code").inner_text()
    other = stage.page(link.removeprefix(stage.home))
    other.get_by_role("button", name=AGREE).click()
    other.get_by_text("Clusters answer to after").first.wait_for()
    assert "#" not in other.url


def test_hostile_styles_two_widgets_and_pollution(stage: Stage) -> None:
    page = stage.page("/hostile.html")
    first = page.get_by_role("button", name="Ask the advisor")
    second = page.get_by_role("button", name="Second advisor")
    for one in (first, second):
        one.wait_for()
        box = one.bounding_box()
        assert box["height"] >= 44 and box["width"] < 400
    assert page.locator("cluster-advisor").count() == 2
    assert page.evaluate("({}).polluted") is None
    second.click()
    page.get_by_role("button", name=AGREE).click()
    asked(page, "two")
    page.evaluate("document.querySelectorAll('cluster-advisor').forEach((one) => one.remove())")
    first.wait_for()  # a single-page application swept it away: it is back


def test_events_and_other_openers(stage: Stage) -> None:
    names = "'open','close','question','answer','profile','plan'"
    page = stage.page(
        script=f"window.seen=[];for(const n of [{names}])"
        "addEventListener('advisor:'+n,(e)=>seen.push(n+':'+e.detail.site))"
    )
    page.get_by_role("button", name="Ask us").click()
    page.get_by_role("button", name=AGREE).click()
    asked(page, "interview")
    page.get_by_role("button", name="A company").click()
    page.get_by_role("button", name="Plan as text").wait_for()
    page.get_by_role("button", name="Close").click()
    page.wait_for_timeout(200)
    kinds = ["open", "question", "answer", "question", "profile", "plan", "answer", "close"]
    assert page.evaluate("seen") == [f"{kind}:north" for kind in kinds]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(stage: Stage, theme: str) -> None:
    page = stage.page(script=axe(), color_scheme=theme)

    def clean(state: str) -> None:
        found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        problems = [(one["id"], one["nodes"][0]["html"][:150]) for one in found["violations"]]
        assert problems == [], state

    page.get_by_role("button", name="Ask the advisor").wait_for()
    dark = page.locator("section").evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(21, 28, 36)"
    assert dark is (theme == "dark")
    clean("closed")
    page.get_by_role("button", name="Ask the advisor").click()
    clean("consent")
    page.get_by_role("button", name=AGREE).click()
    page.locator(BOX).wait_for()
    clean("open")
    page.locator(BOX).fill("slow")
    page.keyboard.press("Enter")
    page.get_by_text("Slow sentence 1.").first.wait_for()
    clean("streaming")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(800)
    asked(page, "sources")
    page.get_by_role("button", name="Source 1").first.click()
    clean("answer")
    asked(page, "interview")
    clean("interview")
    page.get_by_role("button", name="A company").click()
    page.get_by_role("button", name="Plan as text").wait_for()
    clean("plan")
    page.get_by_role("button", name="More").click()
    clean("menu")
    page.keyboard.press("Escape")
    page.locator(BOX).fill("fail")
    page.keyboard.press("Enter")
    page.get_by_role("alert").first.wait_for()
    clean("error")


def test_nothing_typed_is_lost_to_a_limit(stage: Stage) -> None:
    page = stage.page()
    agreed(page)
    page.route(
        "**/messages",
        lambda route: route.fulfill(
            status=429,
            headers={"Access-Control-Allow-Origin": stage.home, "Retry-After": "23"},
            content_type="application/problem+json",
            body='{"status": 429, "code": "too_many_requests", "retry_after": 23}',
        ),
    )
    page.locator(BOX).fill("my long question")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="in 23 seconds").wait_for()
    assert page.locator(BOX).input_value() == "my long question" and page.locator("article").count() == 0
    stage.noise.clear()  # the browser notes the 429


def test_a_reload_in_the_middle_of_an_answer_goes_on(stage: Stage) -> None:
    page = stage.page()
    agreed(page)
    page.locator(BOX).fill("slow")
    page.keyboard.press("Enter")
    page.get_by_text("Slow sentence 2.").first.wait_for()
    page.reload()
    page.get_by_text("Slow sentence 59.").first.wait_for()
    assert page.locator("article p").all_inner_texts().count("Slow sentence 2.") == 1 and len(stage.coach.said) == 1


def test_two_tabs_share_one_conversation(stage: Stage) -> None:
    first = stage.page()
    agreed(first)
    second = first.context.new_page()
    second.goto(stage.home + "/other.html")
    second.locator(BOX).wait_for()  # open in one tab, open in the other
    for page, text in ((first, "from one"), (second, "from two")):
        page.locator(BOX).fill(text)
    first.evaluate(BOTH)
    second.evaluate(BOTH)
    for page in (first, second):
        page.get_by_role("button", name="Copy").first.wait_for()
    if second.locator(BOX).input_value():  # it was showing the first tab's answer: what was typed waits in the field
        asked(second, "from two")
    threads = {said[0] for said in stage.coach.said}
    assert len(stage.coach.said) == 2 and len(threads) == 1
    first.get_by_role("button", name="More").click()
    first.get_by_role("button", name="New conversation").click()
    second.get_by_text("They have members.").first.wait_for(state="detached")  # it follows
    asked(second, "anew")
    first.get_by_text("Clusters answer to anew").first.wait_for()
    asked(first, "and on")  # the conversation is there already: its next question is followed too
    second.get_by_text("Clusters answer to and on").first.wait_for()
    assert second.locator("article").count() == 2
    first.get_by_role("button", name="More").click()
    first.get_by_role("button", name="Delete my chat").click()
    first.get_by_role("button", name="Delete", exact=True).click()
    second.get_by_role("button", name=AGREE).wait_for()
    assert second.evaluate("localStorage.length") == 0


BOTH = "document.querySelector('cluster-advisor').shadowRoot.querySelector('form').requestSubmit()"


def test_a_server_that_began_anew_is_asked_again(stage: Stage) -> None:
    page = stage.page()
    agreed(page)
    lost = 'id: m1.0\nevent: sentence\ndata: {"text": "Half an answer.", "role": "notice"}\n\n'
    lost += 'id: m1.1\nevent: error\ndata: {"code": "interrupted", "detail": "x"}\n\n'
    headers = {"Access-Control-Allow-Origin": stage.home, "Content-Type": "text/event-stream"}
    page.route("**/messages", lambda route: route.fulfill(status=200, headers=headers, body=lost), times=1)
    asked(page, "members")
    assert page.locator("article").all_inner_texts()[0].count("They have members.") == 1
    assert "Half" not in page.locator("article").inner_text() and page.get_by_role("alert").count() == 0


FRAMED = """async (host) => {
  const frame = document.createElement('iframe');
  frame.src = host + '/embed/north';
  await new Promise((loaded) => { frame.onload = loaded; document.body.append(frame); });
}"""
COOKIE = "document.cookie = 'third=1; SameSite=None; Secure', document.cookie"


@pytest.mark.parametrize("blocked", [True, False])
def test_with_third_party_cookies_blocked(stage: Stage, tmp_path: Path, blocked: bool) -> None:
    """By Chromium's own setting; a frame of the advisor's host shows whether it is in force."""
    profile = tmp_path / "profile" / "Default"
    profile.mkdir(parents=True)
    prefs = {"profile": {"cookie_controls_mode": 1 if blocked else 0, "block_third_party_cookies": blocked}}
    (profile / "Preferences").write_text(json.dumps(prefs))
    context = stage.browser.browser_type.launch_persistent_context(
        str(profile.parent), executable_path=CHROMIUM, args=FLAGS, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda problem: stage.noise.append(str(problem)))
    page.goto(stage.home + "/plain.html")
    page.evaluate(FRAMED, stage.host)
    assert page.frames[1].evaluate(COOKIE) == ("" if blocked else "third=1")
    page.goto(stage.home + "/index.html")
    agreed(page)
    asked(page, "fees")
    page.reload()
    page.get_by_text("Welcome back").wait_for()
    asked(page, "members")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete my chat").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_text("Your conversation is deleted.").wait_for()
    assert len(stage.coach.erased) == 1
    assert blocked is (context.cookies() == [])
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_our_own_pages(stage: Stage, theme: str) -> None:
    """Preview, what is stored, the agency's view with plots and tables."""
    thread, _ = stage.parts.owners.open("north")
    for outcome in ("answered", "not_in_sources"):
        message = stage.parts.records.take(thread, "What does a member pay?").id
        stage.parts.records.finish(message, [], outcome=outcome, language="en", profile="visionary", stage="idea")
        stage.parts.records.vote(thread, message, False, "Too short.")
    context = stage.browser.new_context(color_scheme=theme, http_credentials={"username": "", "password": SECRET})
    context.add_init_script(axe())
    page = context.new_page()
    for path in ("/embed/north", "/privacy/north", "/agency/north", "/agency/north?days=365"):
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(stage.host + path)
            found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
            assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found["violations"]] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
