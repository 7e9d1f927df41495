"""The agency's view: masked, nobody else's, plots over time, files that other programs take."""

import csv
import datetime
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from web.fake import SECRET, application

from advisor import corpus, corpus_check
from advisor.records import Records
from advisor.web import plots
from advisor.web.parts import Parts

KEY = {"X-Advisor-Secret": SECRET}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[TestClient, Parts]]:
    app, parts = application(tmp_path)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client, parts


def asked(records: Records, text: str, outcome: str = "answered", site: str = "north", days: float = 0) -> str:
    records.used(f"thread of {site}", site)
    now, records.now = records.now, lambda: time.time() - days * 86400
    message = records.take(f"thread of {site}", text).id
    records.now = now
    records.finish(message, [], outcome=outcome, language="en", profile="government_lead", stage="idea")
    return message


def test_questions_votes_and_plots(made: tuple[TestClient, Parts]) -> None:
    client, parts = made
    missed = asked(parts.records, "What of [email]? <script>alert(1)</script>", "not_in_sources", days=3)
    asked(parts.records, "What do_members pay?", days=40)
    asked(parts.records, "A secret of the south", site="south")
    parts.records.vote("thread of north", missed, False, "<b>No</b>")
    page = client.get("/agency/north", auth=("", SECRET))
    assert page.status_code == 200 and "<script" not in page.text and "<b>No" not in page.text
    assert "of the south" not in page.text and "do_members" not in page.text
    assert "government lead: 1" in page.text and "not answered, or in part: 1" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    year = client.get("/agency/north?days=365", auth=("", SECRET)).text
    assert "do_members" in year and "answered: 1" in year and "thread of" not in year


def test_the_table_runs_no_formula(made: tuple[TestClient, Parts]) -> None:
    client, parts = made
    for text in ("=cmd()", "+1", '-2, "quoted"', "@SUM(A1)", "\t=1", "two\nlines", "plain"):
        asked(parts.records, text)
    rows = list(csv.reader(io.StringIO(client.get("/agency/north/questions.csv", headers=KEY).text)))
    assert rows[0][:3] == ["at", "question", "outcome"] and len(rows) == 8
    assert all(row[1][0] not in "=+-@\t" for row in rows[1:])
    assert {"plain", "two\nlines", "'=cmd()"} <= {row[1] for row in rows}


def test_a_document_from_a_question_is_one_of_the_corpus(made: tuple[TestClient, Parts], tmp_path: Path) -> None:
    client, parts = made
    for number, text in enumerate(('Who pays "us": a levy?\n# or {{fees}}', "---", "- [x]: 'y'", "null")):
        message = asked(parts.records, text, "partial")
        link = f"/agency/north/draft.md?message={message}"
        assert link in client.get("/agency/north", headers=KEY).text
        draft = client.get(link, headers=KEY)
        name = re.findall('filename="(.+)"', draft.headers["content-disposition"])[0]
        fact = " ".join(f"Members of the Otterby cluster number {number} paid {n} crowns in {n}." for n in range(40))
        filled = draft.text.replace("https://", "https://otterby.example/").replace("Write here what is known", fact)
        shelf = tmp_path / f"shelf{number}"
        shelf.mkdir()
        (shelf / name).write_text(filled, encoding="utf-8")
        (document,) = corpus.read_shelves([shelf])
        assert document.title == " ".join(text.split()) and document.kind == "method"
        assert list(corpus_check._document(document, ())) == []
    assert client.get("/agency/north/draft.md?message=none", headers=KEY).status_code == 404
    theirs = asked(parts.records, "Hidden?", "partial", site="south")
    assert client.get(f"/agency/north/draft.md?message={theirs}", headers=KEY).status_code == 404


def test_only_with_the_secret(made: tuple[TestClient, Parts]) -> None:
    client, _ = made
    assert client.get("/agency/south", auth=("", SECRET)).status_code == 401
    assert client.get("/agency/own", auth=("", "")).status_code == 401
    guesses = [client.get("/agency/north", auth=("", f"guess{n}")).status_code for n in range(30)]
    assert guesses[0] == 401 and guesses[-1] == 429


@pytest.mark.parametrize("days", [1, 7, 30, 92, 93, 365, 730])
def test_every_day_falls_into_a_period(days: int) -> None:
    last = datetime.date(2026, 11, 24)
    names, at = plots.periods(last, days)
    assert len(names) <= 105 and names == sorted(set(names))
    for back in range(days):
        assert at((last - datetime.timedelta(days=back)).isoformat()) in names
