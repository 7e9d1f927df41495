"""Plain text into blocks; comment regions by marker and shape, never by numbering alone."""

import ingest_pages as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.documents import Block, Page
from advisor.ingest import clean, text

LAYOUTS = ("numbered", "says", "posted", "dated", "name-date")
MARKERS = (
    "Join the conversation",
    "14 Comments",
    "Leave a Reply",
    "Kommentarer (14)",
    "14 comentarios",
    "Kommentare",
    "Commentaires",
    "Deixe um comentário",
    "Commenti",
    "Комментарии",
)


def blocks(source: str) -> list[Block]:
    return text.extract(Page("page.txt", source, "text"))


def test_article_and_entries_are_told_apart() -> None:
    found = blocks(made.text_page(made.ENTRIES))
    assert [block.text for block in found if block.type not in ("comment", "boilerplate")] == [
        line.strip() for line in made.KEPT
    ]
    assert [block.author for block in found if block.type == "comment"] == [author for author, _ in made.ENTRIES]
    lines = made.text_page(made.ENTRIES).split("\n")
    assert all(block.text.split("\n")[0] in lines[block.line - 1] for block in found if block.type not in ("comment",))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("marker", MARKERS)
def test_layouts_and_markers(layout: str, marker: str) -> None:
    found = blocks(made.text_page(made.ENTRIES, layout, marker=marker))
    comments = [(block.author, block.text) for block in found if block.type == "comment"]
    assert comments == list(made.ENTRIES)


def test_numbers_alone_are_no_comments() -> None:
    page = "\n".join(
        [*made.ARTICLE, "Names of the founders", "", *(f"  {i}. {name}\n" for i, name in enumerate(made.EMPTY, 1))]
    )
    assert not [block for block in blocks(page) if block.type == "comment"]


@pytest.mark.parametrize("heading", ["Discussion", "Responses", "Comments on the policy are these", "Feedback"])
def test_a_heading_like_a_marker_over_a_list(heading: str) -> None:
    page = f"{made.ARTICLE[4]}\n\n{heading}\n\n  1. Trust must grow among all of the members.\n  2. Fees must pay for the office.\n\nThe end came late.\n"
    assert not [block for block in blocks(page) if block.type == "comment"]


def test_repeated_shape_without_marker() -> None:
    page = made.text_page(made.GOOD, "posted", marker="")
    assert len([block for block in blocks(page) if block.type == "comment"]) == 3


def test_text_below_the_region_is_article() -> None:
    page = (
        made.text_page(made.ENTRIES)
        + "\nA last word of the editor stands below, flush left, and is part of the page itself.\n"
    )
    assert blocks(page)[-1].type == "paragraph"


def test_tables_quotes_and_lists() -> None:
    found = text.extract(
        Page("a.md", "# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\nLead:\n- one\n- two\n  more\n", "markdown")
    )
    assert [block.type for block in found] == ["title", "table", "quote", "paragraph", "list", "list"]


entry = st.sampled_from([*made.SPAM, *made.GOOD, *((name, "") for name in made.EMPTY)])


@settings(max_examples=40, deadline=None)
@given(st.lists(entry, min_size=3, max_size=14, unique=True), st.sampled_from(LAYOUTS), st.sampled_from(["\n", "\r\n"]))
def test_layout_order_and_newlines_change_no_verdict(entries: list[tuple[str, str]], layout: str, newline: str) -> None:
    """The same entries get the same verdicts, whatever the page looks like; the article none of them touches."""
    known = verdicts(made.text_page(sorted(entries), "says"))
    assert verdicts(made.text_page(entries, layout, newline)) == known
    judged = clean.clean(Page("p", made.text_page(entries, layout, newline), "text")).judged
    alone = clean.clean(Page("p", "\n".join(made.ARTICLE), "text")).judged
    article = [(one.block.text, one.verdict) for one in judged if one.block.type not in ("comment", "boilerplate")]
    assert article == [
        (one.block.text, one.verdict) for one in alone if one.block.type not in ("comment", "boilerplate")
    ]


def verdicts(page: str) -> set[tuple[str | None, str]]:
    return {
        (one.block.author, one.verdict)
        for one in clean.clean(Page("p", page, "text")).judged
        if one.block.type == "comment"
    }
