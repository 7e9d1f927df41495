"""Labelled comments on their pages, for training and measuring the spam filter: our own, and two public sets for training only."""

import csv
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.documents import Block
from advisor.ingest import features
from advisor.ingest.features import Context

FOLDER = Path(__file__).parent / "data" / "spam"
SEED = 7
Row = Mapping[str, str]
_MACHINE_NAMES = [
    "Donaldjaima",
    "Seo_cah",
    "gama_unece",
    "KathyGuisp",
    "buy-cheap-pills",
    "casino-online",
    "RobertTub",
    "sex-girls",
    "nettkasino",
    "kredit24",
    "Michaeljap",
]
_NAMES = [
    "Maria",
    "Tom",
    "Ingrid-Solberg",
    "K.-Larsen",
    "anna_b",
    "Ольга",
    "José",
    "JP",
    "Sabine-M.",
    "engineer42",
    "Lucía",
    "Pierre",
    "McKenna",
    "Giulia",
]
_PUBLIC_WEIGHT = {"sms": 0.08}  # private messages are further from comments than remarks on videos
_VIDEO_WEIGHT = 0.15


@dataclass(frozen=True)
class Entry:
    """A labelled entry on its page."""

    block: Block
    context: Context
    spam: bool
    language: str
    split: str
    group: str
    weight: float = 1.0
    home: bool = True  # on a page of its own topic and language
    repeats: int = 1


def rows(name: str) -> list[Row]:
    """The lines of one of our files."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def own(entries: Sequence[Row], pages: Sequence[Row]) -> list[Entry]:
    """Our entries on their pages. A page is its abstract and the legitimate entries of its topic but the one being judged."""
    chance = random.Random(SEED)
    abstracts = {(page["language"], page["topic"]): page["text"] for page in pages}
    beside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in entries:
        if row["label"] == "legit":
            beside[row["language"], row["page_topic"]].append(row["text"])
    made: list[Entry] = []
    for row in entries:
        spam = row["label"] == "spam"
        for place, weight in _places(row, sorted(abstracts), chance).items():
            text = "\n".join([abstracts.get(place, ""), *(other for other in beside[place] if other != row["text"])])
            context = features.context_of([Block(text, "paragraph", 1)])
            author = chance.choice(_MACHINE_NAMES if spam and chance.random() < 0.35 else _NAMES).replace("-", " ")
            repeats = 2 if chance.random() < (0.08 if spam else 0.004) else 1
            block = Block(row["text"], "comment", 1, author=author)
            home = place == (row["language"], row["page_topic"])
            made.append(Entry(block, context, spam, row["language"], row["split"], row["group"], weight, home, repeats))
    return made


def _places(row: Row, pages: Sequence[tuple[str, str]], chance: random.Random) -> dict[tuple[str, str], float]:
    """The pages that an entry is judged on, with its weight there; its own page first."""
    home = (row["language"], row["page_topic"])
    if row["label"] == "spam":  # the same spam stands under any page
        return {chance.choice(pages): 0.7, ("en", "cl"): 0.3} | {home: 1.0}
    # A reader may answer in another language than the page's.
    others = [page for page in pages if page[1] == row["page_topic"] and page[0] != row["language"]]
    if not others:
        return {home: 1.0}
    other = chance.choice(others)
    return {home: 1.0, other: 0.4 if (other[0] == "ru") == (row["language"] == "ru") else 0.12}


def public(folder: Path) -> list[Entry]:
    """The two public sets, for training only; what is legitimate in a set makes the page that its entries stand on."""
    chance = random.Random(SEED)
    found: list[Entry] = []
    said: list[tuple[str, str, bool]] = []
    for path in sorted((folder / "youtube-comments").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            said += [(path.stem, row["CONTENT"], row["CLASS"] == "1") for row in csv.DictReader(file)]
    with (folder / "sms" / "processed_sms.csv").open(encoding="utf-8") as file:
        said += [("sms", row["message"], row["label"] == "1") for row in csv.DictReader(file)]
    for name in sorted({row[0] for row in said}):
        mine = [row for row in said if row[0] == name]
        page = chance.sample([text for _, text, spam in mine if not spam], 80)
        context = features.context_of([Block("\n".join(page), "paragraph", 1)])
        weight = _PUBLIC_WEIGHT.get(name, _VIDEO_WEIGHT)
        for _, text, spam in mine:
            if text not in page:
                block = Block(text, "comment", 1, author="Sam")
                found.append(Entry(block, context, spam, "en", "public", name, weight, False))
    return found
