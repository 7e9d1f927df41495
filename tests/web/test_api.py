"""The API: conversations, streams, tokens, errors."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web.fake import NORTH, SECRET, SOUTH, FakeCoach, application

from advisor.records.tables import META
from advisor.settings import Limits, Settings
from advisor.web.parts import Parts


@pytest.fixture
def coach() -> FakeCoach:
    return FakeCoach()


@pytest.fixture
def made(tmp_path: Path, coach: FakeCoach) -> Iterator[tuple[TestClient, Parts]]:
    app, parts = application(tmp_path, coach)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client, parts


def opened(client: TestClient, origin: dict[str, str] = NORTH, site: str = "north") -> tuple[str, dict[str, str]]:
    answer = client.post("/api/v1/threads", json={"site": site}, headers=origin)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return f"/api/v1/threads/{body['thread_id']}", {**origin, "Authorization": f"Bearer {body['token']}"}


def events(text: str) -> list[tuple[str, str, Any]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["id"], lines["event"], json.loads(lines["data"])))
    return found


def test_a_conversation_from_opening_to_erasing(made: tuple[TestClient, Parts], coach: FakeCoach) -> None:
    client, parts = made
    path, mine = opened(client)
    answer = client.post(f"{path}/messages", json={"text": "hello, I am anna@example.org"}, headers=mine)
    assert answer.headers["content-type"].startswith("text/event-stream")
    said = events(answer.text)
    assert [name for _, name, _ in said] == ["status", "sentence", "sentence", "done"]
    assert said[1][2]["citations"][0]["n"] == 1
    message = said[0][0].split(".")[0]
    assert answer.headers["message-id"] == message
    read = client.get(path, headers=mine).json()
    assert len(read["messages"]) == 1 and "anna@" not in read["messages"][0]["text"]
    vote = {"message_id": message, "helpful": True, "comment": "call +47 999 88 777"}
    assert client.post(f"{path}/feedback", json=vote, headers=mine).status_code == 204
    assert parts.records.votes("north") == {True: 1}
    assert client.get(f"{path}/plan.ics", headers=mine).headers["content-type"].startswith("text/calendar")
    assert client.patch(f"{path}/plan/s1", json={"done": True}, headers=mine).status_code == 204
    assert client.patch(f"{path}/plan/s9", json={"done": True}, headers=mine).status_code == 404
    assert "attachment" in client.get(f"{path}/export.json", headers=mine).headers["content-disposition"]
    assert client.delete(path, headers=mine).status_code == 204
    assert client.get(path, headers=mine).status_code == 404
    assert coach.erased == [path.rsplit("/", 1)[1]]
    with parts.records.engine.connect() as connection:
        for table in META.tables:
            assert connection.exec_driver_sql(f"select count(*) from {table}").scalar() == 0


def test_a_cut_stream_goes_on_where_it_was_cut(made: tuple[TestClient, Parts]) -> None:
    client, _ = made
    path, mine = opened(client)
    said = events(client.post(f"{path}/messages", json={"text": "hello"}, headers=mine).text)
    again = client.get(
        f"{path}/messages/{said[0][0].split('.')[0]}/events", headers={**mine, "Last-Event-ID": said[1][0]}
    )
    assert events(again.text) == said[2:]


def test_a_repeated_message_is_answered_once(made: tuple[TestClient, Parts], coach: FakeCoach) -> None:
    client, _ = made
    path, mine = opened(client)
    keyed = {**mine, "Idempotency-Key": "k1"}
    first = client.post(f"{path}/messages", json={"text": "hello"}, headers=keyed)
    second = client.post(f"{path}/messages", json={"text": "hello"}, headers=keyed)
    assert first.text == second.text and len(coach.said) == 1
    other = client.post(f"{path}/messages", json={"text": "another"}, headers=keyed)
    assert other.status_code == 422 and other.json()["code"] == "key_reused"


def test_one_reply_at_a_time_and_a_bug_ends_its_stream(made: tuple[TestClient, Parts]) -> None:
    client, _ = made
    path, mine = opened(client)
    said = events(client.post(f"{path}/messages", json={"text": "fail"}, headers=mine).text)
    assert said[-1][1] == "error" and "ZeroDivision" not in json.dumps(said)
    results: list[int] = []
    thread = threading.Thread(
        target=lambda: results.append(client.post(f"{path}/messages", json={"text": "slow"}, headers=mine).status_code)
    )
    thread.start()
    time.sleep(1)
    assert client.post(f"{path}/messages", json={"text": "hello"}, headers=mine).status_code == 409
    assert client.delete(path, headers=mine).status_code == 204
    thread.join()
    assert results == [200]


def test_a_code_serves_one_other_device_once(made: tuple[TestClient, Parts]) -> None:
    client, parts = made
    path, mine = opened(client)
    code = client.post(f"{path}/code", headers=mine).json()["code"]
    assert client.post("/api/v1/threads/claim", json={"code": code}, headers=SOUTH).status_code == 404
    other = client.post("/api/v1/threads/claim", json={"code": code}, headers=NORTH)
    assert other.status_code == 201
    theirs = {**NORTH, "Authorization": f"Bearer {other.json()['token']}"}
    assert client.get(path, headers=theirs).status_code == 200 == client.get(path, headers=mine).status_code
    assert client.post("/api/v1/threads/claim", json={"code": code}, headers=NORTH).status_code == 404
    late = client.post(f"{path}/code", headers=mine).json()["code"]
    parts.records.now = lambda: time.time() + 15 * 60 + 1
    assert client.post("/api/v1/threads/claim", json={"code": late}, headers=NORTH).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/threads", b"{", 422),
        ("POST", "/api/v1/threads", b'{"site": "north", "__proto__": {"admin": true}}', 422),
        ("POST", "/api/v1/threads", b'{"site": "' + b"x" * 70000 + b'"}', 413),
        ("GET", "/api/v1/nothing", b"", 404),
        ("PUT", "/api/v1/threads", b"", 405),
        ("GET", "/api/v1/threads/x", b"", 401),
        ("GET", "/embed/nobody", b"", 404),
        ("GET", "/agency/north", b"", 401),
        ("GET", "/widget-0123.js", b"", 404),
    ],
)
def test_errors_are_problems(made: tuple[TestClient, Parts], method: str, path: str, body: bytes, status: int) -> None:
    client, _ = made
    answer = client.request(method, path, content=body, headers={**NORTH, "Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status and answer.json()["code"]
    assert answer.headers["x-content-type-options"] == "nosniff" and "content-security-policy" in answer.headers


def test_a_megabyte_in_pieces_is_refused(made: tuple[TestClient, Parts]) -> None:
    client, _ = made
    path, mine = opened(client)
    pieces = (b"x" * 10_000 for _ in range(100))
    assert client.post(f"{path}/messages", content=pieces, headers=mine).status_code == 413


def test_limits_are_friendly(tmp_path: Path) -> None:
    app, _ = application(tmp_path, limits=Limits(per_address="5/minute", threads_per_address="2/hour"))
    with TestClient(app) as client:
        statuses = [client.post("/api/v1/threads", json={"site": "north"}, headers=NORTH) for _ in range(7)]
    assert [answer.status_code for answer in statuses] == [201, 201, 429, 429, 429, 429, 429]
    assert int(statuses[-1].headers["retry-after"]) == statuses[-1].json()["retry_after"] > 0


def test_streams_per_address_are_limited(tmp_path: Path) -> None:
    app, parts = application(tmp_path, limits=Limits(streams_per_address=1))
    with TestClient(app) as client:
        path, mine = opened(client)
        place = parts.limiter.stream(parts.addresses.hashed("testclient"))
        with client.portal.wrap_async_context_manager(place):  # type: ignore[union-attr]
            assert client.post(f"{path}/messages", json={"text": "hi"}, headers=mine).status_code == 429
        assert client.post(f"{path}/messages", json={"text": "hi"}, headers=mine).status_code == 200


def test_a_site_that_does_not_allow_it_reaches_no_hosted_model(tmp_path: Path) -> None:
    coach = FakeCoach()
    site = Settings().model_copy(update={}).sites or application(tmp_path / "x")[1].settings.sites
    sites = (site[0], site[1].model_copy(update={"hosted_model": True}))
    limits = Limits(hosted_per_day="1/day")
    app, _ = application(tmp_path, coach, llm="openai:gpt-x", sites=sites, limits=limits)
    with TestClient(app) as client:
        for origin, key in ((NORTH, "north"), (SOUTH, "south")):
            path, mine = opened(client, origin, key)
            client.post(f"{path}/messages", json={"text": "one"}, headers=mine)
            client.post(f"{path}/messages", json={"text": "two"}, headers=mine)
    assert [said[3] for said in coach.said] == [False, False, True, False]


def test_retention_and_addresses(made: tuple[TestClient, Parts], tmp_path: Path, coach: FakeCoach) -> None:
    client, parts = made
    path, mine = opened(client)
    parts.records.report("a-document", "It is more now.")
    assert parts.purge() == 0
    parts.records.now = lambda: time.time() + 91 * 86400
    assert parts.purge() == 1 and coach.erased == [path.rsplit("/", 1)[1]]
    assert len(parts.records.reports()) == 1
    parts.records.now = lambda: time.time() + 366 * 86400
    assert parts.purge() == 0 and parts.records.reports() == []
    assert client.get(path, headers=mine).status_code == 404
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"testclient" not in kept and mine["Authorization"].split()[1].encode() not in kept
    one = parts.addresses.hashed("2001:db8::1")
    assert one == parts.addresses.hashed("2001:db8::ffff") != parts.addresses.hashed("2001:db8:1::1")


def test_privacy_preview_and_site(made: tuple[TestClient, Parts]) -> None:
    client, _ = made
    said = client.get("/privacy.json?site=north").json()
    assert said["retention_days"] == 90
    assert any("outdated" in row["what"] and row["days"] == 365 for row in said["stored"])
    assert "What" in client.get("/privacy/north").text
    page = client.get("/embed/north")
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://north.example https://*.north.example" in policy
    assert "unsafe" not in policy and "widget.js" in page.text and "x-frame-options" not in page.headers
    about = client.get("/api/v1/sites/north?lang=nb", headers=NORTH).json()
    assert about["texts"]["send"] == "Send" and about["handover"] == "mailto:desk@north.example"
    assert "secret" not in about and SECRET not in json.dumps(about)
