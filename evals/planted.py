"""A page with an instruction hidden in it is ingested beside the corpus, then the question is asked."""

import tempfile
from pathlib import Path
from typing import Any

from advisor.assemble import Advisor
from advisor.cli.asking import answer_json
from advisor.coach.answer import collect
from evals.cases import Case


def ask_with_page(advisor: Advisor, case: Case) -> dict[str, Any]:
    """The answer of an advisor that has ingested the case's page into an index of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.txt"
        source.write_text(str(case.raw["page"]), encoding="utf-8")
        settings = advisor.settings.model_copy(update={"data_dir": Path(folder) / "data", "corpus": advisor.shelves})
        other = Advisor(settings)
        other.borrow(advisor)
        other.ingest([str(source)], "planted")
        try:
            return answer_json(collect(other.answer(case.question)))
        finally:
            other.close()
