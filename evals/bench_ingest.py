"""Pages and comments a second, beside trafilatura alone in the same run: `python -m evals.bench_ingest`, and a part of `make bench`."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import trafilatura

from advisor.documents import Block, Page
from advisor.ingest import clean, spam
from advisor.ingest.features import context_of
from evals import articles

_DATA = Path(__file__).with_name("data") / "spam"
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
    entries = [Block(text, "comment", 1, author="Ann") for text in _entries()]
    context = context_of([Block(" ".join(_entries()[:40]), "paragraph", 1)])
    what = f"{len(pages)} pages"
    return [
        f"ingest: pages a second ({what})".ljust(44) + f"{rate(clean.clean, pages):10.1f}",
        f"trafilatura alone: pages a second ({what})".ljust(44)
        + f"{rate(lambda page: trafilatura.extract(page.text), pages):10.1f}",
        "ingest: comment entries a second".ljust(44)
        + f"{rate(lambda block: spam.judge([block], context), entries):10.1f}",
    ]


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
