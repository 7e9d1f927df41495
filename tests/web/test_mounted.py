"""The API in the whole application, around the real advisor, beside the page."""

import copy
from pathlib import Path

from fastapi.testclient import TestClient
from web.fake import NORTH, SITES

from advisor.assemble import Advisor
from advisor.settings import Site
from advisor.web.app import create_app


def test_the_whole_application(small: Advisor) -> None:
    advisor = copy.copy(small)
    advisor.settings = small.settings.model_copy(update={"sites": SITES})
    with TestClient(create_app(advisor)) as client:
        made = client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH).json()
        mine = {**NORTH, "Authorization": f"Bearer {made['token']}"}
        path = f"/api/v1/threads/{made['thread_id']}"
        said = client.post(f"{path}/messages", json={"text": "How do clusters set membership fees?"}, headers=mine)
        assert "event: sentence" in said.text and "event: done" in said.text and '"d1"' not in said.text
        assert client.delete(path, headers=mine).status_code == 204
        assert client.put("/api/v1/threads").status_code == 405
        assert "/api/v1/threads/{thread_id}" in client.get("/api/v1/openapi.json").json()["paths"]
        page = client.get("/")
        assert page.status_code == 200 and "frame-ancestors 'self'" in page.headers["content-security-policy"]
        assert client.get("/widget.js").headers["etag"] and client.get("/healthz").status_code == 200


def test_a_site_sees_only_its_collections(tmp_path: Path, small: Advisor) -> None:
    made = Advisor(small.settings.model_copy(update={"data_dir": tmp_path}))
    made.borrow(small)
    for name, fee in (("northern", "4,711"), ("southern", "8,822")):
        file = tmp_path / f"{name}.txt"
        file.write_text(
            f"The {name} snowdrop levy\n\nMembers of the {name} snowdrop cluster pay a levy of {fee} crowns each year.\n"
        )
        made.ingest([str(file)], name)
    sites = (
        Site(key="north", collections=("northern",), origins=("https://north.example",)),
        Site(key="south", collections=("southern", "corpus"), origins=("https://south.example",)),
        Site(key="every", origins=("https://every.example",)),
    )
    made.settings = made.settings.model_copy(update={"sites": sites, "allowed_hosts": ("testserver",)})

    def said(client: TestClient, site: str, question: str) -> str:
        origin = {"Origin": f"https://{site}.example"}
        opened = client.post("/api/v1/threads", json={"site": site}, headers=origin).json()
        headers = {**origin, "Authorization": f"Bearer {opened['token']}"}
        path = f"/api/v1/threads/{opened['thread_id']}/messages"
        return client.post(path, json={"text": question}, headers=headers).text

    with TestClient(create_app(made)) as client:
        levy = "What levy do members of the {} snowdrop cluster pay each year?"
        assert "4,711" in said(client, "north", levy.format("northern"))
        for site, other in (("north", "8,822"), ("south", "4,711")):
            for name in ("northern", "southern"):
                assert other not in said(client, site, levy.format(name)), site
        assert "8,822" in said(client, "every", levy.format("southern"))
        kelp = "What do members of the Otterby kelp cluster pay?"
        assert "1,250 crowns" in said(client, "south", kelp) and "1,250" not in said(client, "north", kelp)
        assert len(made.records.asked("north")) == 4 and made.records.unanswered("north")
    made.close()


def test_our_own_page_is_kept_in_the_same_rows(tmp_path: Path, small: Advisor) -> None:
    made = Advisor(small.settings.model_copy(update={"data_dir": tmp_path}))
    made.borrow(small)
    list(made.reply("mine", "Who won the chess cup of 1921? Write to anna@example.org"))
    (row,) = made.records.asked("own")
    assert "anna@" not in row.question and row.outcome and made.records.overdue(lambda site: 0) == ["mine"]
    made.feedback("mine", "the answer", True)
    assert made.records.votes("own") == {True: 1}
    made.erase("mine")
    assert made.records.asked() == [] and made.records.votes() == {} and made.state("mine") == {}
    made.close()
