"""Systems under test: the advisor itself, and degenerate ones that every suite must fail."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import prompts
from advisor.assemble import Advisor
from advisor.cli.asking import answer_json, found_json
from advisor.cli.coaching import profile_of
from advisor.coach.answer import collect
from advisor.documents import Message, Retrieved, digest
from advisor.errors import RequestError
from advisor.files import sha256_of
from evals import interviews, planted, retrieval
from evals.cases import Case


def evaluated(live: Advisor, corpus: Path | None) -> Advisor:
    """An advisor whose conversations are its own, so that an evaluation leaves no trace in a visitor's.

    Without `corpus` it reads the live index and collections; a corpus gets an index of its own beside them.
    """
    own = live.settings.data_dir / "evaluation"
    if corpus is None:
        made = Advisor(live.settings.model_copy(update={"data_dir": own, "database_url": ""}))
        made.versions, made.collections = live.versions, live.collections
        return made
    if not corpus.is_dir():
        raise RequestError("No such corpus folder", value=corpus, cure="Give a folder of Markdown documents.")
    own /= digest(str(corpus.resolve()))
    update = {"data_dir": own, "database_url": "", "chroma_url": "", "corpus": (corpus,)}
    return Advisor(live.settings.model_copy(update=update))


_LINK = re.compile(r"(?:https?://|www\.)[^\s)>\]]+", re.I)


class AdvisorSystem:
    """The advisor as it is installed and set."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor

    @functools.cached_property
    def _known_links(self) -> frozenset[str]:
        """Addresses that the documents give as their sources: the only ones that an answer may show."""
        documents = self._advisor.documents()
        return frozenset(url for d in documents for url in (d.url, *(source.url for source in d.sources)) if url)

    def describe(self) -> Mapping[str, Any]:
        settings = self._advisor.settings
        return {
            "llm": settings.llm,
            "polish": settings.polish,
            "embedding": settings.embedding,
            "index": self._advisor.wanted(),
            "prompt": prompts.load("answer").digest,
            "drafts": self._advisor.model() is not None,
            "seed": settings.seed,
            "code": code_digest(),
        }

    def run(self, case: Case) -> dict[str, Any]:
        if case.suite == "profile":
            return profile_of([case.question], self._advisor.statement_encoder)
        if case.suite == "interview":
            return interviews.play(self._advisor, case)
        if case.suite == "retrieval":
            return retrieval.search(self._advisor, case.question, messages(case))
        out = planted.ask_with_page(self._advisor, case) if "page" in case.raw else ask(self._advisor, case)
        return {**out, "drafted": self._advisor.model() is not None, "foreign_links": self.foreign_links(out)}

    def foreign_links(self, out: Mapping[str, Any]) -> list[str]:
        """Links of an answer that no document of the corpus gives."""
        shown = {str(c["url"]) for c in out["citations"] if c["url"]} | set(_LINK.findall(out["answer"]))
        return sorted(link for link in shown if link.rstrip(".,;") not in self._known_links)


def code_digest() -> str:
    """Digest of the advisor's code and models: a run is resumed only by what began it."""
    folder = Path(prompts.__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".json", ".toml", ".safetensors"))
    return digest(*(sha256_of(path) for path in files))


def ask(advisor: Advisor, case: Case) -> dict[str, Any]:
    """The answer to a case in the shape of `ask --json`, with the hits behind it."""
    history = messages(case)
    events = list(advisor.answer(case.question, history))
    found = next((event.hits for event in events if isinstance(event, Retrieved)), ())
    output = answer_json(collect(iter(events)))
    if found:
        searched = advisor.search(case.question, history)
        output |= found_json(searched)
    return output


def messages(case: Case) -> list[Message]:
    """The case's history."""
    return [message for user, said in case.history for message in (Message("user", user), Message("assistant", said))]


class Abstainer:
    """Always says that its sources do not answer."""

    def describe(self) -> Mapping[str, Any]:
        return {"llm": "abstainer"}

    def run(self, case: Case) -> Mapping[str, Any]:
        if case.suite == "retrieval":
            return {"documents": [], "citations": []}
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
        "foreign_links": [],
    }
