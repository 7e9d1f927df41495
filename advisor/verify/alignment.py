"""How a claim lies over the sentences that it speaks of: what both say, what only one says, in which order."""

from dataclasses import dataclass
from itertools import combinations

from advisor.verify.binding import CANON
from advisor.verify.lists import listed
from advisor.verify.text import STOP, WORD, stem

_RISKS = listed(
    """
    not no never none nobody nothing neither nor without cannot fail failed lack lacks lacked refuse refused only alone
    except hardly barely may might could can would will should shall must plan plans planned expected expect aim aims
    wants wanted intended proposed promised hope hoped target ought need needs required obliged all every each most
    many few some several half part partly mainly mostly both always often usually sometimes rarely largely entirely
    any least almost nearly more less fewer higher lower larger smaller greater better worse earlier later before after
    than rather instead above below over under up down first last against despite although unless until besides from to
    into out in off away
    """
)
_NEAR = 4  # words of the passage before the first and after the last matched one that are looked at too


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a claim or a passage, and its canonical stem."""

    text: str
    key: str
    meaning: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """`pairs`: places of meaning words that both have."""

    claim: tuple[Word, ...]
    passage: tuple[Word, ...]
    pairs: tuple[tuple[int, int], ...]

    @property
    def meaning(self) -> int:
        """How many words of the claim carry meaning."""
        return sum(word.meaning for word in self.claim)

    @property
    def open(self) -> int:
        """How many of them the passage lacks."""
        return self.meaning - len(self.pairs)

    @property
    def left(self) -> float:
        """Share of the passage's words that carry meaning and that the claim lacks."""
        meant = sum(word.meaning for word in self.passage)
        return (meant - len({j for _, j in self.pairs})) / max(1, len(self.passage))

    @property
    def crossed(self) -> float:
        """Share of matched words that stand the other way round."""
        both = list(combinations(sorted(self.pairs), 2))
        return sum(b < a for (_, a), (_, b) in both) / len(both) if both else 0.0

    @property
    def risky(self) -> bool:
        """Does only one of them hold a small word that can turn the meaning?"""
        taken = [j for _, j in self.pairs]
        window = self.passage[max(0, min(taken, default=0) - _NEAR) : max(taken, default=-1) + _NEAR]
        mine, theirs = ({word.text for word in side} & _RISKS for side in (self.claim, window))
        return mine != theirs


def _words(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(low, CANON.get(stem(low), stem(low)), low not in STOP) for low in map(str.lower, WORD.findall(text))
    )


def align(claim: str, passage: str) -> Alignment:
    """Match meaning words by stem; where one stands twice, the place is taken that keeps the order."""
    mine, theirs = _words(claim), _words(passage)
    where: dict[str, list[int]] = {}
    for j, word in enumerate(theirs):
        if word.meaning:
            where.setdefault(word.key, []).append(j)
    pairs: list[tuple[int, int]] = []
    last = -1
    for i, word in enumerate(mine):
        places = where.get(word.key, []) if word.meaning else []
        if places:
            last = min(places, key=lambda place: (place <= last, abs(place - last)))
            pairs.append((i, last))
    return Alignment(mine, theirs, tuple(pairs))
