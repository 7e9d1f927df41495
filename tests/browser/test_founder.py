"""The founder's page in a real Chromium: the living summary, what is kept, what goes out, the library."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor.assemble import Advisor
from advisor.resources import resource
from advisor.settings import Settings
from advisor.web.app import create_app
from browser.stage import CHROMIUM, FLAGS, axe, free_port, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]
SHELVES = ("personas", "journeys", "checklist")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
SITUATION = "I run twelve seafood firms in Norway and we want to sell to Asia together."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the shelves that a plan is made from."""
    shelves = tuple(resource("corpus") / name for name in SHELVES)
    advisor = Advisor(Settings(corpus=shelves, data_dir=tmp_path_factory.mktemp("founder"), allow_paid=False))
    advisor.ensure_index()
    with serving(create_app(advisor), free_port()) as found:
        yield found
    advisor.close()


@pytest.fixture
def page(address: str) -> Iterator[Any]:
    """A fresh visitor; the test fails where a request leaves this machine."""
    from playwright.sync_api import sync_playwright

    outside: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
        opened.set_default_timeout(30_000)
        opened.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else outside.append(r.url))
        opened.goto(address)
        yield opened
        browser.close()
    assert not outside


def say(page: Any, text: str) -> None:
    before = page.locator("#ca-chat .user-row").count()
    page.fill("#ca-box textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('#ca-chat .user-row').length > {before}")
    settled(page)


def settled(page: Any) -> None:
    """The answer has ended and the summary follows it."""
    page.wait_for_selector("#ca-chat .ca-status", state="detached")
    page.wait_for_selector("#ca-keep", state="attached")
    page.wait_for_timeout(500)


def planned(page: Any) -> None:
    say(page, SITUATION)
    for _ in range(9):
        if page.locator("#ca-plan").count():
            return
        say(page, "Make my plan please")
    raise AssertionError("no plan after nine turns")


def test_buttons_answer_the_interview_and_the_summary_grows(page: Any) -> None:
    say(page, SITUATION)
    assert "Market Builder" in page.inner_text("#ca-profile")
    assert "you are here" in page.inner_text("#ca-stage") and page.locator("#ca-ready svg[role=img]").count() == 1
    page.click("#ca-quick .ca-choice >> nth=1")
    page.wait_for_function("document.querySelectorAll('#ca-chat .user-row').length > 1")
    settled(page)
    assert page.inner_text("#ca-stage [aria-current=step]").startswith("Forming")


def test_a_correction_changes_the_summary(page: Any) -> None:
    say(page, SITUATION)
    row = page.locator("#ca-known div", has_text="Country").first
    assert "Norway" in row.inner_text()
    row.locator("summary").click()
    row.locator("input").fill("Sweden")
    row.locator("button").click()
    page.wait_for_function("document.querySelector('#ca-known').innerText.includes('Sweden')")


def test_a_tick_and_the_conversation_outlive_a_reload(page: Any) -> None:
    planned(page)
    with page.expect_response(lambda r: "/plan/" in r.url and r.request.method == "PATCH") as kept:
        page.check("#ca-plan [data-step] >> nth=0")
    assert kept.value.status == 204
    assert page.inner_text("#ca-done").startswith("1 of")
    page.reload()
    page.wait_for_selector("#ca-plan")
    assert page.is_checked("#ca-plan [data-step] >> nth=0") and page.inner_text("#ca-done").startswith("1 of")
    assert SITUATION in page.inner_text("#ca-chat")


def test_exports_download_and_another_device_goes_on(page: Any, tmp_path: Path) -> None:
    planned(page)
    starts = {"plan.md": b"# A plan", "plan.pdf": b"%PDF", "plan.ics": b"BEGIN:VCALENDAR", "export.json": b"{"}
    for name, begins in starts.items():
        with page.expect_download() as got:
            page.click(f"[data-file='{name}']")
        got.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    page.click("[data-device]")
    link = page.inner_text("#ca-device code")
    other = page.context.browser.new_context().new_page()
    other.goto(link)
    other.wait_for_selector("#ca-plan", state="attached", timeout=30_000)
    assert "#" not in other.url


def test_delete_everything_leaves_nothing(page: Any) -> None:
    say(page, SITUATION)
    page.click(".ca-erase summary")
    page.click("[data-erase]")
    page.wait_for_selector("#ca-empty")
    assert SITUATION not in page.inner_text("#ca-chat")
    page.reload()
    page.wait_for_selector("#ca-empty")
    page.wait_for_timeout(1000)
    assert page.locator("#ca-chat .user-row").count() == 0


def test_the_browser_keeps_the_conversations_name_and_nothing_that_was_said(page: Any) -> None:
    say(page, SITUATION)
    assert page.evaluate("Object.keys(localStorage)") == ["cluster-advisor"]
    assert "seafood" not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")


def test_what_is_deleted_while_it_is_answered_stays_deleted(page: Any, address: str) -> None:
    """The reply is stopped; nothing of it comes back to the page or into the store."""
    say(page, SITUATION)
    thread = page.get_attribute(".ca-summary", "data-thread")
    page.click(".ca-erase summary")
    page.fill("#ca-box textarea", "What does a Market Builder want?")
    page.keyboard.press("Enter")
    page.click("[data-erase]")
    page.wait_for_selector("#ca-empty")
    page.wait_for_timeout(3000)
    assert page.locator("#ca-chat .user-row").count() == 0 and page.locator("#ca-empty").count() == 1
    assert page.evaluate("Object.keys(localStorage)") == []
    page.reload()
    page.wait_for_selector("#ca-empty")
    assert page.get_attribute(".ca-summary", "data-thread") != thread


