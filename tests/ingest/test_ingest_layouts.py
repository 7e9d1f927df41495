"""Article and comments told apart in the layouts of the usual comment systems."""

import ingest_layouts as layouts
import ingest_pages as made
import pytest

from advisor.documents import Block, Page
from advisor.ingest import clean

ENTRIES = (
    ("Ingrid", "How did the growers share the drying plant's income before the grant ended?"),
    ("Tom Berg", "We tried the same with oysters. The manager left after a year and the members lost trust."),
    ("Olga", "Спасибо, очень полезно!"),
    ("seo_cah", "Лучшее онлайн казино, 200 фриспинов без депозита на https://zoloto-kazino.ru/"),
)


def told(page: Page) -> tuple[list[str], list[tuple[str | None, str]]]:
    blocks: list[Block] = clean.extract(page)
    article = [one.text for one in blocks if one.type not in ("comment", "boilerplate")]
    return article, [(one.author, one.text) for one in blocks if one.type == "comment"]


@pytest.mark.parametrize("name", layouts.HTML)
def test_html(name: str) -> None:
    page = made.html_page(())
    alone, _ = told(Page("p", page, "html"))
    article, comments = told(Page("p", page.replace("</body>", layouts.HTML[name](ENTRIES) + "</body>"), "html"))
    assert article == alone
    assert comments == list(ENTRIES)


@pytest.mark.parametrize("name", layouts.TEXT)
def test_text(name: str) -> None:
    page = "\n".join(made.ARTICLE)
    alone, _ = told(Page("p", page, "text"))
    article, comments = told(Page("p", f"{page}\n\n{layouts.TEXT[name](ENTRIES)}", "text"))
    assert article == alone
    assert comments == list(ENTRIES)
