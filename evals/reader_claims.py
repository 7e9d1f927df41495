"""The claim verifier's true and falsified sentences asked as questions that take them for granted (evals/data/verify).

A falsified one is contradicted by the sentence that it was made from, a true one is not; what a question asks beside
that is left open, so that nothing is learnt from it about answers.
"""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from advisor.verify.exact import nearest
from advisor.verify.text import clean

_DATA = Path(__file__).with_name("data") / "verify" / "train.jsonl"
_OPEN = frozenset(
    {"merged", "invention", "modality", "paraphrase-joined", "auto-invention"}
)  # nothing contradicts them
_MADE_BY_RULE = 0.4  # share of the cases that nobody read which is taken
_LONGEST = 32  # words of a claim
_OVERLAP = 0.3  # share of a claim that its sentence has to cover
_WEIGHT = 0.7
_ASKED = (
    "{C}, right?",
    "{C}, doesn't it?",
    "{C}?",
    "{C} - why?",
    "{C}, what was the reason?",
    "{C}. Who decided that?",
    "{C}: how does that work?",
    "Is it true that {c}?",
    "Why is it that {c}?",
    "How come {c}?",
    "what happened after {c}?",
    "Since {c}, how can we copy that?",
    "As {c}, what does it mean for us?",
    "Given that {c}, what should we do?",
    "Now that {c}, where do I apply?",
    "I read that {c}. When did that happen?",
)
_LOWER = re.compile(
    r"(?:The|An?|In|It|Its|From|Since|By|At|On|For|About|Some|Most|Each|Every|No|Only|This|All|Of|After|Before|During|"
    r"Between|To|Around|Over|Under|More|Less|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|When|While|Firms|Members|Not|"
    r"They|One|Almost|Nearly|Half|With|Without|Both|There|Public|Companies|Money|Support|Until)\b"
)


def pairs(seed: int = 7) -> Iterator[dict[str, Any]]:
    """Question, sentence, whether it contradicts (`c`, weight `v`); `w` is 0: no label for answering."""
    rng = random.Random(seed)
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        claim, kind = row["claim"].rstrip(" ."), row["kind"]
        if kind in _OPEN or len(claim.split()) > _LONGEST:
            continue
        if kind.startswith("auto") and rng.random() > _MADE_BY_RULE:
            continue
        sentence, overlap = max((nearest(claim, clean(p), 1) for p in row["passages"]), key=lambda found: found[1])
        if overlap < _OVERLAP and not row["label"]:
            continue
        contradicts = float(not row["label"] and kind != "unrelated")
        title = row["group"].rsplit("/", 1)[-1].replace("-", " ").capitalize()
        asked = {"q": asked_as(claim, rng), "s": f"{title}: {sentence}"}
        yield {**asked, "y": 0.0, "w": 0.0, "c": contradicts, "v": _WEIGHT}


def asked_as(claim: str, rng: random.Random) -> str:
    """A question that takes the claim for granted."""
    small = claim[0].lower() + claim[1:] if _LOWER.match(claim) else claim
    return rng.choice(_ASKED).format(C=rng.choice((claim, claim, small)), c=small)
