"""Article extraction on the public 181-page benchmark, scored as it does: 4-gram shingles, precision and recall averaged over pages.

`python -m evals.articles [--data FOLDER]`. Pages are split in two by their name: rules are made looking at the first half only.
evals/data/comments.jsonl says by XPath where the comments of a page stand, marked by hand: those of every page that has any.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from advisor.documents import Page
from advisor.errors import SourceError
from advisor.ingest import clean, sources

DATA = Path("../shared/data/article-extraction")
_MARKED = Path(__file__).with_name("data") / "comments.jsonl"
_TOKEN = re.compile(r"\w+")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Scored:
    """One page: how much of what was taken is right, how much of what is right was taken."""

    name: str
    precision: float
    recall: float

    @property
    def dev(self) -> bool:
        return int(self.name[:2], 16) % 2 == 0


def pages(folder: Path) -> Iterator[tuple[str, Page, str]]:
    """(name, page, its true article)."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, row in sorted(truth.items()):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield name, sources.page_of(data, name, "html"), row["articleBody"]


def score(name: str, page: Page, truth: str, comments: str | None = None) -> Scored:
    """What ingestion keeps of the article, without its title; with the comments that it finds, where the true ones are given."""
    try:
        judged = clean.clean(page).judged
    except SourceError:
        judged = ()
    left_out = ("title", "boilerplate", "comment")
    text = [one.block.text for one in judged if one.verdict == "keep" and one.block.type not in left_out]
    if comments is not None:
        text += [one.block.text for one in judged if one.block.type == "comment"]
        truth = f"{truth}\n{comments}"
    return Scored(name, *precision_recall(truth, "\n".join(text)))


def comments(page: Page, bodies: str) -> str:
    """The text of the comments where a person marked them."""
    tree = lxml_html.document_fromstring(page.text.encode("utf-8", "replace"), parser=_utf8())
    marked: Any = tree.xpath(bodies)
    return "\n".join(" ".join(body.itertext()) for body in marked)


def _utf8() -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(encoding="utf-8")


def precision_recall(truth: str, found: str) -> tuple[float, float]:
    true, said = _shingles(truth), _shingles(found)
    both = sum((true & said).values())
    precision = both / sum(said.values()) if said else float(not true)
    return precision, both / sum(true.values()) if true else 1.0


def f1(rows: Sequence[Scored]) -> float:
    """Of the averages, as the benchmark has it."""
    precision, recall = (
        sum(values) / len(rows) for values in zip(*((r.precision, r.recall) for r in rows), strict=True)
    )
    return float(2 * precision * recall / (precision + recall))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    size = min(_SHINGLE, len(tokens))
    return Counter(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)) if tokens else Counter()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    everything = list(pages(parser.parse_args().data))
    marked = {row["page"]: row["bodies"] for row in map(json.loads, _MARKED.read_text(encoding="utf-8").splitlines())}
    rows = [score(*one) for one in everything]
    whole = [score(*one, comments(one[1], marked[one[0]])) for one in everything if one[0] in marked]
    sets = {
        "article": rows,
        "article, pages with comments": [row for row in rows if row.name in marked],
        "article and comments in one pass": whole,
    }
    for name, chosen in sets.items():
        halves = (chosen, [row for row in chosen if row.dev], [row for row in chosen if not row.dev])
        for half, part in zip(("all", "looked at", "never looked at"), halves, strict=True):
            print(f"F1, {name:34} {half:16} {f1(part):.4f}   n={len(part)}")


if __name__ == "__main__":
    main()
