"""Quantifiers: all, most, only, few, never said more strongly than the passage does (pure functions)."""

import re

from advisor.verify.amounts import shares
from advisor.verify.negation import negated
from advisor.verify.numbers import quantities

_ALL = re.compile(
    r"\b(?:all|every|each|any|everyone|everybody|everything|entire|entirely|whole|wholly|always|"
    r"both|fully|100\s?%|completely|alle|todos?|todas?|toutes?|tous|throughout|across|anyone|"
    r"whatever|in full|universal\w*|without exception)\b",
    re.I,
)
_PART = re.compile(
    r"\b(?:some|several|many|most|mostly|majority|half|third|quarter|part|partly|few|certain|"
    r"number of|selected|mainly|largely|often|usually|typically|one of|two of|three of|among|"
    r"nearly|almost|\d+\s?%|share|various|at least|up to|sometimes|generally|in general|a few|"
    r"handful)(?!\w)",
    re.I,
)
_ONLY = re.compile(
    r"\b(?:only|solely|exclusively|alone|sole|purely|merely|nothing but|none but|no other|limited "
    r"to|restricted to|just|"
    r"reserved|confined|exclusive|single|except|kun|solo|nur|seulement|apenas|unless|no one else|unique|lone)\b",
    re.I,
)
_MOST = re.compile(
    r"\b(?:most|mostly|majority|mainly|largely|predominantly|chiefly|primarily|more than half|"
    r"over half|bulk|lion's share|dominat\w+|main|two[- ]thirds|three[- ]quarters|"
    r"5[1-9](?:[.,]\d+)?\s?%|[6-9]\d(?:[.,]\d+)?\s?%|nearly all|almost all|usually|generally|"
    r"typically|above all)(?!\w)",
    re.I,
)
_FEW = re.compile(
    r"\b(?:few|fewest|handful|hardly any|barely|rare\w*|seldom|scarce\w*|small number|limited|"
    r"little|only|minority|not many|one|two|three|four|five|weak|poor\w*|small|thin\w*|short\w*|"
    r"lack\w*|narrow)\b",
    re.I,
)
_MANY = re.compile(
    r"\b(?:many|numerous|dozens|hundreds|thousands|most|majority|several|all|every|wide\w*|"
    r"large\w*|lots?|\d+|often|common\w*|frequent\w*|various|multiple|growing|more|plenty|much|"
    r"big|great\w*)\b",
    re.I,
)
_SAYS_ALL = re.compile(
    r"\b(?:all|every|always|everyone|everybody|entire|entirely|wholly|each|any|fully|completely)\b", re.I
)
_NOT_ALL = re.compile(
    r"\b(?:at all|after all|all in all|in all|all-|of all|not all|overall|first of all|above all|if any|(?:every|each) (?:year|month|week|day|quarter)|all year)\b",
    re.I,
)
_WHOLLY = {"always", "entirely", "wholly", "everyone", "everybody", "fully", "completely"}
_SAYS_MOST = re.compile(
    r"(?<!the )(?<!at )\b(?:most|majority|mostly|predominantly)\b"
    r"(?! (?:of all|recent|likely|important|promising|known))|"
    r"\bthe majority\b",
    re.I,
)
_SAYS_FEW = re.compile(r"(?<!a )\b(?:few|hardly any|rarely|seldom|barely)\b(?! (?:years|days|months))", re.I)
_SAYS_MANY = re.compile(r"(?<!how )\b(?:many|numerous|dozens of|hundreds of|thousands of)\b", re.I)
_SAYS_NEVER = re.compile(r"\b(?:never|at no time|not once|not ever)\b", re.I)
_SAYS_ONLY = re.compile(
    r"\b(?:only|solely|exclusively|alone|purely|nothing but|restricted to|limited to)\b"
    r"(?! (?:became|came|began|started|got|took|opened|arrived|joined|\d+|about|around|some|one of the|once|after|when|if|because|until|in|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve|half|part|partly|"
    r"a (?:few|small|third|quarter|part|fraction)|recently|by|then|now|later)\b)",
    re.I,
)
_ANY_DENIAL = re.compile(r"\b(?:never|no|not?|none|without)\b|n't\b", re.I)
_PER = re.compile(r"\bper (?!cent\b)\w|\b(?:yearly|annual(?:ly)?|monthly)\b", re.I)
_EVERY = re.compile(r"\b(?:all|every|each)\b", re.I)
_SOME_OF = re.compile(r"\b(?:some|a few) of\b", re.I)
_SOME = re.compile(r"\b(?:some|several|few|a few|certain)\b", re.I)
_STRONG = re.compile(r"\b(?:all|every|each|most|none|no)\b", re.I)
_NOT_STRONG = re.compile(r"at all|in all|the most\b|no fewer|no less", re.I)
_NEEDS = ((_SAYS_ONLY, _ONLY), (_SAYS_MOST, _MOST), (_SAYS_FEW, _FEW), (_SAYS_MANY, _MANY), (_SAYS_NEVER, _ANY_DENIAL))


def quantifier_problem(claim: str, near: str, passage: str) -> str | None:
    """All, most, only, few, never: stronger in the claim than anywhere in the passage, or against what is near."""
    said = _SAYS_ALL.search(claim)
    if said and not _NOT_ALL.search(claim) and not _ALL.search(passage):
        told = said.group().lower() in ("each", "every") and _PER.search(passage)
        if (part := _PART.search(near)) and not told:
            return f'the passage says "{part.group()}", the claim says "{said.group()}"'
        if said.group().lower() in _WHOLLY:
            return f'the claim says "{said.group()}", the passage does not'
    for says, needs in _NEEDS:
        if (said := says.search(claim)) and not needs.search(passage):
            if needs is _MOST and any(max(share.values) > 50 for share in shares(near, quantities(near))):
                continue  # "17 of the 29"
            return f'the claim says "{said.group()}", the passage does not'
    if (said := _SOME_OF.search(claim)) and (whole := _EVERY.search(near)) and not _PART.search(near):
        return f'the passage says "{whole.group()}", the claim says "{said.group()}"'
    part, said = _SOME.search(near), _STRONG.search(_NOT_ALL.sub(" ", claim))
    excused = _ALL.search(passage) or _MOST.search(passage) or negated(near) or _NOT_STRONG.search(claim)
    if part and said and not excused:
        return f'the passage says "{part.group()}", the claim says "{said.group()}"'
    return None