def test_a_stopped_answer_does_not_go_on(page: Any) -> None:
    page.fill("#ca-box textarea", SITUATION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#ca-chat .user-row")
    page.click("#ca-stop")
    page.wait_for_selector("#ca-chat .ca-status", state="detached")
    say(page, "What does a Market Builder want?")
    assert page.locator("#ca-chat .user-row").count() == 2


def test_too_much_is_refused_with_a_time_and_what_was_typed_stays(address: str, page: Any) -> None:
    page.context.set_extra_http_headers({"X-Forwarded-For": "192.0.2.9"})  # a visitor of their own
    page.goto(f"{address}/?lang=de")
    say(page, SITUATION)
    thread, token = page.evaluate(
        "(({ thread, token }) => [thread, token])(document.querySelector('.ca-summary').dataset)"
    )
    for _ in range(130):  # the address's minute is used up
        page.request.get(f"{address}/api/v1/threads/{thread}", headers={"Authorization": f"Bearer {token}"})
    page.fill("#ca-box textarea", "Und nun?")
    page.keyboard.press("Enter")
    page.get_by_text("Bitte").last.wait_for()
    assert "Sekunden" in page.locator("#ca-chat .bot-row").last.inner_text()
    assert page.input_value("#ca-box textarea") == "Und nun?"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(address: str, page: Any, theme: str) -> None:
    context = page.context.browser.new_context(color_scheme=theme)
    context.add_init_script(axe())
    seen = context.new_page()
    seen.set_default_timeout(30_000)

    def clean(state: str) -> None:
        for width in (390, 1440):
            seen.set_viewport_size({"width": width, "height": 900})
            found = seen.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
            assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found["violations"]] == [], (state, width)

    seen.goto(f"{address}/?lang=nb")
    seen.wait_for_selector("#ca-box textarea:enabled")
    seen.wait_for_selector("#ca-empty")
    seen.wait_for_timeout(1000)  # the button's colour has come
    clean("empty")
    planned(seen)
    seen.set_viewport_size({"width": 390, "height": 900})
    seen.click("button[data-view=summary]")
    clean("plan")
    seen.set_viewport_size({"width": 390, "height": 900})
    seen.click("button[data-view=chat]")
    say(seen, "What does a Market Builder want?")
    seen.click("#ca-chat .ca-cite >> nth=0")
    clean("sources")
    for path in ("/library", "/library?kind=persona&lang=de", "/library?q=nothing-like-it"):
        seen.goto(address + path)
        clean(path)
    seen.goto(f"{address}/library?kind=persona")
    seen.click(".cards a >> nth=0")
    seen.click("#report summary")
    clean("document")


def test_nothing_on_the_page_points_elsewhere(address: str, page: Any) -> None:
    import re

    text = page.request.get(address).text()
    assert "og:" not in text.split("gradio_config")[0] and "twitter:" not in text.split("gradio_config")[0]
    assert set(re.findall(r"https?://[\w.-]+", text.split("gradio_api_info")[0])) <= {address.rpartition(":")[0]}


def test_a_citation_leads_to_its_passage_in_the_library(page: Any) -> None:
    say(page, "What does a Market Builder want?")
    page.click("#ca-chat .ca-cite >> nth=0")
    support = page.inner_text("details.ca-source[open] mark")
    page.goto(page.evaluate("document.querySelector('details.ca-source[open] a.ca-page').href"))
    assert support.split(".")[0][:40] in page.inner_text("#here")
    page.click("#report summary")
    page.fill("#report textarea", "This has changed, see the new page.")
    page.click("#report button")
    page.wait_for_selector(".note[role=status]")


def test_the_library_is_filtered_while_one_types(page: Any, address: str) -> None:
    from playwright.sync_api import expect

    page.goto(f"{address}/library")
    cards = page.locator(".cards li")
    assert cards.count() > 30
    page.select_option("select[name=kind]", "persona")
    expect(cards).to_have_count(8)
    page.fill("input[name=q]", "visionary decades")
    expect(cards).not_to_have_count(8)
    assert page.evaluate("document.activeElement.name") == "q" and "kind=persona" in page.url
    assert "Visionary" in page.inner_text("#found")


def test_the_page_speaks_the_visitors_language(page: Any, address: str) -> None:
    for language, word in (("nb", "Bibliotek"), ("de", "Bibliothek"), ("fr", "Bibliothèque")):
        page.goto(f"{address}/?lang={language}")
        page.wait_for_function(f"document.querySelector('.ca-library')?.textContent === '{word}'")


def test_on_a_narrow_screen_chat_and_summary_take_turns(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    say(page, SITUATION)
    assert page.is_visible("#ca-chat") and not page.is_visible("#ca-profile")
    page.click("button[data-view=summary]")
    assert page.is_visible("#ca-profile") and not page.is_visible("#ca-chat")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
