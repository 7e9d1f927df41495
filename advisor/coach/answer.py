"""One path for every model: question -> search -> evidence -> answer -> each sentence checked -> shown with its source."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel

from advisor.coach import safety
from advisor.coach.compose import MAX_WORDS, choose, cite, compose, nearest, question_back, role_of
from advisor.coach.draft import Checker, draft
from advisor.coach.outcome import Decision, decide
from advisor.documents import (
    Answer,
    Citation,
    Done,
    Event,
    Evidence,
    Message,
    Outcome,
    Retrieved,
    Sentence,
    SentenceSaid,
    Status,
    Withheld,
)
from advisor.errors import ModelError
from advisor.prompts import Prompt
from advisor.retrieve.search import Filter, Searcher
from advisor.texts import say

_SHOWN_HITS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: as the reader typed it, screened, with what was said before."""

    text: str
    history: Sequence[Message] = ()
    language: str = "en"
    only: Filter | None = None
    masked: tuple[str, ...] = ()


class Answerer:
    """Answers questions from the corpus. `searcher` gives the newest index each time it is called."""

    def __init__(
        self,
        searcher: Callable[[], Searcher],
        checker: Checker,
        language_of: Callable[[str], str],
        prompt: Prompt,
        model: Callable[[], BaseChatModel | None] = lambda: None,
        limit: int = 4000,
    ) -> None:
        self._searcher, self._checker = searcher, checker
        self._language_of, self._prompt, self._model, self._limit = language_of, prompt, model, limit

    def answer(self, question: str, history: Sequence[Message] = (), only: Filter | None = None) -> Iterator[Event]:
        """Events of one answer; raises RequestError for a question that is empty, too long or no text."""
        began = time.perf_counter()
        screened = safety.screen(question, self._limit)
        language = self._language_of(screened.text).replace("und", "en")
        said = [replace(message, text=safety.neutral(safety.mask(message.text)[0])) for message in history]
        asked = Asked(screened.text, said, language, only, screened.masked)
        if screened.kind != "ask":
            yield from self._say_only(screened, asked, began)
            return
        yield from self._answer(asked, began)

    def _say_only(self, screened: safety.Screened, asked: Asked, began: float) -> Iterator[Event]:
        outcome: Outcome = "declined" if screened.kind == "declined" else "small_talk"
        yield SentenceSaid(Sentence(say(screened.kind, asked.language), "notice"))
        yield self._done(outcome, asked, began, {})

    def _answer(self, asked: Asked, began: float) -> Iterator[Event]:
        yield Status("searching")
        searcher = self._searcher()
        found = searcher.search(asked.text, asked.history, _SHOWN_HITS, asked.only)
        seconds = {"retrieval": found.seconds}
        yield Retrieved(found.hits)
        query = searcher.understood(asked.text, asked.history)
        evidence = found.evidence
        scope = 1.0 if asked.history and query != asked.text else searcher.scope(query, found)
        language = evidence[0].chunk.language if evidence else "en"
        decision = decide(searcher.query(asked.text).to(language), found, evidence, scope, asked.language)
        if decision.lead is not None:
            evidence = (decision.lead, *(e for e in evidence if e is not decision.lead))
        yield Status("composing")
        withheld: list[Withheld] = []
        for event in self._reply(decision, asked, query, evidence, withheld):
            if isinstance(event, SentenceSaid):
                seconds.setdefault("first_sentence", time.perf_counter() - began)
            yield event
        yield self._done(decision.outcome, asked, began, seconds, withheld)

    def _reply(
        self, decision: Decision, asked: Asked, query: str, evidence: Sequence[Evidence], withheld: list[Withheld]
    ) -> Iterator[Event]:
        if decision.outcome == "out_of_scope":
            yield SentenceSaid(Sentence(say("out_of_scope", asked.language), "notice"))
            return
        if decision.outcome == "not_in_sources":
            yield SentenceSaid(Sentence(say("not_in_sources", asked.language), "notice"))
            if near := nearest(evidence):
                yield SentenceSaid(Sentence(say("nearest", asked.language), "notice"))
                yield from self._composed(near, asked)
            yield SentenceSaid(Sentence(say("ask_instead", asked.language), "question"))
            return
        if decision.outcome == "corrected":
            yield SentenceSaid(Sentence(say("corrected", asked.language), "notice"))
        if decision.outcome == "partial":
            missing = ", ".join(decision.missing)
            yield SentenceSaid(Sentence(say("partial", asked.language, missing=missing), "notice"))
        chosen, model = choose(asked.text, evidence), self._model()
        if model is not None:
            yield from self._drafted(model, asked, query, evidence, withheld)
        else:
            if asked.language not in {e.chunk.language for e in evidence[:1]} and asked.language != "en":
                yield SentenceSaid(Sentence(say("english_answer", asked.language), "notice"))
            yield from self._composed(chosen, asked)
        yield SentenceSaid(question_back(chosen, asked.language))

    def _composed(self, chosen: Sequence[Evidence], asked: Asked, first: int = 1) -> Iterator[Event]:
        """Sentences of the sources themselves; the same check as for a model's, which a faithful copy always passes."""
        made = compose(chosen, asked.language, first)
        by_number = {citation.n: citation for citation in made.citations}
        for sentence in made.sentences:
            citations = tuple(by_number.pop(n) for n in sentence.citations if n in by_number)
            yield SentenceSaid(sentence, citations)

    def _drafted(
        self, model: BaseChatModel, asked: Asked, query: str, evidence: Sequence[Evidence], withheld: list[Withheld]
    ) -> Iterator[Event]:
        """The model's sentences that pass; what it failed to say is said in the sources' own words."""
        shown: list[Evidence] = []
        words = 0
        citations: dict[tuple[str, str], Citation] = {}
        yield Status("checking")
        try:
            for checked in draft(model, self._prompt, query, evidence, self._checker, asked.language):
                if checked.evidence is None:
                    withheld.append(Withheld(checked.text, checked.reason))
                    continue
                words += len(checked.text.split())
                if words > MAX_WORDS and shown:
                    break
                shown.append(checked.evidence)
                key = (checked.evidence.chunk.document_id, checked.evidence.sentence.text)
                fresh = () if key in citations else (cite(checked.evidence, len(citations) + 1),)
                citations.update((key, citation) for citation in fresh)
                yield SentenceSaid(Sentence(checked.text, role_of(checked.text), (citations[key].n,)), fresh)
        except ModelError as problem:
            withheld.append(Withheld("", str(problem)))
        missing = [e for e in choose(asked.text, evidence) if all(e.sentence.text != s.sentence.text for s in shown)]
        if not shown or (withheld and words < MAX_WORDS // 2):
            yield SentenceSaid(Sentence(say("fallback", asked.language), "notice"))
            yield from self._composed(missing[: 4 if not shown else 2], asked, len(citations) + 1)

    def _done(
        self, outcome: Outcome, asked: Asked, began: float, seconds: dict[str, float], withheld: Sequence[Withheld] = ()
    ) -> Done:
        seconds["total"] = time.perf_counter() - began
        return Done(outcome, asked.masked, tuple(withheld), asked.language, seconds)


def collect(events: Iterator[Event]) -> Answer:
    """The whole answer of a stream of events."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    answer = Answer("not_in_sources", ())
    for event in events:
        if isinstance(event, SentenceSaid):
            sentences.append(event.sentence)
            citations.extend(event.citations)
        elif isinstance(event, Done):
            answer = Answer(event.outcome, (), (), event.withheld, event.masked, event.language, event.seconds)
    return replace(answer, sentences=tuple(sentences), citations=tuple(citations))
