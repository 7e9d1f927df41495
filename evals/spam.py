"""The spam filter on labelled comments of a split, each under a page of its topic and language."""

import functools
import json
from collections import defaultdict
from pathlib import Path

from advisor.documents import JudgedBlock, Page
from advisor.index.embed import embedder
from advisor.ingest import clean
from advisor.ingest.spam import Meaning
from evals.judged import Figure, share
from evals.plain import plain

_DATA = Path(__file__).with_name("data") / "spam"


def figures(split: str) -> dict[str, Figure]:
    """Article blocks lost, legitimate comments dropped and held back, spam kept, reasons missing."""
    outcomes: dict[str, list[float]] = defaultdict(list)
    for (language, topic), rows in _by_page(split).items():
        for judged, row in zip(_judged(language, topic, rows, outcomes), rows, strict=True):
            if row["label"] == "legit":
                outcomes["legit_dropped"].append(float(judged.verdict == "drop"))
                outcomes["legit_held_back"].append(float(judged.verdict == "quarantine"))
            else:
                outcomes["spam_not_kept"].append(float(judged.verdict != "keep"))
            if judged.verdict != "keep":
                outcomes["with_reasons"].append(float(bool(judged.reasons)))
    return {name: share(values) for name, values in sorted(outcomes.items())}


def bodies(split: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Pages with what the filter keeps ("on") and with everything ("off"), and the texts that are spam."""
    pages: dict[str, dict[str, str]] = {"on": {}, "off": {}}
    junk = []
    for (language, topic), rows in _by_page(split).items():
        article = _articles()[language, topic]
        judged = _judged(language, topic, rows, defaultdict(list))
        kept = [row for one, row in zip(judged, rows, strict=True) if one.verdict == "keep"]
        for name, shown in (("on", kept), ("off", rows)):
            pages[name][f"{language}-{topic}"] = "\n\n".join([article, *(_one_line(row["text"]) for row in shown)])
        junk += [plain(_one_line(row["text"]))[:60] for row in rows if row["label"] != "legit"]
    return pages, [piece for piece in junk if len(piece) > 20]


def _judged(
    language: str, topic: str, rows: list[dict[str, str]], outcomes: dict[str, list[float]]
) -> list[JudgedBlock]:
    """The page with its comments as one plain text, judged as any page is."""
    article = _articles()[language, topic]
    entries = "\n".join(f"  {n}. Reader {n}\n\n    {_one_line(row['text'])}\n" for n, row in enumerate(rows, 1))
    text = f"A page\n\n{article}\n\nComments\n\n{entries}"
    judged = clean.clean(Page("page.txt", text, "text"), meaning=_meaning()).judged
    kept = " ".join(one.block.text for one in judged if one.block.type != "comment" and one.verdict == "keep")
    outcomes["article_kept"].append(float(article in kept))
    return [one for one in judged if one.block.type == "comment"]


@functools.cache
def _meaning() -> Meaning:
    """What ingestion reads unsure comments with."""
    return embedder("embedded:e5").passages


def _by_page(split: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    pages: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in _rows("entries.jsonl"):
        if row["split"] == split and (row["language"], row["page_topic"]) in _articles():
            pages[row["language"], row["page_topic"]].append(row)
    return dict(sorted(pages.items()))


def _articles() -> dict[tuple[str, str], str]:
    return {(row["language"], row["topic"]): _one_line(row["text"]) for row in _rows("pages.jsonl")}


def _rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (_DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def _one_line(text: str) -> str:
    return " ".join(text.split())
