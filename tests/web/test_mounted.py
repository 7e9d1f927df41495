"""The API in the whole application, around the real advisor, beside the page."""

import copy

from fastapi.testclient import TestClient
from web.fake import NORTH, SITES

from advisor.assemble import Advisor
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
