"""Article extraction on the public 181-page benchmark, scored as it does: 4-gram shingles, precision and recall averaged over pages.

`python -m evals.articles [--data FOLDER]`. Pages are split in two by their name: rules are made looking at the first half only.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.documents import Page
from advisor.errors import SourceError
from advisor.ingest import clean, sources

DATA = Path("../shared/data/article-extraction")
_TOKEN = re.compile(r"\w+")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Scored:
    """One page: how much of what was taken is article, how much of the article was taken, how many comments were found."""

    name: str
    precision: float
    recall: float
    comments: int

    @property
    def dev(self) -> bool:
        return int(self.name[:2], 16) % 2 == 0


def pages(folder: Path) -> Iterator[tuple[str, Page, str]]:
    """(name, page, its true article)."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, row in sorted(truth.items()):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield name, sources.page_of(data, name, "html"), row["articleBody"]


def score(name: str, page: Page, truth: str) -> Scored:
    """What ingestion keeps of the article, without title and comments."""
    try:
        judged = clean.clean(page).judged
    except SourceError:
        judged = ()
    kept = [one.block for one in judged if one.verdict == "keep"]
    text = "\n".join(block.text for block in kept if block.type not in ("title", "boilerplate", "comment"))
    comments = sum(one.block.type == "comment" and bool(one.block.text) for one in judged)
    return Scored(name, *precision_recall(truth, text), comments)


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
    rows = [score(*page) for page in pages(parser.parse_args().data)]
    sets = {
        "all pages": rows,
        "looked at": [row for row in rows if row.dev],
        "never looked at": [row for row in rows if not row.dev],
        "pages with comments": [row for row in rows if row.comments],
    }
    for name, chosen in sets.items():
        if chosen:
            print(f"article F1, {name:20} {f1(chosen):.4f}   n={len(chosen)}")


if __name__ == "__main__":
    main()
