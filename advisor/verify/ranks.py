"""Ranks: the largest is not the second-largest (pure functions)."""

import re

_PLACE = r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|4th|5th"
_TOP = r"[a-z]{3,}est|most|least|best|worst"
_RANK = re.compile(rf"\b(?:({_PLACE})[ -])?({_TOP})\b", re.I)


def rank_problem(claim: str, near: str, passage: str) -> str | None:
    """ "The largest" where the passage says "the second-largest", or the other way round."""
    given = {((m[1] or "").lower(), m[2].lower()) for m in _RANK.finditer(near)}
    given |= {((m[1] or "").lower(), m[2].lower()) for m in _RANK.finditer(passage)}
    for m in _RANK.finditer(claim):
        place, top = (m[1] or "").lower(), m[2].lower()
        others = sorted(p for p, t in given if t == top)
        if others and place not in others and (place or any(others)):
            shown = f"{others[-1]}-{top}" if others[-1] else top
            return f'the passage says "{shown}", the claim says "{m.group()}"'
    return None
