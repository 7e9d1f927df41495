"""The plan as a file: Markdown, PDF, calendar or JSON."""

from collections.abc import Mapping
from typing import Any

from advisor.coach.export_calendar import as_calendar
from advisor.coach.export_pdf import as_pdf
from advisor.coach.export_text import as_json, as_markdown
from advisor.errors import RequestError

FORMS = ("md", "pdf", "ics", "json")


def export(plan: Mapping[str, Any], form: str) -> bytes:
    """The bytes of the plan in a form. Raises RequestError for another form."""
    if form == "pdf":
        return as_pdf(plan)
    if form == "md":
        return as_markdown(plan).encode()
    if form == "ics":
        return as_calendar(plan).encode()
    if form == "json":
        return as_json(plan).encode()
    raise RequestError("There is no such form of a plan", value=form, cure=f"One of: {', '.join(FORMS)}.")
