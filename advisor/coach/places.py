"""Which country a text means: names, people and towns in the six languages. Pure rules over data."""

import itertools
import re

from advisor.coach.numbers import plain_keep
from advisor.coach.slots import countries, phrases, places

_ABROAD = re.compile(
    r"\b(?:sell\w*|export\w*|buyers?|customers?|markets?|compete\w*|race|lead\w*|ahead|against|contra|gegen|contre|mot|like|from|than|vend\w*|compradores|eksport\w*|selge|kunder"
    r"|kaufer|verkauf\w*|kunden|vendre|clients|acheteurs|clientes)\b[^.!?]{0,24}\b(?:to|in|into|from|of|with|til|i|a|en|nach|au|aux|em|para|than|as)?\s*(?:the\s+)?$"
)
_ROW = re.compile(
    r"\s*(?:,|&|and|or|og|eller|y|e|o|und|oder|et|ou)\s*(?:(?:the|la|le|las|los|les|l'|o|a|die|der|in|i|en|au|em|na|no)\s*)?"
)
_SOLD = re.compile(r"[\w.]+\s+(?:zu )?(?:verkauf\w*|exportier\w*|liefern)")  # German puts the verb last


def country_of(text: str, home: bool = False) -> str | None:
    """ISO code. `home`: a country named as a market or a rival ("sell to Japan") is left out. Where two are named, the one that the cluster is in, or that follows a correction, wins."""
    flat = plain_keep(text).replace("ß", "ss")
    named = [(m.start(), m.end(), code) for pattern, code in countries() for m in pattern.finditer(flat)]
    found = [(start, code) for start, _, code in (_single(named, flat) if home else named)]
    if home:
        found = [hit for hit in found if not _ABROAD.search(flat[: hit[0]]) and not _SOLD.match(flat[hit[0] :])]
    if not found:
        found = [(m.start(), code) for pattern, code, _ in places() for m in pattern.finditer(flat)]
        found = [hit for hit in found if not (home and _ABROAD.search(flat[: hit[0]]))][:1]
    if not found:
        return None
    found = [hit for hit in found if not dismissed(text, hit[0])] or found
    found.sort()
    if len({code for _, code in found}) > 1:
        focus = re.search(
            r"\b(cluster\w*|klynge\w*|klynga|clust\w*|sorry|pardon|perdon|actually|but|men|aber|mais|pero|mas)\b", flat
        )
        later = [code for start, code in found if focus is not None and start > focus.start()]
        if later and not re.search(r"(mix|confus|not|nicht|pas|nao|ikke)\b.*", flat[: found[-1][0]]):
            return later[0]
    return found[0][1]


def _single(named: list[tuple[int, int, str]], flat: str) -> list[tuple[int, int, str]]:
    """Without countries told off in a row ("China and Korea"): those are rivals or markets, not home."""
    named = sorted(named)
    rows = {
        hit
        for one, two in itertools.pairwise(named)
        if one[2] != two[2] and _ROW.fullmatch(flat[one[1] : two[0]])
        for hit in (one, two)
    }
    return [hit for hit in named if hit not in rows]


def dismissed(text: str, start: int) -> bool:
    before = text[max(0, start - 16) : start]
    return any(
        re.search(pattern.pattern + r"\W*(?:\w{1,3}\W+)?$", before, re.IGNORECASE) for pattern in phrases("dismissed")
    )
