"""The command line as people and programs use it: shapes, exit codes, one clear message."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.assemble import Advisor
from advisor.cli import main

SHELF = Path(__file__).parent / "shelf"


@pytest.fixture
def home(small: Advisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADVISOR_CORPUS", str(SHELF))
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(small.settings.data_dir))
    return tmp_path


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_batch_answers_have_the_published_shape(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": "a", "question": "What do members of the Otterby kelp cluster pay?"},
        {
            "id": "b",
            "question": "and when was it founded?",
            "history": [["Tell me of the Otterby kelp cluster", "Yes."]],
        },
    ]
    (home / "q.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["ask", "--batch", "q.jsonl", "--json"]) == 0
    first, second = lines(capsys.readouterr().out)
    assert first["id"] == "a" and "1,250 crowns" in str(first["answer"]) and "2007" in str(second["answer"])
    assert {"answer", "outcome", "masked", "language", "sentences", "citations", "withheld", "seconds"} <= first.keys()
    assert set(first["citations"][0]) >= {"n", "document_id", "title", "url", "as_of", "source", "line", "passage"}  # type: ignore[index]
    assert set(first["seconds"]) == {"retrieval", "first_sentence", "total"}  # type: ignore[call-overload]
    assert "[1]" not in str(first["answer"])


def test_search_has_the_published_shape(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "kelp fee", "--k", "2", "--json"]) == 0
    (found,) = lines(capsys.readouterr().out)
    assert len(found["hits"]) == 2 and 0 <= float(str(found["answerable"])) <= 1  # type: ignore[arg-type]
    assert set(found["hits"][0]) == {"chunk_id", "document_id", "source", "line", "title", "kind", "score", "text"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask"], "Give a question"),
        (["ask", ""], "Give a question"),
        (["ask", "--batch", "none.jsonl", "--json"], "cannot be read"),
        (["search", "x", "--k", "0"], "at least one"),
        (["ingest", "none.txt", "--dry-run"], "none.txt"),
        (["quarantine", "restore"], "which entry"),
        (["--config", "none.toml", "ask", "hi"], "settings file"),
        (["corpus", "new", "poem", "--id", "x"], "kind"),
        (["corpus", "new", "case", "--id", "../../outside"], "An id has small letters"),
        (["search", "fees", "--collection", "nope"], "No such collection"),
        (["quarantine", "list", "--collection", "nope"], "No such collection"),
        (["index", "build", "--corpus", "."], "--out"),
    ],
)
def test_a_mistake_gets_one_message_and_exit_code_one(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert says in error and "Traceback" not in error


def test_what_could_not_be_answered_is_listed_masked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "How many whales visit the Otterby kelp cluster? Tell kari@example.no"
    assert main(["ask", question, "--thread", "gaps", "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)["outcome"]
    assert main(["corpus", "gaps", "--json"]) == 0
    listed = capsys.readouterr().out
    assert "kari@example.no" not in listed
    assert ("whales" in listed) == (outcome in ("not_in_sources", "partial"))


def test_claims_are_verified_with_reasons(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passages = ["The Otterby kelp cluster was founded in 2007 by Marga Tillbrook."]
    rows = [
        {"id": "copy", "claim": passages[0], "passages": passages},
        {
            "id": "date",
            "claim": "The Otterby kelp cluster was founded in 2008 by Marga Tillbrook.",
            "passages": passages,
        },
    ]
    (home / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["verify", "--batch", "claims.jsonl", "--json"]) == 0
    copy, date = lines(capsys.readouterr().out)
    assert copy["supported"] is True and copy["passage"] == 0
    assert date["supported"] is False and "2008" in str(date["reason"])


def test_another_folder_is_indexed_beside_and_searched(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "notes").mkdir()
    (home / "notes" / "oak.md").write_text(
        "# Oak cluster\n\nThe oak cluster has nineteen sawmills.\n", encoding="utf-8"
    )
    assert main(["index", "build", "--corpus", "notes", "--out", "other"]) == 0
    capsys.readouterr()
    assert main(["search", "sawmills", "--index", "other", "--json"]) == 0
    assert "nineteen" in json.loads(capsys.readouterr().out)["hits"][0]["text"]


def test_a_build_touches_nothing_that_is_not_its_own(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "full" / "precious").mkdir(parents=True)
    (home / "full" / "precious" / "thesis.txt").write_text("years of work", encoding="utf-8")
    (home / "notes").mkdir()
    (home / "notes" / "oak.md").write_text("# Oak\n\nOaks are sawn.\n", encoding="utf-8")
    assert main(["index", "build", "--corpus", "notes", "--out", "full"]) == 1
    assert "something else" in capsys.readouterr().err
    assert (home / "full" / "precious" / "thesis.txt").exists()


def test_a_data_dir_that_is_a_file_is_said_plainly(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(home / "file"))
    assert main(["search", "fees"]) == 1
    error = capsys.readouterr().err
    assert "file" in error and "Traceback" not in error


def test_usage_is_exit_code_two() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["nonsense"])
    assert stop.value.code == 2


def test_an_invented_page_is_answered_until_it_is_removed(
    home: Path, small: Advisor, capsys: pytest.CaptureFixture[str]
) -> None:
    page = home / "pages" / "walnut.txt"
    page.parent.mkdir()
    page.write_text(
        "The walnut cluster\n\nThe Brindlemere walnut cluster was founded in 1993 by Ottoline Fask.\n", encoding="utf-8"
    )
    (page.parent / "other.txt").write_text(
        "Another page\n\nApples are grown by the Harrow Hill growers near the mill.\n", encoding="utf-8"
    )
    assert main(["ingest", "pages", "--collection", "walnuts"]) == 0
    assert main(["ask", "Who founded the Brindlemere walnut cluster?", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "Ottoline Fask" in said["answer"]
    assert said["citations"][0]["source"].endswith("walnut.txt") and said["citations"][0]["line"] == 3
    page.unlink()
    assert main(["ingest", "pages", "--collection", "walnuts"]) == 0
    capsys.readouterr()
    assert main(["ask", "Who founded the Brindlemere walnut cluster?", "--json"]) == 0
    assert "Ottoline" not in capsys.readouterr().out


def test_standard_output_is_json_only_in_a_real_process(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "advisor", "ask", "Who founded the Otterby kelp cluster?", "--json"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}, timeout=120, check=True,
    )  # fmt: skip
    assert "Marga Tillbrook" in json.loads(done.stdout)["answer"]


def test_a_taken_port_is_said_plainly(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert f"--port {port + 1}" in capsys.readouterr().err
