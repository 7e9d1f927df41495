"""`advisor ask` and `advisor search`."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.cli import common
from advisor.coach.answer import collect
from advisor.documents import Answer, Citation, Found, Message, SentenceSaid, Status
from advisor.errors import RequestError
from advisor.retrieve.search import Filter


def add(commands: Any) -> None:
    ask = commands.add_parser("ask", help="one cited answer in the terminal")
    ask.add_argument("question", nargs="?", help="what you want to know")
    ask.add_argument("--thread", help="go on with this conversation")
    ask.add_argument("--batch", metavar="FILE", help="JSON lines of questions, - for standard input")
    ask.add_argument("--json", action="store_true")
    ask.set_defaults(run=run_ask)
    search = commands.add_parser("search", help="ranked passages")
    search.add_argument("query", nargs="?")
    search.add_argument("--k", type=int, default=10)
    search.add_argument("--batch", metavar="FILE")
    search.add_argument(
        "--index", type=Path, metavar="DIR", help="search another index (see `advisor index build --out`)"
    )
    search.add_argument("--collection", action="append", default=[])
    search.add_argument("--json", action="store_true")
    search.set_defaults(run=run_search)


def run_ask(arguments: argparse.Namespace) -> int:
    if bool(arguments.question) == bool(arguments.batch):
        raise RequestError("Give a question or --batch FILE", cure='advisor ask "Who starts a cluster?"')
    made = common.advisor(arguments)
    common.SAYS.print("[dim]searching...[/]")
    common.prepare(made)
    if arguments.batch:
        for row in common.rows(arguments.batch):
            answer = collect(made.answer(common.field(row, "question"), history_of(row)))
            common.put({"id": row.get("id"), **answer_json(answer)})
        return 0
    thread, question = arguments.thread, arguments.question
    events = made.reply(thread, question) if thread else made.answer(question)
    if arguments.json:
        common.put(answer_json(collect(events)))
    else:
        _show(events)
    return 0


def _show(events: Any) -> None:
    citations: list[Citation] = []
    for event in events:
        if isinstance(event, Status):
            common.SAYS.print(f"[dim]{event.step}...[/]")
        elif isinstance(event, SentenceSaid):
            citations.extend(event.citations)
            marks = "".join(f" [{n}]" for n in event.sentence.citations)
            print(f"{event.sentence.text}{marks}", flush=True)
    for citation in citations:
        where = f"{citation.source}:{citation.line}"
        print(f"\n[{citation.n}] {citation.title} ({where}{', as of ' + citation.as_of if citation.as_of else ''})")
        if citation.url:
            print(f"    {citation.reference or citation.title}: {citation.url}")


def answer_json(answer: Answer) -> dict[str, Any]:
    """The shape of `advisor ask --json`."""
    return {
        "answer": answer.text,
        "outcome": answer.outcome,
        "masked": list(answer.masked),
        "language": answer.language,
        "sentences": [{"text": s.text, "role": s.role, "citations": list(s.citations)} for s in answer.sentences],
        "citations": [
            {
                "n": c.n,
                "document_id": c.document_id,
                "title": c.title,
                "url": c.url,
                "as_of": c.as_of,
                "source": c.source,
                "line": c.line,
                "passage": c.passage,
                "support": c.support,
            }
            for c in answer.citations
        ],
        "withheld": len(answer.withheld),
        "withheld_sentences": [{"text": w.text, "reason": w.reason} for w in answer.withheld],
        "seconds": {name: round(answer.seconds.get(name, 0.0), 4) for name in ("retrieval", "first_sentence", "total")},
    }


def run_search(arguments: argparse.Namespace) -> int:
    if bool(arguments.query) == bool(arguments.batch):
        raise RequestError("Give a query or --batch FILE", cure='advisor search "membership fees"')
    if arguments.k < 1:
        raise RequestError("--k must be at least one", value=arguments.k, cure="--k 10")
    made = common.advisor(arguments)
    for name in arguments.collection:
        if name != "corpus" and name not in made.collections.names():
            known = ", ".join(["corpus", *made.collections.names()])
            raise RequestError("No such collection", value=name, cure=f"There are: {known}.")
    only = Filter(collections=frozenset(arguments.collection)) if arguments.collection else None
    searcher = made.searcher_at(arguments.index) if arguments.index else common.prepare(made).searcher()
    if arguments.batch:
        for row in common.rows(arguments.batch):
            found = searcher.search(common.field(row, "query"), history_of(row), arguments.k, only)
            common.put({"id": row.get("id"), **found_json(found)})
        return 0
    began = time.perf_counter()
    found = searcher.search(arguments.query, (), arguments.k, only)
    if arguments.json:
        common.put(found_json(found))
        return 0
    for hit in found.hits:
        print(f"{hit.score:.3f}  {hit.chunk.header}  ({hit.chunk.source}:{hit.chunk.line})")
        print(f"       {hit.chunk.text[:160].replace(chr(10), ' ')}")
    common.SAYS.print(f"[dim]answerable: {found.answerable:.0%}; {time.perf_counter() - began:.2f} s[/]")
    return 0


def found_json(found: Found) -> dict[str, Any]:
    """The shape of `advisor search --json`."""
    return {
        "hits": [
            {
                "chunk_id": hit.chunk.id,
                "document_id": hit.chunk.document_id,
                "source": hit.chunk.source,
                "line": hit.chunk.line,
                "title": hit.chunk.title,
                "kind": hit.chunk.kind,
                "score": round(hit.score, 6),
                "text": hit.chunk.text,
            }
            for hit in found.hits
        ],
        "answerable": round(found.answerable, 4),
    }


def history_of(row: dict[str, Any]) -> Sequence[Message]:
    """[[user, assistant], ...] as messages. Raises RequestError for another shape."""
    messages: list[Message] = []
    for turn in row.get("history") or ():
        if not isinstance(turn, (list, tuple)) or not 1 <= len(turn) <= 2 or not all(isinstance(t, str) for t in turn):
            raise RequestError(
                "history is not [[user, assistant], ...]", value=turn, cure="See the interfaces in README."
            )
        messages.append(Message("user", turn[0]))
        messages.extend(Message("assistant", said) for said in turn[1:])
    return messages
