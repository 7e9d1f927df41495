"""Whatever stands below an article, in whatever order and shape, the article and each entry are judged alike."""

import ingest_pages as made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.documents import JudgedBlock, Page
from advisor.ingest import clean

LAYOUTS = ("numbered", "says", "posted", "dated", "name-date")
NEWLINES = ("\n", "\r\n", "\r")
MARKERS = ("Join the conversation", "12 comments", "Kommentarer", "Comentarios", "Kommentare", "Комментарии")
HARD = (
    ("Marta", "The casino in our town pays a third of the council's budget, and nobody dares to say it."),
    ("Per", "Takk, dette deler jeg med styret."),
    ("Luc", "Bonjour, je trouve cet article très utile pour notre port."),
    ("Eva", "Our statutes are here: https://harbourlaw.example.org/statutes"),
)
SPEAKING = (*made.GOOD, *made.SPAM, *HARD)
Entries = tuple[tuple[str, str], ...]
Verdicts = dict[tuple[str | None, str], str]

entries = st.lists(st.sampled_from(SPEAKING), min_size=3, unique=True).map(tuple)
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def judged(text: str, media: str = "text") -> tuple[JudgedBlock, ...]:
    return clean.clean(Page("p", text, media)).judged


def of_article(found: tuple[JudgedBlock, ...]) -> list[tuple[str, str, str]]:
    return [
        (one.block.type, one.block.text, one.verdict)
        for one in found
        if one.block.type not in ("comment", "boilerplate")
    ]


def of_entries(found: tuple[JudgedBlock, ...]) -> Verdicts:
    return {(one.block.author, one.block.text): one.verdict for one in found if one.block.type == "comment"}


PLAIN = of_entries(judged(made.text_page(SPEAKING)))
"""The verdict of each entry on the plainest page."""


@few
@given(entries, st.sampled_from(LAYOUTS), st.sampled_from(NEWLINES), st.integers(0, 4))
def test_nothing_below_the_article_changes_its_verdicts(below: Entries, layout: str, newline: str, empty: int) -> None:
    page = made.text_page([*below, *((name, "") for name in made.EMPTY[:empty])], layout, newline)
    assert of_article(judged(page)) == of_article(judged(made.text_page(made.GOOD)))
    assert of_article(judged(made.html_page(below), "html")) == of_article(judged(made.html_page(()), "html"))


@few
@given(entries, st.sampled_from(LAYOUTS), st.sampled_from(NEWLINES), st.sampled_from(MARKERS), st.randoms())
def test_order_list_style_line_ends_and_marker_change_no_verdict(
    below: Entries, layout: str, newline: str, marker: str, chance: st.DataObject
) -> None:
    mixed = list(below)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    found = of_entries(judged(made.text_page(mixed, layout, newline, marker)))
    assert found == {key: PLAIN[key] for key in found} and len(found) == len(below)


@few
@given(entries)
def test_html_and_text_give_the_same_verdicts(below: Entries) -> None:
    found = of_entries(judged(made.html_page(below), "html"))
    assert found == {key: PLAIN[key] for key in found} and len(found) == len(below)
