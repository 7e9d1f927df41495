"""Negation: does the claim deny what the passage says, or drop its denial? (pure functions)"""

import re

from advisor.verify.text import stem, stems, words

_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|without|neither|nor|cannot|can't|\w+n't|ikke|"
    r"ingen|kein(?:e|en)?|nicht|pas|"
    r"sans|não|sin|ningún|ninguna)\b(?! only\b)",
    re.I,
)
_HARMLESS = re.compile(
    r"\b(?:not only|no\. ?\d|no doubt|not-for-profit|not for profit|no fewer than|no less than|no "
    r"more than|not least|"
    r"not more than|not less than|whether or not|no later than|no longer than|not exceed\w*|"
    r"nothing but)\b",
    re.I,
)
_SOFT_NOT = re.compile(
    r"\b(?:not?|never|none|without|neither|nor|\w+n't|fail\w*|refus\w+|reject\w*|lack\w*|absen\w+|"
    r"den(?:y|ied|ies)|unlikely|"
    r"unable|missing|stop\w*|halt\w*|end\w*|ceas\w+|clos\w+|cut|suspend\w*|cancel\w*|exclu\w+|"
    r"except|instead|rather|free|only|"
    r"few|little|hardly|barely|scarcely|rare\w*|seldom|independent\w*|avoid\w*|prevent\w*|"
    r"forbid\w*|ban\w*|prohibit\w*|oppos\w+|"
    r"declin\w+|withdr\w+|drop\w*|abandon\w*|lost|lose\w*|loss|zero|beyond|outside|un\w{4,}|"
    r"in(?:complete|sufficient|adequate|"
    r"eligible|valid|active|accurate|capable|visible)|im(?:possible|practical)|ir\w{5,}|dis\w{4,}|"
    r"non\w*|bar(?:s|red)|skip\w*|"
    r"spar\w+|waiv\w+|despite|although|though|but|yet|however|self-\w+|alone|too|less|fewer|"
    r"miss\w*|unless|until|mere\w*|"
    r"against|reverse\w*|pull\w*|turned|held|short|weak\w*|limit\w*|doubt\w*|insolven\w*|"
    r"bankrup\w*|gone|vanish\w*|disappear\w*|"
    r"expire\w*|finish\w*|terminat\w*|no-one|passive|gave|give|quit|left|leave\w*|bypass\w*|"
    r"neglect\w*|ignor\w+|overlook\w*|decl\w+|"
    r"unknown|nowhere|nothing|empty|vacan\w+|wrong|mistak\w+|false\w*|struggl\w+|hamper\w*|"
    r"hinder\w*|\w*neutral|\w+-free)\b",
    re.I,
)
_FIRM_CLAIM = re.compile(r"\b(?:none|nobody|no one|nothing|never|no (?=[a-z]+s\b))", re.I)
_FIRM_NOT = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|without|neither|nor|cannot|\w+n't|fail\w*|refus\w+|"
    r"reject\w*|lack\w*|absen\w+|den(?:y|ied|ies)|"
    r"unlikely|unable|missing|stop\w*|halt\w*|ceas\w+|clos\w+|suspend\w*|cancel\w*|exclu\w+|"
    r"except|zero|forbid\w*|ban|banned|prohibit\w*|"
    r"withdr\w+|abandon\w*|lost|un(?:known|clear|paid|funded|planned|able)|free|only|all|both|"
    r"few\w*|hardly|rare\w*|seldom|end\w*|against|"
    r"independent\w*|instead|rather|out|outside|first|self-\w+|no-one|declin\w+|cut|gone|miss\w*)\b",
    re.I,
)
_CLAUSE = re.compile(
    r"[;:()]|, (?=(?:and|but|while|whereas|although|though|which|who|so|yet)\b)|\b(?:but|while|"
    r"whereas|although|though|because|however)\b|[.!?](?:\s|$)"
)


def negated(text: str) -> list[re.Match[str]]:
    false = [m.span() for m in _HARMLESS.finditer(text)]
    return [m for m in _NOT.finditer(text) if not any(a <= m.start() < b for a, b in false)]


def scope(text: str, at: int) -> list[str]:
    """Stems from a cue to the end of its clause."""
    rest = text[at:]
    end = _CLAUSE.search(rest)
    return stems(rest[: end.start()] if end else rest)


def _softened(claim: str, near: str) -> bool:
    """Does the claim hold a word near to a denial that the passage does not hold as well?"""
    shared = {stem(word) for word in words(near)}
    return any(stem(m.group()) not in shared for m in _SOFT_NOT.finditer(claim))


def negation_problem(claim: str, near: str) -> str | None:
    """A denial in the claim that the passage lacks, or one in the passage that the claim drops. `near`: the sentences
    of the passage that the claim speaks of."""
    mine, theirs = negated(claim), negated(near)
    if mine and not theirs and not _SOFT_NOT.search(near):
        return f'the claim says "{mine[0].group()}", the passage does not deny it'
    if (firm := _FIRM_CLAIM.search(claim)) and mine and not theirs and not _FIRM_NOT.search(near):
        return f'the claim says "{firm.group().strip()}", the passage does not deny it'
    if theirs and not mine and not _softened(claim, near):
        said = set(stems(claim))
        for cue in theirs:
            denied = set(scope(near, cue.end())[:7])
            if denied and len(denied & said) / len(denied) >= 0.6 and len(denied & said) >= min(2, len(denied)):
                return f'the passage says "{cue.group()}", the claim leaves the denial out'
    return None
