"""What was held back, for the people of a site: behind the secret, as text, restored into answers or dropped."""

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from web.fake import SECRET
from web.held import FEE, RUNS, page

from advisor.assemble import Advisor
from advisor.settings import Site
from advisor.web.app import create_app

KEY = {"X-Advisor-Secret": SECRET}
OURS = {**KEY, "Sec-Fetch-Site": "same-origin"}
SITES = (
    Site(key="own", secret=SECRET),
    Site(key="north", secret=SECRET, collections=("northern",)),
    Site(key="south", secret=SECRET, collections=("southern", "corpus")),
)


@pytest.fixture
def made(tmp_path: Path, small: Advisor) -> Iterator[tuple[TestClient, Advisor]]:
    advisor = Advisor(small.settings.model_copy(update={"data_dir": tmp_path / "data", "sites": SITES}))
    advisor.borrow(small)
    advisor.ingest([page(tmp_path / "pages")], "northern")
    with TestClient(create_app(advisor), follow_redirects=False) as client:
        yield client, advisor
        while client.get("/readyz").status_code != 200:  # the models load beside the test
            time.sleep(0.05)
    advisor.close()


def entry(client: TestClient, words: str, site: str = "own") -> str:
    """Where the entry that says this is decided."""
    for article in client.get(f"/agency/{site}/review", headers=KEY).text.split("<article")[1:]:
        if words in article.split('class="it"')[1].split("</blockquote>")[0]:
            return re.findall('action="(/agency/[^"]+)/restore"', article)[0]
    raise AssertionError(f"nothing held back says {words}")


def test_held_back_as_text_with_reasons_in_its_page(made: tuple[TestClient, Advisor]) -> None:
    client, _ = made
    page = client.get("/agency/own/review", headers=KEY)
    assert page.status_code == 200 and "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert RUNS not in page.text and RUNS.replace("<", "&lt;").replace(">", "&gt;") in page.text
    assert "<script" not in page.text and "It gives orders to a machine." in page.text
    assert 'class="beside"' in page.text and "No single company could pay" in page.text
    assert "Hidden from the page" in page.text and "model " in page.text


def test_only_for_the_people_of_the_site(made: tuple[TestClient, Advisor]) -> None:
    client, advisor = made
    path = entry(client, "9,310")
    north = entry(client, "9,310", "north")
    assert north == path.replace("/own/", "/north/")
    assert "northern" not in client.get("/agency/south/review", headers=KEY).text
    for headers, status in (
        ({}, 401),
        ({"X-Advisor-Secret": "a-guess-of-somebody"}, 401),
        ({**KEY, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({**KEY, "Origin": "null"}, 403),
    ):
        assert client.post(f"{path}/restore", headers=headers).status_code == status
    assert client.get("/agency/own/review").status_code == 401
    signed = client.post(f"{path}/restore", auth=("", SECRET))  # a form on another page would carry the password
    assert signed.status_code == 403
    theirs = path.replace("/own/", "/south/")
    assert client.post(f"{theirs}/restore", headers=OURS).status_code == 404
    assert client.post(f"{path}/burn", headers=OURS).status_code == 422
    assert client.post(f"{path.rpartition('/')[0]}/{'0' * 12}/drop", headers=OURS).status_code == 400
    assert advisor.collections.lists("northern").allowed == frozenset()


def test_restored_into_answers_and_dropped_again(made: tuple[TestClient, Advisor]) -> None:
    client, advisor = made

    def known() -> bool:
        until = time.monotonic() + 60
        while client.app.state.advisor_parts.keeper.building and time.monotonic() < until:  # type: ignore[attr-defined]
            time.sleep(0.05)
        return any("9,310" in hit.chunk.text for hit in advisor.search("lantern levy of the Otterby kelp cluster").hits)

    path = entry(client, "9,310")
    assert not known()
    done = client.post(f"{path}/restore", headers=OURS)
    assert done.status_code == 303
    assert "Restored: “The lantern levy" in client.get(done.headers["location"], headers=KEY).text
    assert known() and FEE.split(" is ")[0] in client.get("/agency/own/review?state=restored", headers=KEY).text
    assert client.post(f"{path}/drop", headers=KEY).status_code == 303
    assert not known()
    dropped = client.get("/agency/own/review?state=dropped", headers=KEY).text
    assert "9,310" in dropped and f"{path}/restore" in dropped and f"{path}/drop" not in dropped


def test_reports_of_outdated_facts(made: tuple[TestClient, Advisor]) -> None:
    client, advisor = made
    document = next(one for one in advisor.documents() if one.path.endswith("otterby.md"))
    line = next(n for n, text in enumerate(document.body.splitlines(), document.line) if "1,250 crowns" in text)
    where = f"/library/{document.kind}/{document.id}"
    assert f'name="at" value="{line}"' in client.get(f"{where}?at={line}").text
    said = {"text": f"=It is more now {RUNS}, ask anna@example.org", "at": str(line)}
    sent = client.post(where, data=said, headers={"Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 303
    client.post(where, data={"text": "Whole page", "at": "no number"}, headers={"Sec-Fetch-Site": "same-origin"})
    page = client.get("/agency/own/reports", headers=KEY).text
    assert "1,250 crowns" in page and "anna@" not in page and RUNS not in page and f'href="{where}"' in page
    rows = list(csv.DictReader(io.StringIO(client.get("/agency/own/reports.csv", headers=KEY).text)))
    assert [row["title"] for row in rows] == [document.title] * 2 and rows[0]["passage"] == ""
    assert rows[1]["note"].startswith("'=It is more") and "1,250 crowns" in rows[1]["passage"] and rows[1]["at"]
    assert "1,250" in client.get("/agency/south/reports", headers=KEY).text
    assert "1,250" not in client.get("/agency/north/reports", headers=KEY).text
    assert client.get("/agency/own/reports").status_code == client.get("/agency/own/reports.csv").status_code == 401
