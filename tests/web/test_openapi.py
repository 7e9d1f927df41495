"""schemathesis against the OpenAPI document: no 5xx, no undocumented answer."""

import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from web.fake import SECRET, application

schemathesis = pytest.importorskip("schemathesis", reason="pip install schemathesis")
EXAMPLES = int(os.environ.get("ADVISOR_SCHEMATHESIS", "12"))


def test_the_document_holds(tmp_path: Path) -> None:
    from hypothesis import HealthCheck, given, settings
    from schemathesis import checks

    app, parts = application(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    from schemathesis.specs.openapi import checks as document

    chosen = [
        checks.not_a_server_error,
        document.status_code_conformance,
        document.content_type_conformance,
        document.response_headers_conformance,
        document.response_schema_conformance,
        document.unsupported_method,
    ]
    seen: set[str] = set()
    for result in schema.get_all_operations():
        operation: Any = result.ok()
        seen.add(operation.label)

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            thread, token = parts.owners.open("own")
            headers = {"Sec-Fetch-Site": "same-origin", "X-Advisor-Secret": SECRET}
            headers["Authorization"] = f"Bearer {token}"
            if "thread_id" in (case.path_parameters or {}):
                case.path_parameters["thread_id"] = thread
            if "site" in (case.path_parameters or {}) and len(case.path_parameters["site"]) % 2:
                case.path_parameters["site"] = "north"
            case.call_and_validate(headers=headers, checks=chosen)

        holds()
    assert len(seen) >= 14
