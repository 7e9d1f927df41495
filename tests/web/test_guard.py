"""Who gets in: origins, forged requests, the cross-site headers."""

import os
import random
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from web.fake import NORTH, SECRET, SOUTH, FakeCoach, application

from advisor.settings import Site
from advisor.web.sites import Caller, Sites, listed, normal

FORGED = int(os.environ.get("ADVISOR_FORGED", "500"))  # 10000 in the long run
SITE = Site(key="north", origins=("https://north.example", "https://*.north.example", "http://localhost:8000"))


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("https://north.example", True),
        ("https://north.example:443", True),
        ("https://www.north.example", True),
        ("https://a.b.north.example", True),
        ("http://localhost:8000", True),
        ("http://north.example", False),
        ("https://north.example:8443", False),
        ("https://evilnorth.example", False),
        ("https://.north.example", False),
        ("https://north.example.evil.example", False),
        ("https://north.example@evil.example", False),
        ("https://evil.example/https://north.example", False),
        ("https://evil.example#.north.example", False),
        ("https://evil.example?.north.example", False),
        ("https://evil.example\\.north.example", False),
        ("https://north.example https://evil.example", False),
        (" https://north.example", False),
        ("https://*.north.example", False),
        ("https://nоrth.example", False),  # a Cyrillic letter
        ("http://localhost:8001", False),
        ("null", False),
        ("", False),
        ("file://", False),
        ("https://", False),
        ("https://north.example:99999", False),
    ],
)
def test_origins(origin: str, fits: bool) -> None:
    assert listed(SITE, origin) is fits


@given(st.text(max_size=60))
def test_normal_never_fails_and_never_widens(text: str) -> None:
    found = normal(text)
    assert found is None or normal(found) == found
    assert not listed(SITE, f"https://{text}evil.example")


def test_without_an_origin_only_our_own_page_or_the_secret() -> None:
    sites = Sites((SITE.model_copy(update={"secret": SECRET}),))
    assert sites.may_open("north", Caller(None, "h", "https")) is None
    assert sites.may_open("north", Caller(None, "h", "https", fetch_site="cross-site")) is None
    assert sites.may_open("north", Caller(None, "h", "https", fetch_site="same-origin")) is not None
    assert sites.may_open("north", Caller(None, "h", "https", secret=SECRET)) is not None
    assert sites.may_open("north", Caller("null", "h", "https", secret=SECRET)) is None
    assert sites.may_open("", Caller("https://north.example", "h", "https")) is None
    assert Sites((SITE,)).may_open("north", Caller(None, "h", "https", secret="")) is None


def test_cross_site_headers(tmp_path: Path) -> None:
    app, _ = application(tmp_path)
    with TestClient(app) as client:
        asks = {**NORTH, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        allowed = client.options("/api/v1/threads", headers=asks)
        assert allowed.status_code == 204
        assert allowed.headers["access-control-allow-origin"] == NORTH["Origin"]
        assert "access-control-allow-credentials" not in allowed.headers and "Origin" in allowed.headers["vary"]
        for origin in ("https://evil.example", "null"):
            refused = client.options("/api/v1/threads", headers={**asks, "Origin": origin})
            assert refused.status_code == 403 and "access-control-allow-origin" not in refused.headers


def forged(random_: random.Random, threads: list[str], tokens: list[str]) -> tuple[str, str, dict[str, bytes], Any]:
    """A request that nobody is entitled to: at least one of origin, key, token and thread is wrong."""
    thread = random_.choice([*threads, "f" * 32, "../north", "%00", "a" * 300])
    origin = random_.choice(
        [
            None,
            "null",
            "https://evil.example",
            "https://north.example.evil.example",
            "http://north.example",
            SOUTH["Origin"],
        ]
    )
    token = random_.choice(
        [None, "", "x", "é", "A" * 43, tokens[1], tokens[0][:-1], tokens[0] + "A", tokens[0].swapcase()]
    )
    headers = {"Origin": origin} if origin else {}
    if token is not None:
        headers["Authorization"] = random_.choice(["Bearer ", "bearer ", "Basic ", ""]) + token
    headers |= random_.choice(
        [{}, {"Sec-Fetch-Site": "cross-site"}, {"X-Forwarded-Host": "north.example"}, {"X-Advisor-Secret": "guess"}]
    )
    if thread == threads[1] and tokens[1] in headers.get("Authorization", ""):
        thread = threads[0]  # south's own conversation is no forgery
    method, path, body = random_.choice(
        [
            ("GET", f"/api/v1/threads/{thread}", None),
            ("DELETE", f"/api/v1/threads/{thread}", None),
            ("POST", f"/api/v1/threads/{thread}/messages", {"text": "hello"}),
            ("GET", f"/api/v1/threads/{thread}/export.json", None),
            ("GET", f"/api/v1/threads/{thread}/plan.md", None),
            ("POST", f"/api/v1/threads/{thread}/code", None),
            ("POST", "/api/v1/threads", {"site": "north"}),
            ("POST", "/api/v1/threads", {"site": random_.choice(["", "own", "nobody"])}),
            ("POST", "/api/v1/threads/claim", {"code": "guess"}),
            ("GET", "/api/v1/sites/north", None),
            ("GET", "/agency/north", None),
        ]
    )
    return method, path, {name: value.encode() for name, value in headers.items()}, body


def test_forged_requests_get_nowhere_and_learn_nothing(tmp_path: Path) -> None:
    coach = FakeCoach()
    app, parts = application(tmp_path, coach)
    random_ = random.Random(7)
    with TestClient(app, raise_server_exceptions=False) as client:
        threads, tokens = zip(*(parts.owners.open(site) for site in ("north", "south")), strict=True)
        for _ in range(FORGED):
            method, path, headers, body = forged(random_, list(threads), list(tokens))
            answer = client.request(method, path, headers=headers, json=body)
            assert answer.status_code in (401, 403, 404, 429), (method, path, headers, answer.text)
            real = next((thread for thread in threads if f"/{thread}" in path), None)
            if real is not None:
                other = client.request(method, path.replace(real, "0" * 32), headers=headers, json=body)
                assert (other.status_code, other.content) == (answer.status_code, answer.content)
                assert {*other.headers} == {*answer.headers}
        assert coach.said == [] == coach.erased
        for thread, token in zip(threads, tokens, strict=True):
            assert parts.owners.owned(thread, token) is not None
    assert parts.owners.owned(threads[0], tokens[1]) is None
