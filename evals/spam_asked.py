"""The same questions asked of pages with comments, with the spam filter on and off: what reaches the reader?"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from advisor import prompts
from advisor.assemble import Advisor
from advisor.coach.answer import Answerer, collect
from advisor.documents import Document
from advisor.index.versions import Progress
from advisor.ingest import language
from evals import spam
from evals.judged import Figure, share
from evals.plain import plain

_QUESTIONS = Path(__file__).with_name("data") / "spam" / "questions.jsonl"
_SEEN = 5  # hits that are looked at


def figures(advisor: Advisor, split: str, progress: Progress) -> dict[str, Figure]:
    """Shares of questions that find spam, that are answered from spam, and whose fact is in the answer."""
    found: dict[str, Figure] = {}
    bodies, junk = spam.bodies(split)
    for name, kept in bodies.items():
        with tempfile.TemporaryDirectory() as folder:
            found |= {
                f"{what}_filter_{name}": figure
                for what, figure in _asked(advisor, kept, junk, Path(folder), progress).items()
            }
    return found


def _asked(
    advisor: Advisor, pages: Mapping[str, str], junk: list[str], folder: Path, progress: Progress
) -> dict[str, Figure]:
    documents = [Document(name, "page", name, body, f"{name}.md") for name, body in pages.items()]
    other = Advisor(advisor.settings.model_copy(update={"data_dir": folder, "database_url": "", "chroma_url": ""}))
    other.embedder, other.checker = advisor.embedder, advisor.checker
    other.versions.build("asked", other.chunks(documents), other.embedder, progress)
    searcher = other.searcher_at(folder / "indexes")
    answerer = Answerer(lambda: searcher, other.checker, language.detect, prompts.load("answer"), other.model)
    seen, told, facts = [], [], []
    progress.start("Asking pages with comments", len(_rows()))
    for row in _rows():
        progress.advance()
        hits = searcher.search(row["question"], (), _SEEN).hits
        answer = collect(answerer.answer(row["question"]))
        seen.append(float(any(_holds(hit.chunk.text, junk) for hit in hits)))
        told.append(float(_holds(answer.text, junk)))
        facts.append(float(plain(row["fact"]) in plain(answer.text)))
    searcher.version.vectors.close()
    return {"spam_found": share(seen), "spam_told": share(told), "facts_told": share(facts)}


def _holds(text: str, junk: list[str]) -> bool:
    return any(piece in plain(text) for piece in junk)


def _rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in _QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
