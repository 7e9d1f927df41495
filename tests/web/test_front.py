"""The outermost door: names, rebinding, what a proxy is believed; several workers."""

import base64
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from web.fake import NORTH, SECRET, SITES, application

from advisor.errors import SetupError
from advisor.settings import Limits, Settings
from advisor.web.app import check_workers
from advisor.web.front import Front
from advisor.web.sites import is_reader

PROXY = {"proxies": ("10.1.0.0/16",), "proxy_header": "X-Auth-Request-Email"}


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost:7860", True),
        ("127.0.0.1", True),
        ("[::1]:7860", True),
        ("192.168.1.7:7860", True),  # an address cannot be rebound
        ("advisor.example.org", True),
        ("ADVISOR.example.org:443", True),
        ("eu.advisors.example.org", True),
        ("advisors.example.org", False),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("advisor.example.org.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("advisor.example.org@evil.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_names(host: str, ours: bool, tmp_path: Path) -> None:
    names = ("advisor.example.org", "*.advisors.example.org")
    app, parts = application(tmp_path, allowed_hosts=names)
    assert Front(app, parts.settings).answers_to([host]) is ours
    assert not Front(app, parts.settings).answers_to([host, "localhost"])
    with TestClient(app) as client:
        answered = client.get("/widget.js", headers={"Host": host}).status_code
        assert answered == (200 if ours else 421)


def test_a_rebound_name_opens_nothing(tmp_path: Path) -> None:
    """The page of evil.example, whose name now leads to us, is same-origin for its browser."""
    app, parts = application(tmp_path, allowed_hosts=())
    evil = {"Host": "evil.example:7860", "Origin": "http://evil.example:7860", "Sec-Fetch-Site": "same-origin"}
    with TestClient(app) as client:
        answer = client.post("/api/v1/threads", json={"site": ""}, headers=evil)
        assert answer.status_code == 421 and answer.json()["code"] == "host_not_allowed"
        assert client.get("/agency/north", headers=evil | {"X-Advisor-Secret": SECRET}).status_code == 421
    assert parts.records.overdue(lambda site: -1) == []


@pytest.mark.parametrize(
    ("peer", "person", "status"),
    [
        ("10.1.2.3", "Anna@Agency.example", 200),
        ("10.1.2.3", "anyone@north.example", 200),
        ("10.1.2.3", "anyone@evil.north.example", 401),
        ("10.1.2.3", "someone@evil.example", 401),
        ("10.1.2.3", "@north.example", 401),
        ("10.1.2.3", "*@north.example", 200),  # whoever the proxy signs in: the header is its word
        ("10.1.2.3", "", 401),
        ("10.2.2.3", "anna@agency.example", 401),
        ("203.0.113.9", "anna@agency.example", 401),
        ("::ffff:10.1.2.3", "anna@agency.example", 200),
    ],
)
def test_a_proxy_says_who_has_signed_in(tmp_path: Path, peer: str, person: str, status: int) -> None:
    site = SITES[0].model_copy(update={"readers": ("anna@agency.example", "*@north.example")})
    app, _ = application(tmp_path, sites=(site, SITES[1]), **PROXY)
    with TestClient(app, client=(peer, 4711)) as client:
        assert client.get("/agency/north", headers={"X-Auth-Request-Email": person}).status_code == status
        assert client.get("/agency/south", headers={"X-Auth-Request-Email": person}).status_code == 401
        twice = [("X-Auth-Request-Email", "anna@agency.example"), ("X-Auth-Request-Email", "x@evil.example")]
        assert client.get("/agency/north", headers=twice).status_code == 401
        basic = {"Authorization": "Basic " + base64.b64encode(f":{SECRET}".encode()).decode()}
        assert client.get("/agency/north", headers=basic).status_code == 200


def test_no_readers_nobody() -> None:
    assert not is_reader(SITES[0], "anna@agency.example") and not is_reader(SITES[0], "")


def test_the_header_is_nothing_without_the_setting(tmp_path: Path) -> None:
    site = SITES[0].model_copy(update={"readers": ("anna@agency.example",)})
    app, _ = application(tmp_path, sites=(site,), proxies=("10.1.0.0/16",))
    with TestClient(app, client=("10.1.2.3", 1)) as client:
        assert client.get("/agency/north", headers={"X-Auth-Request-Email": "anna@agency.example"}).status_code == 401


@pytest.mark.parametrize(("peer", "separate"), [("10.1.2.3", True), ("203.0.113.9", False)])
def test_only_a_proxy_names_the_visitors_address(tmp_path: Path, peer: str, separate: bool) -> None:
    app, _ = application(tmp_path, limits=Limits(threads_per_address="1/hour"), **PROXY)
    with TestClient(app, client=(peer, 1)) as client:

        def opens(forwarded: str) -> int:
            headers = {**NORTH, "X-Forwarded-For": forwarded}
            return client.post("/api/v1/threads", json={"site": "north"}, headers=headers).status_code

        assert [opens("198.51.100.1"), opens("198.51.100.2")] == ([201, 201] if separate else [201, 429])
        assert opens("198.51.100.9, 198.51.100.1") == 429  # what a visitor adds in front counts nothing
        assert opens("198.51.100.1, 10.1.9.9") == 429  # a chain of our proxies


def test_a_proxys_address_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="proxy"):
        Front(application(tmp_path)[0], Settings(proxies=("gateway",)))


def test_several_workers_need_redis_for_sites() -> None:
    check_workers(Settings(workers=4))
    check_workers(Settings(workers=4, sites=SITES, redis_url="redis://127.0.0.1/0"))
    with pytest.raises(SetupError, match="redis_url"):
        check_workers(Settings(workers=2, sites=SITES))
