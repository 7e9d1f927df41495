"""The page it all starts from: the article whole, none of the spam. Runs where the page is; its shape is tested in tests/ingest."""

from pathlib import Path

import pytest

from advisor.ingest import clean, sources

SEED = Path(__file__).parents[2] / "shared" / "seed" / "building-an-innovation-cluster.txt"


@pytest.mark.skipif(not SEED.is_file(), reason="the seed page is not beside this checkout")
def test_the_article_is_kept_and_the_comments_are_not() -> None:
    judged = clean.clean(sources.read(SEED)).judged
    comments = [one for one in judged if one.block.type == "comment"]
    assert len(comments) == 91
    assert all(one.verdict != "keep" and one.reasons for one in comments)
    kept = "\n".join(one.block.text for one in judged if one.verdict == "keep")
    article = SEED.read_text(encoding="utf-8").split("Join the conversation")[0]
    for line in article.splitlines():
        words = line.strip()
        if len(words.split()) > 1 and words != "Jun 16, 2021 at 4: 12 pm":
            assert words.lstrip("0123456789. ")[:60] in kept, words
    assert sum(one.block.type == "list" and one.verdict == "keep" for one in judged) == 10
