"""Times and memory of the advisor beside the plain LangChain recipe, in one run on one machine.

The plain recipe: recursive splitter, Chroma similarity search, the same embedder and language model, no check.
"""

import importlib.util
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings

from advisor.assemble import Advisor
from advisor.coach.answer import collect
from advisor.index.versions import Progress
from advisor.llm.models import chat_model
from evals import stats
from evals.judged import Figure

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
_ROUNDS = 4  # after a warm one
_DRAWS = 500


def figures(advisor: Advisor, progress: Progress) -> dict[str, Figure]:
    """Milliseconds (median and 95th percentile), memory in MB, and how many times faster than the plain recipe."""
    progress.start("Measuring speed", 3)
    advisor.warm_up()
    times: dict[str, list[float]] = {"first_sentence": [], "total": []}

    def answer(question: str) -> None:
        seconds = collect(advisor.answer(question)).seconds
        times["total"].append(seconds["total"])
        times["first_sentence"].append(seconds.get("first_sentence", seconds["total"]))

    ranked: list[float] = []
    times["search"] = timed(lambda question: ranked.append(advisor.search(question).seconds), "search")
    times["retrieval"] = ranked[
        len(QUESTIONS) :
    ]  # the ranking alone, as the plain recipe's; `search` reads sentences too
    progress.advance()
    timed(answer, "answer")
    warm = len(QUESTIONS)
    found = _milliseconds({name: t if name in ("retrieval", "search") else t[warm:] for name, t in times.items()})
    found["peak_memory_mb"] = _exact(peak_memory() / 1e6)
    progress.advance()
    if importlib.util.find_spec("langchain_text_splitters"):
        with tempfile.TemporaryDirectory() as folder:
            found |= _beside(PlainRecipe(advisor, Path(folder)), found)
    progress.advance()
    return found


def _beside(plain: "PlainRecipe", ours: dict[str, Figure]) -> dict[str, Figure]:
    theirs = _milliseconds(
        {
            "plain_retrieval": timed(plain.search, "plain"),
            "plain_first_token": [plain.answer(question) for question in QUESTIONS],
        }
    )
    search = theirs["plain_retrieval_p50_ms"].value / ours["retrieval_p50_ms"].value
    first = theirs["plain_first_token_p50_ms"].value / ours["first_sentence_p50_ms"].value
    return theirs | {"retrieval_against_plain": _exact(search), "first_sentence_against_plain": _exact(first)}


class PlainRecipe:
    """What a tutorial builds."""

    def __init__(self, advisor: Advisor, folder: Path) -> None:
        self._advisor = advisor
        from langchain_text_splitters import RecursiveCharacterTextSplitter  # of development

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
        for chunk in self._model.stream(prompt):
            if chunk.content:
                break
        return time.perf_counter() - began


def timed(call: Callable[[str], object], what: str) -> list[float]:
    """Seconds of each call after a warm round; no question comes twice in the same words, so no cache helps."""
    times = []
    for round_number in range(_ROUNDS + 1):
        for question in QUESTIONS:
            began = time.perf_counter()
            call(f"{question} ({what} {round_number})")
            if round_number:
                times.append(time.perf_counter() - began)
    return times


def peak_memory() -> float:
    """Most bytes that this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def _milliseconds(times: dict[str, list[float]]) -> dict[str, Figure]:
    return {
        f"{name}_{label}_ms": _quantile([1000 * second for second in seconds], q)
        for name, seconds in times.items()
        for label, q in (("p50", 0.5), ("p95", 0.95))
    }


def _quantile(values: Sequence[float], q: float) -> Figure:
    """A quantile with its bootstrap interval."""
    draw = random.Random(7)
    drawn = sorted(stats.quantile(draw.choices(values, k=len(values)), q) for _ in range(_DRAWS))
    value = statistics.median(values) if q == 0.5 else stats.quantile(values, q)
    return Figure(value, drawn[int(0.025 * _DRAWS)], drawn[int(0.975 * _DRAWS)], len(values))


def _exact(value: float) -> Figure:
    return Figure(value, value, value, 1)
