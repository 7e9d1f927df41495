"""The agency's review of what was held back and the reports of outdated facts, in a real Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest
from web.fake import SECRET
from web.held import page as held_page

from advisor.assemble import Advisor
from advisor.settings import Site
from advisor.web.app import create_app
from browser.stage import CHROMIUM, FLAGS, axe, free_port, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(small: Advisor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("review")
    sites = (Site(key="own", secret=SECRET),)
    advisor = Advisor(small.settings.model_copy(update={"data_dir": folder / "data", "sites": sites}))
    advisor.borrow(small)
    advisor.ingest([held_page(folder / "pages")], "northern")
    advisor.records.report("otterby", "It is <b>more</b> now.", "Members pay 1,250 crowns a year.")
    with serving(create_app(advisor), free_port()) as found:
        yield found
    advisor.close()


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def test_a_visitor_is_asked_for_the_secret(browser: Any, address: str) -> None:
    answer = browser.new_context().request.get(f"{address}/agency/own/review")
    assert answer.status == 401 and "Basic" in answer.headers["www-authenticate"] and "Otterby" not in answer.text()


def test_shown_as_text_in_context_restored_and_turned_round(browser: Any, address: str) -> None:
    page = browser.new_context(http_credentials={"username": "", "password": SECRET}).new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}/agency/own")
    page.get_by_role("link", name="Held back").click()
    entry = page.locator(".entry", has=page.locator(".it", has_text="lantern levy"))
    assert "Hidden" in entry.locator(".why").inner_text()
    assert "Membership fees" in entry.locator(".beside").first.inner_text()
    order = page.locator(".entry", has=page.locator(".it", has_text="Ignore all previous"))
    assert "<img src=x" in order.locator(".it").inner_text() and "orders to a machine" in order.inner_text()
    entry.get_by_role("button", name="Restore").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert "Restored: “The lantern levy" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="Restored (1)").click()
    page.locator(".entry").get_by_role("button", name="Drop for good").click()
    page.get_by_role("link", name="Dropped (1)").click()
    assert page.locator(".entry").count() == 1 and not ran


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, address: str, theme: str) -> None:
    context = browser.new_context(color_scheme=theme, http_credentials={"username": "", "password": SECRET})
    context.add_init_script(axe())
    page = context.new_page()
    for path in ("review", "review?state=dropped", "reports"):
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}/agency/own/{path}")
            found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
            assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found["violations"]] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
    assert page.locator("td.passage").inner_text() == "Members pay 1,250 crowns a year."
    assert "<b>more</b>" in page.locator("tbody").inner_text()
