"""Pages and comments a second, beside trafilatura alone in the same run: `python -m evals.bench_ingest`, and a part of `make bench`."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import trafilatura

from advisor.documents import Block, Page
from advisor.index.embed import embedder
from advisor.ingest import clean, spam
from advisor.ingest.features import context_of
from evals import articles

_DATA = Path(__file__).with_name("data") / "spam"
_THREAD = 40  # entries of a page
_ENOUGH = 2.0  # seconds of work for a rate that can be trusted
T = TypeVar("T")


def rate(work: Callable[[T], object], items: Sequence[T]) -> float:
    """Items a second, after one warm round."""
    for item in items[:5]:
        work(item)
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < _ENOUGH:
        for item in items:
            work(item)
        done += len(items)
    return done / (time.perf_counter() - began)


def lines() -> list[str]:
    """One line a figure. Without the public pages, a page made of our own entries stands in for them."""
    pages = [page for _, page, _ in articles.pages(articles.DATA)] if articles.DATA.is_dir() else [_own_page()]
    context = context_of([Block(" ".join(_entries()[:40]), "paragraph", 1)])
    threads = [[Block(text, "comment", 1, author="Ann") for text in texts] for texts in _threads()]
    read = embedder("embedded:e5").passages
    what = f"{len(pages)} pages"
    entries = {
        "half spam, with the embedder": rate(lambda thread: spam.judge(thread, context, meaning=read), threads),
        "half spam, without it": rate(lambda thread: spam.judge(thread, context), threads),
    }
    return [
        f"ingest: pages a second ({what})".ljust(60) + f"{rate(clean.clean, pages):10.1f}",
        f"trafilatura alone: pages a second ({what})".ljust(60)
        + f"{rate(lambda page: trafilatura.extract(page.text), pages):10.1f}",
        *(
            f"ingest: comment entries a second ({name})".ljust(60) + f"{threads_a_second * _THREAD:10.1f}"
            for name, threads_a_second in entries.items()
        ),
    ]


def _threads() -> list[list[str]]:
    """Our entries, mixed, as threads of equal length."""
    texts = _entries()
    return [texts[i :: len(texts) // _THREAD][:_THREAD] for i in range(len(texts) // _THREAD)]


def _entries() -> list[str]:
    rows = (_DATA / "entries.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(row)["text"]) for row in rows[::3]]


def _own_page() -> Page:
    body = "".join(f"<p>{text}</p>" for text in _entries()[:60])
    return Page("own.html", f"<html><body><article><h1>A page</h1>{body}</article></body></html>", "html")


def main() -> None:
    print("\n".join(lines()))


if __name__ == "__main__":
    main()
