"""Where a cluster stands: the ten checklist items scored 0 to 4 from what is known, with evidence and gaps. Pure functions."""

from collections.abc import Mapping
from typing import Any

from advisor.coach.interview import Answers
from advisor.coach.shelf import Notes, Shelf, lines, nearest, said
from advisor.coach.slots import UNKNOWN


def score(stage: str, answers: Answers, rules: Mapping[int, Any], words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Ten rows: item, score, the slots it rests on, and the person's own words as evidence."""
    found = []
    for item, rule in sorted(rules.items()):
        value, rests = int(rule["stage"][stage]), ["stage"]
        for move in rule["rules"]:
            if _holds(move, answers):
                value = _moved(value, move)
                rests.append(move["slot"])
        evidence = [words[slot] for slot in dict.fromkeys(rests) if words.get(slot)]
        found.append(
            {"item": item, "score": max(0, min(4, value)), "slots": list(dict.fromkeys(rests)), "evidence": evidence}
        )
    return found


def _holds(move: Mapping[str, Any], answers: Answers) -> bool:
    known = answers.get(move["slot"])
    if move.get("unknown"):
        return known is not None and known[0] == UNKNOWN
    if known is None or known[0] == UNKNOWN:
        return False
    value, option = known
    if move.get("known"):
        return True
    if "options" in move:
        return bool((option or value) in move["options"])
    if not isinstance(value, int):
        return False
    return value < int(move["below"]) if "below" in move else value >= int(move["from"])


def _moved(value: int, move: Mapping[str, Any]) -> int:
    if "set" in move:
        return int(move["set"])
    if "most" in move:
        return min(value, int(move["most"]))
    if "least" in move:
        return max(value, int(move["least"]))
    return value + int(move.get("add", 0))


def described(rows: list[dict[str, Any]], shelf: Shelf, notes: Notes) -> list[dict[str, Any]]:
    """The rows with the item's title, what its level and the next one mean on our own scale, and a sentence of the source."""
    found = []
    for row in rows:
        document = shelf.checklist.get(row["item"])
        if document is None:
            found.append({**row, "title": "", "level": "", "gap": "", "grounds": "", "citations": []})
            continue
        levels = [str(level).partition(":")[2].strip() or str(level) for level in document.meta.get("levels") or []]
        level = levels[row["score"]] if len(levels) > row["score"] else ""
        gap = levels[row["score"] + 1] if row["score"] < 4 and len(levels) > row["score"] + 1 else ""
        line = nearest(lines(document), gap or level)
        cites = said(document, line, notes)["citations"] if line else []
        title = document.title.partition(":")[2].strip() or document.title
        grounds = line.text if line else ""
        found.append({**row, "title": title, "level": level, "gap": gap, "grounds": grounds, "citations": cites})
    return found


def weakest(rows: list[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """The items to mend first: the base (1 to 4) before what it makes possible."""
    return sorted(rows, key=lambda row: (row["score"] + (0 if row["item"] <= 4 else 1.5), row["item"]))[:most]
