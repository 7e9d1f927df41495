"""Systems under test: the advisor itself, and degenerate ones that every suite must fail."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import prompts
from advisor.assemble import Advisor
from advisor.cli.asking import answer_json, found_json
from advisor.cli.coaching import profile_of
from advisor.coach.answer import collect
from advisor.documents import Message, Retrieved, digest
from advisor.files import sha256_of
from evals import interviews, planted
from evals.cases import Case


class AdvisorSystem:
    """The advisor as it is installed and set."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor

    def describe(self) -> Mapping[str, Any]:
        settings = self._advisor.settings
        return {
            "llm": settings.llm,
            "polish": settings.polish,
            "embedding": settings.embedding,
            "index": self._advisor.wanted(),
            "prompt": prompts.load("answer").digest,
            "seed": settings.seed,
            "code": code_digest(),
        }

    def run(self, case: Case) -> dict[str, Any]:
        if case.suite == "profile":
            return profile_of([case.question], self._advisor.statement_encoder)
        if case.suite == "interview":
            return interviews.play(self._advisor, case)
        if "page" in case.raw:
            return planted.ask_with_page(self._advisor, case)
        return ask(self._advisor, case)


def code_digest() -> str:
    """Digest of the advisor's code and models: a run is resumed only by what began it."""
    folder = Path(prompts.__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".json", ".toml", ".safetensors"))
    return digest(*(sha256_of(path) for path in files))


def ask(advisor: Advisor, case: Case) -> dict[str, Any]:
    """The answer to a case in the shape of `ask --json`, with the hits behind it."""
    history = [
        message for user, said in case.history for message in (Message("user", user), Message("assistant", said))
    ]
    events = list(advisor.answer(case.question, history))
    found = next((event.hits for event in events if isinstance(event, Retrieved)), ())
    output = answer_json(collect(iter(events)))
    if found:
        searched = advisor.search(case.question, history)
        output |= found_json(searched)
    return output


class Abstainer:
    """Always says that its sources do not answer."""

    def describe(self) -> Mapping[str, Any]:
        return {"llm": "abstainer"}

    def run(self, case: Case) -> Mapping[str, Any]:
        sentence = {"text": "My sources do not answer that.", "role": "notice", "citations": []}
        return _output("not_in_sources", [sentence], [])


class TopPassage:
    """Quotes the first passage whole; with `whole`, all ten."""

    def __init__(self, advisor: Advisor, whole: bool = False) -> None:
        self._advisor, self._count = advisor, 10 if whole else 1

    def describe(self) -> Mapping[str, Any]:
        return {"llm": f"top-{self._count}"}

    def run(self, case: Case) -> Mapping[str, Any]:
        hits = self._advisor.search(case.question).hits[: self._count]
        sentences = [{"text": hit.chunk.text, "role": "fact", "citations": [n]} for n, hit in enumerate(hits, 1)]
        citations = [
            {
                "n": n,
                "document_id": hit.chunk.document_id,
                "title": hit.chunk.title,
                "url": hit.chunk.url,
                "as_of": hit.chunk.as_of,
                "source": hit.chunk.source,
                "line": hit.chunk.line,
                "passage": hit.chunk.text,
                "support": hit.chunk.text,
            }
            for n, hit in enumerate(hits, 1)
        ]
        return _output("answered", sentences, citations)


def _output(outcome: str, sentences: list[dict[str, Any]], citations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "answer": " ".join(s["text"] for s in sentences),
        "outcome": outcome,
        "masked": [],
        "language": "en",
        "sentences": sentences,
        "citations": citations,
        "withheld": 0,
        "seconds": {},
    }
