"""More training pairs by rule: a sentence reworded a little, and the same sentence made false by one edit.

Read by nobody: some edits leave a sentence true, some make it odd. They teach the network to look at who stands where
(two words exchanged), at opposites and at "not"; hand-written pairs weigh more.
"""

import random
import re
from collections.abc import Callable, Sequence

from advisor.verify.text import STOP, clean, sentences, stem
from evals.verify_pairs import Pair

Edit = Callable[[str, random.Random], str | None]
_TURNED = (
    "largest/smallest first/last more/less before/after after/before rose/fell grew/shrank increased/decreased "
    "public/private private/public large/small small/large began/ended ended/began started/stopped opened/closed "
    "closed/opened strong/weak weak/strong won/lost lost/won joined/left left/joined national/regional local/global "
    "above/below most/few some/all many/all often/never usually/always can/must may/must must/may should/must "
    "without/with with/without founded/closed firms/universities universities/firms government/industry "
    "members/founders state/members higher/lower better/worse new/old independent/dependent received/refused "
    "accepted/rejected easy/hard rarely/often because/although until/since young/old each/no early/late gave/took "
    "gains/losses from/to to/from into/from helps/hinders raise/lower few/most only/also also/only"
)
_OPPOSITES = [tuple(pair.split("/")) for pair in _TURNED.split()]
_ALIKE = {
    "about": "around", "more than": "over", "began": "started", "started": "began", "firms": "companies",
    "companies": "firms", "paid": "funded", "must": "has to", "each": "every", "programme": "scheme",
    "received": "got", "chose": "selected", "asks": "requests", "need": "require", "helps": "supports",
    "money": "funding", "because": "since", "showed": "found", "large": "big", "nearly": "almost",
    "founded": "set up", "ended": "came to an end", "grew": "expanded", "rose": "increased", "fell": "declined",
    "jobs": "positions", "yearly": "annual", "a year": "per year", "often": "frequently", "several": "a number of",
    "leads": "heads", "says": "states",
}  # fmt: skip
_VERB = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|must|may|should)\b(?! not)")
_TOKEN = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")


def exchanged(sentence: str, rng: random.Random) -> str | None:
    """Two names, two figures or two nouns in each other's place."""
    tokens = list(_TOKEN.finditer(sentence))
    names = [t for t in tokens[1:] if t.group()[0].isupper()]
    figures = [t for t in tokens if t.group()[0].isdigit()]
    nouns = [t for t in tokens if _noun(t.group())]
    pools = [pool for pool, weight in ((names, 3), (figures, 1), (nouns, 3)) for _ in range(weight) if len(pool) > 1]
    if not pools:
        return None
    pool = rng.choice(pools)
    a, b = sorted(rng.sample(pool, 2), key=lambda t: t.start())
    gap = sentence[a.end() : b.start()]
    listed = pool is names and re.fullmatch(r"(?:[, ]|and|or|\w+,)*", gap)
    if stem(a.group()) == stem(b.group()) or gap.strip() in ("", "and", "or", ",") or listed:
        return None
    return sentence[: a.start()] + b.group() + gap + a.group() + sentence[b.end() :]


def _noun(word: str) -> bool:
    plain = word[0].islower() and len(word) > 3 and word not in STOP
    return plain and not word.endswith(("ed", "ly", "ing"))


def opposite(sentence: str, rng: random.Random) -> str | None:
    """One word told as its opposite."""
    fits = [(a, b) for a, b in _OPPOSITES if re.search(rf"\b{a}\b", sentence)]
    if not fits:
        return None
    said, turned = rng.choice(fits)
    return re.sub(rf"\b{said}\b", turned, sentence, count=1)


def denied(sentence: str, rng: random.Random) -> str | None:
    """A "not" put in or left out."""
    if " not " in sentence:
        return sentence.replace(" not ", " ", 1)
    verb = _VERB.search(sentence)
    return f"{sentence[: verb.end()]} not{sentence[verb.end() :]}" if verb else None


def reworded(sentence: str, rng: random.Random) -> str:
    """The time moved from the front to the end or back, and a few plain synonyms."""
    if m := re.match(r"(In (?:\w+ )?\d{4}|By \d{4}|From \d{4} to \d{4}|Since \d{4}),? (.+)\.$", sentence):
        sentence = f"{m[2][0].upper()}{m[2][1:]} {m[1][0].lower()}{m[1][1:]}."
    elif m := re.match(r"([A-Z].{15,}?) (in \d{4}|by \d{4}|since \d{4})\.$", sentence):
        sentence = f"{m[2].capitalize()} {m[1]}."
    for word, other in _ALIKE.items():
        if rng.random() < 0.6:
            sentence = re.sub(rf"\b{word}\b", other, sentence)
    return sentence


def pairs_by_rule(passages: Sequence[str], paraphrases: Sequence[tuple[str, str]], seed: int) -> list[Pair]:
    """From the sentences of passages, and from hand-written (premise, true claim) pairs."""
    rng = random.Random(seed)
    out: list[Pair] = []
    for passage in passages:
        for sentence in sentences(clean(passage)):
            if not 6 <= len(sentence.split()) <= 32:
                continue
            true = reworded(sentence, rng)
            out.append((sentence, true, 1.0, 0.3, true))
            edits = (exchanged, exchanged, rng.choice([opposite, denied]), opposite)
            out += [(sentence, false, 0.0, 0.36, true) for false in _edited(true, edits, rng) if false != sentence]
    for seen, true in paraphrases:
        edits = (exchanged, exchanged, opposite, rng.choice([denied, opposite]))
        out += [(seen, false, 0.0, 0.7, true) for false in _edited(true, edits, rng)]
    return out


def _edited(true: str, edits: Sequence[Edit], rng: random.Random) -> list[str]:
    return sorted({false for edit in edits if (false := edit(true, rng)) and false != true})
