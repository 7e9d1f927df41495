"""An evaluation leaves no trace in what visitors use."""

import json
from pathlib import Path

import pytest

from advisor import cli
from advisor.assemble import Advisor
from advisor.errors import RequestError
from advisor.settings import Settings
from evals.systems import evaluated
from tests.conftest import SHELF

CASE = {"id": "mine-1", "suite": "answers", "question": "Who founded the Otterby kelp cluster?", "expect": {"outcome": "answered", "must_include": [["Tillbrook"]], "documents": ["case-otterby"]}}  # fmt: skip


def test_a_corpus_of_ones_own_has_its_own_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data" / "indexes").mkdir(parents=True)
    (tmp_path / "data" / "indexes" / "current").write_text("a-visitors-index", encoding="utf-8")
    (tmp_path / "mine.jsonl").write_text(json.dumps(CASE), encoding="utf-8")
    asked = ["eval", "--cases", "mine.jsonl", "--corpus", str(SHELF), "--report", "out"]
    assert cli.main(asked) == 0
    assert (tmp_path / "data" / "indexes" / "current").read_text(encoding="utf-8") == "a-visitors-index"
    assert [p.name for p in (tmp_path / "data" / "indexes").iterdir()] == ["current"]
    figures = json.loads((tmp_path / "out" / "scores.json").read_text(encoding="utf-8"))["figures"]
    assert figures["answers"]["passed"]["value"] == figures["retrieval"]["right_first"]["value"] == 1.0


def test_an_evaluation_talks_in_conversations_of_its_own(tmp_path: Path) -> None:
    live = Advisor(Settings(corpus=(SHELF,), data_dir=tmp_path))
    made = evaluated(live, None)
    assert made.versions is live.versions and made.collections is live.collections
    assert made.settings.data_dir != live.settings.data_dir


def test_a_missing_corpus_is_said(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="No such corpus folder"):
        evaluated(Advisor(Settings(data_dir=tmp_path)), tmp_path / "nowhere")
