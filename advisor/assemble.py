"""Settings -> wired parts: the only place that knows every room."""

import functools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from advisor import corpus, prompts
from advisor.coach import safety
from advisor.coach.answer import Answerer
from advisor.coach.conversation import Conversation, SlotValue, Store, open_store
from advisor.coach.export import export
from advisor.coach.plan import Plans
from advisor.coach.speech import Parts
from advisor.coach.textmodel import Encode
from advisor.documents import Chunk, Document, Done, Event, Found, Message, Profiled, digest
from advisor.errors import SetupError, StoreError
from advisor.files import sha256_of
from advisor.index.embed import Embedder, embedder
from advisor.index.versions import Progress, Version, Versions
from advisor.ingest import chunk as chunking
from advisor.ingest import collections, language, pipeline
from advisor.ingest.spam import Meaning
from advisor.llm import models
from advisor.records import Records
from advisor.resources import resource
from advisor.retrieve.reader import Reader
from advisor.retrieve.search import Filter, Searcher
from advisor.settings import Settings
from advisor.verify import Checker

INDEX_FORMAT = "1"  # raise it when chunking or the index's files change


class Quiet:
    """Progress that nobody watches."""

    def start(self, label: str, total: int) -> None: ...
    def advance(self, steps: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Answers from some collections only."""

    answerer: Answerer
    only: Filter

    def answer(self, question: str, history: Sequence[Message] = (), only: Filter | None = None) -> Iterator[Event]:
        return self.answerer.answer(question, history, self.only)


class Advisor:
    """The whole advisor. Making one is cheap; parts are made when first used. Safe to share between threads."""

    def __init__(self, settings: Settings, index_root: Path | None = None) -> None:
        self.settings = settings
        self.versions = Versions(index_root or settings.data_dir / "indexes", settings.chroma_url)
        self.collections = collections.Collections(settings.data_dir / "collections")
        self._lock = threading.RLock()
        self._open: Searcher | None = None
        self._conversations: dict[tuple[frozenset[str], bool], Conversation] = {}

    # Parts

    @functools.cached_property
    def embedder(self) -> Embedder:
        return embedder(self.settings.embedding)

    @functools.cached_property
    def shelves(self) -> tuple[Path, ...]:
        return self.settings.corpus or (resource("corpus"),)

    @functools.cached_property
    def checker(self) -> Checker:
        return Checker()

    @functools.cached_property
    def reader(self) -> Reader:
        return Reader()

    @functools.cached_property
    def answerer(self) -> Answerer:
        return self._answerer(self.model)

    def _answerer(self, model: Callable[[], BaseChatModel | None]) -> Answerer:
        return Answerer(
            searcher=self.searcher,
            checker=self.checker,
            language_of=language.detect,
            prompt=prompts.load("answer"),
            model=model,
            limit=self.settings.max_question_chars,
        )

    def model(self) -> BaseChatModel | None:
        """The model that drafts answers; None where they are composed from the sources (the default, see evals/)."""
        spec = self.settings.llm
        if spec == "none" or (spec.startswith("embedded:") and not self.settings.polish):
            return None
        return self._chat_model

    @functools.cached_property
    def _chat_model(self) -> BaseChatModel | None:
        return models.chat_model(self.settings.llm, seed=self.settings.seed, allow_paid=self.settings.allow_paid)

    @functools.cached_property
    def statement_encoder(self) -> Encode:
        """What profile and stage are read with: a multilingual model, whatever the index uses."""
        return self._multilingual.query

    @property
    def meaning(self) -> Meaning | None:
        """What unsure comments are read with; None where the multilingual model is not installed."""
        try:
            return self._multilingual.passages
        except SetupError:
            return None

    @functools.cached_property
    def _multilingual(self) -> Embedder:
        # Without this, two threads that wait for one busy core spin a hundred times longer than they work.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        return embedder("embedded:e5")

    @functools.cached_property
    def records(self) -> Records:
        return Records(self.settings.data_dir, self.settings.database_url)

    @functools.cached_property
    def conversation(self) -> Conversation:
        return self.conversation_over()

    def conversation_over(self, collections: Sequence[str] = (), *, drafted: bool = True) -> Conversation:
        """The conversation as a site may have it: over some collections (none: all), with or without the model.

        What a profile, a stage and a step are always comes from the shelves. All of them share one store.
        """
        key = (frozenset(collections), drafted)
        with self._lock:
            if key not in self._conversations:
                self._conversations[key] = Conversation(self._threads, self._coach_parts(*key))
            return self._conversations[key]

    @functools.cached_property
    def _threads(self) -> Store:
        return open_store(self.settings.data_dir / "conversations", self.settings.database_url)

    def _coach_parts(self, names: frozenset[str], drafted: bool) -> Parts:
        answerer = self.answerer if drafted else self._answerer(lambda: None)
        return Parts(
            answerer=Narrowed(answerer, Filter(collections=names)) if names else answerer,
            planner=Plans(lambda: [d for d in self.documents() if not names or d.collection in {"corpus", *names}]),
            encode=lambda text: self.statement_encoder(text),
            language_of=language.detect,
            limit=self.settings.max_question_chars,
        )

    # What a surface asks for

    def answer(self, question: str, history: Sequence[Message] = (), only: Filter | None = None) -> Iterator[Event]:
        """Events of one cited answer."""
        return self.answerer.answer(question, history, only)

    def reply(self, thread: str, message: str) -> Iterator[Event]:
        """Events of one turn on our own page or in the terminal; the question is kept, masked, with what became of it."""
        return self._kept(thread, message, "")

    def answer_slot(self, thread: str, slot: str, value: str) -> Iterator[Event]:
        """Events of a turn in which a button of the interview was pressed."""
        return self._kept(thread, value, slot)

    def _kept(self, thread: str, text: str, slot: str) -> Iterator[Event]:
        self.records.used(thread)
        message = self.records.take(thread, safety.mask(text)[0]).id
        for event in self.turn(thread, text, slot):
            if isinstance(event, Profiled) and event.ranking:
                self.records.finish(message, None, profile=event.ranking[0][0], stage=event.stage)
            elif isinstance(event, Done):
                self.records.finish(message, None, outcome=event.outcome, language=event.language)
            yield event

    def turn(
        self,
        thread: str,
        text: str,
        slot: str = "",
        collections: Sequence[str] = (),
        *,
        drafted: bool = True,
        contact: str = "",
    ) -> Iterator[Event]:
        """Events of one turn, for a caller that keeps its own records; `contact`: whom a reader may be handed over to."""
        talk = self.conversation_over(collections, drafted=drafted)
        return talk.reply(thread, SlotValue(slot, text) if slot else text, contact)

    def state(self, thread: str) -> dict[str, Any]:
        """Messages, slots, profile, stage and plan of a conversation; empty where there is none."""
        return self.conversation.state(thread)

    def tick(self, thread: str, step: str, done: bool) -> bool:
        """Tick a step of the plan; False where there is none like it."""
        return self.conversation.tick(thread, step, done)

    def export(self, thread: str, form: str) -> bytes | None:
        """The plan as a file; None where there is none yet."""
        plan = self.state(thread).get("plan")
        return export(plan, form) if plan else None

    def erase(self, thread: str) -> None:
        """Forget a conversation for good."""
        self.conversation.erase(thread)
        self.records.erase(thread)

    def feedback(self, thread: str, text: str, helpful: bool) -> None:
        """Keep a vote on an answer."""
        self.records.vote(thread, digest(text), helpful)

    def search(self, query: str, history: Sequence[Message] = (), k: int = 10, only: Filter | None = None) -> Found:
        """Ranked passages."""
        return self.searcher().search(query, history, k, only)

    def ingest(
        self,
        sources: Sequence[str],
        collection: str,
        *,
        strict: bool = False,
        dry_run: bool = False,
        licence: str = "",
        progress: Progress | None = None,
    ) -> pipeline.Report:
        """Read sources into a collection and bring the index up to date before it returns."""
        options = pipeline.Options(
            strict=strict,
            dry_run=dry_run,
            licence=licence,
            private_addresses=self.settings.fetch_private_addresses,
            meaning=self.meaning,
        )
        report = pipeline.ingest(sources, self.collections, collection, options, progress)
        if not dry_run:
            self.ensure_index(progress)
        return report

    def borrow(self, other: "Advisor") -> None:
        """Share another advisor's loaded models, and start from a copy of its index, so that little is embedded anew."""
        self.embedder, self.checker, self.reader = other.embedder, other.checker, other.reader
        self.versions.start_from(other.versions)

    def warm_up(self) -> None:
        """Load what the first question would wait for."""
        self.search("warm up")
        self.conversation.warm_up()
        if self.model() is not None:
            self.checker.load()

    def close(self) -> None:
        """Let go of the opened index."""
        if self._open is not None:
            self._open.version.vectors.close()
            self._open = None

    # The index

    def searcher(self) -> Searcher:
        """A searcher over the version that the pointer names now; built if there is none, or if it is damaged."""
        found = self._open
        if found is not None and found.version.digest == self.versions.current():
            return found
        with self._lock:
            if self._open is None or self._open.version.digest != self.versions.current():
                # Readers of the old version go on with it; its copy goes when the last lets go.
                self._open = self._over(self.versions.open(self.ensure_index(), self.embedder))
            return self._open

    def _over(self, version: Version) -> Searcher:
        return Searcher(version, self.embedder, self.reader)

    def searcher_at(self, folder: Path) -> Searcher:
        """A searcher over another index, made by `advisor index build --out`."""
        versions = Versions(folder)
        name = versions.current()
        if name is None:
            raise StoreError("There is no index", value=folder, cure="advisor index build --corpus DIR --out DIR")
        return self._over(versions.open(name, self.embedder))

    def ensure_index(self, progress: Progress | None = None) -> str:
        """The digest of an intact version that fits corpus, model and settings; builds it where it is missing."""
        name = self.wanted()
        if self.versions.current() != name or self.versions.damage(name) is not None:
            self.versions.build(name, self.chunks(self.documents()), self.embedder, progress or Quiet())
        return name

    def build_folders(self, folders: Sequence[Path], progress: Progress, *, fold_near: bool = False) -> str:
        """Index any folders of Markdown, text, HTML and PDF, exact duplicates folded."""
        chunks = self.chunks(collections.read_folders(folders, fold_near=fold_near))
        name = digest(INDEX_FORMAT, self.embedder.digest, *(chunk.id for chunk in chunks))
        self.versions.build(name, chunks, self.embedder, progress)
        return name

    def chunks(self, documents: Sequence[Document]) -> list[Chunk]:
        """Chunks of the documents, each once."""
        made = (chunk for document in documents for chunk in chunking.chunk(document, self.embedder.fits))
        return list({chunk.id: chunk for chunk in made}.values())

    def documents(self) -> tuple[Document, ...]:
        """Every document: the shelves, then the collections."""
        return (*corpus.read_shelves(self.shelves), *self.collections.documents())

    def wanted(self) -> str:
        """Digest of texts, metadata, model and settings that the index must be made from."""
        files = [
            f"{number}/{path.relative_to(shelf).as_posix()} {sha256_of(path)}"
            for number, shelf in enumerate(self.shelves)
            for path in corpus.document_paths(shelf)
        ]
        return digest(INDEX_FORMAT, self.embedder.digest, *files, *self.collections.digests())
