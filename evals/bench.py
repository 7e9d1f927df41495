"""`make bench`: times of the composed default beside the plain LangChain recipe, in one run on one machine.

The plain recipe: recursive splitter, Chroma similarity search, the same embedder and language model, no check.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from advisor import settings
from advisor.assemble import Advisor
from advisor.cli.common import SAYS, prepare
from advisor.coach.answer import collect
from advisor.llm.models import chat_model
from evals import bench_ingest, stats

QUESTIONS = (
    "Who starts innovation clusters?",
    "How long does Arena support a cluster?",
    "What happened to the tourism cluster in Western Norway?",
    "How many applications did Canada accept for its superclusters?",
    "What is the RIC programme?",
    "How do clusters finance themselves after the grant ends?",
    "What does a cluster manager do?",
    "What is the K-Semiconductor Belt?",
    "Which membership fees are common?",
    "How do rivals work together without breaking competition law?",
)
_ROUNDS = 5


class PlainRecipe:
    """What a tutorial builds."""

    def __init__(self, advisor: Advisor, folder: Path) -> None:
        self._advisor = advisor
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        texts = [piece for document in advisor.documents() for piece in splitter.split_text(document.body)]
        client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
        self._collection = client.create_collection("plain", embedding_function=None)
        for start in range(0, len(texts), 256):
            part = texts[start : start + 256]
            ids = [str(start + i) for i in range(len(part))]
            self._collection.add(ids=ids, documents=part, embeddings=advisor.embedder.passages(part))
        self._model = chat_model("embedded:smollm2")

    def search(self, question: str) -> list[str]:
        found = self._collection.query(
            query_embeddings=np.asarray([self._advisor.embedder.query(question)]), n_results=4
        )
        return list((found["documents"] or [[]])[0])

    def answer(self, question: str) -> float:
        """Seconds to the first token."""
        began = time.perf_counter()
        context = "\n\n".join(self.search(question))
        assert self._model is not None
        prompt = f"Answer the question from the context.\n\nContext:\n{context[:6000]}\n\nQuestion: {question}\nAnswer:"
        first = 0.0
        for chunk in self._model.stream(prompt):
            if chunk.content and not first:
                first = time.perf_counter() - began
        return first


def timed(call: Callable[[str], object], what: str) -> list[float]:
    """Seconds of each call, after one warm round; no question is asked twice in the same words, so no cache helps."""
    times = []
    for round_number in range(_ROUNDS):
        for question in QUESTIONS:
            began = time.perf_counter()
            call(f"{question} ({what} {round_number})")
            if round_number:
                times.append(time.perf_counter() - began)
    return times


def line(name: str, seconds: list[float]) -> None:
    p50, p95 = statistics.median(seconds), stats.quantile(seconds, 0.95)
    print(f"{name:44} p50 {p50 * 1000:8.1f} ms   p95 {p95 * 1000:8.1f} ms   n={len(seconds)}")


def main() -> None:
    bench_ingest.main()
    advisor = prepare(Advisor(settings.load()))
    advisor.warm_up()
    first: list[float] = []
    total: list[float] = []

    def answer(question: str) -> None:
        seconds = collect(advisor.answer(question)).seconds
        first.append(seconds.get("first_sentence", seconds["total"]))
        total.append(seconds["total"])

    line("retrieval", timed(lambda question: advisor.search(question), "search"))
    timed(answer, "answer")
    line("first cited sentence, composed", first[len(QUESTIONS) :])
    line("whole answer, composed", total[len(QUESTIONS) :])
    SAYS.print("[dim]building the plain recipe ...[/]")
    with tempfile.TemporaryDirectory() as folder:
        plain = PlainRecipe(advisor, Path(folder))
        line("plain recipe: retrieval", timed(plain.search, "plain"))
        line("plain recipe: first token, unchecked", [plain.answer(question) for question in QUESTIONS])


if __name__ == "__main__":
    main()
