"""The page it all starts from: nothing of the article lost, nothing of the comments kept."""

from pathlib import Path

import pytest

from advisor.ingest import clean, sources

SEED = Path(__file__).parents[3] / "shared" / "seed" / "building-an-innovation-cluster.txt"


@pytest.mark.skipif(not SEED.is_file(), reason="../shared is not here")
def test_the_seed() -> None:
    page = sources.read(SEED)
    judged = clean.clean(page).judged
    lines = page.text.split("\n")
    marker = next(i for i, line in enumerate(lines) if line.startswith("Join the conversation"))
    kept = {line for one in judged if one.verdict == "keep" for line in one.block.text.split("\n")}
    assert [line for line in lines[:marker] if line.strip() and line.strip() not in kept] == []
    comments = [one for one in judged if one.block.type == "comment"]
    assert len(comments) == 91
    assert not [one.block.author for one in comments if one.verdict == "keep"]
    assert all(one.reasons for one in judged if one.verdict != "keep")
    checklist = [one for one in judged if one.block.type == "list"]
    assert len(checklist) == 10 and {one.verdict for one in checklist} == {"keep"}
    body = clean.body_of(judged)[0]
    assert "Key player in the quest for national economic growth" in body and "Casino" not in body
