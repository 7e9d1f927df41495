"""Negation, quantifiers and modality: does the claim deny, widen or harden what the passage says? (pure functions)"""

import re

from advisor.verify.text import stems

_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|without|neither|nor|cannot|can't|\w+n't|ikke|ingen|kein(?:e|en)?|nicht|pas|"
    r"sans|não|sin|ningún|ninguna)\b(?! only\b)",
    re.I,
)
_NOT_FALSE = re.compile(r"\b(?:not only|no\. ?\d|no doubt|not-for-profit|not for profit|no fewer than|no less than|no more than|not least|"
                        r"not more than|not less than|whether or not|no later than|no longer than|not exceed\w*|nothing but)\b", re.I)  # fmt: skip
_SOFT_NOT = re.compile(
    r"\b(?:not?|never|none|without|neither|nor|\w+n't|fail\w*|refus\w+|reject\w*|lack\w*|absen\w+|den(?:y|ied|ies)|unlikely|"
    r"unable|missing|stop\w*|halt\w*|end\w*|ceas\w+|clos\w+|cut|suspend\w*|cancel\w*|exclu\w+|except|instead|rather|free|only|"
    r"few|little|hardly|barely|scarcely|rare\w*|seldom|independent\w*|avoid\w*|prevent\w*|forbid\w*|ban\w*|prohibit\w*|oppos\w+|"
    r"declin\w+|withdr\w+|drop\w*|abandon\w*|lost|lose\w*|loss|zero|beyond|outside|un\w{4,}|in(?:complete|sufficient|adequate|"
    r"eligible|valid|active|accurate|capable|visible)|im(?:possible|practical)|ir\w{5,}|dis\w{4,}|non\w*|bar(?:s|red)|skip\w*|"
    r"spar\w+|waiv\w+|despite|although|though|but|yet|however|self-\w+|alone|too|less|fewer|miss\w*|unless|until|mere\w*|"
    r"against|reverse\w*|pull\w*|turned|held|short|weak\w*|limit\w*|doubt\w*|insolven\w*|bankrup\w*|gone|vanish\w*|disappear\w*|"
    r"expire\w*|finish\w*|terminat\w*|no-one|passive|gave|give|quit|left|leave\w*|bypass\w*|neglect\w*|ignor\w+|overlook\w*|decl\w+|"
    r"unknown|nowhere|nothing|empty|vacan\w+|wrong|mistak\w+|false\w*|struggl\w+|hamper\w*|hinder\w*|\w*neutral|\w+-free)\b",
    re.I,
)
_FIRM_CLAIM = re.compile(r"\b(?:none|nobody|no one|nothing|never|no (?=[a-z]+s\b))", re.I)
_FIRM_NOT = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|without|neither|nor|cannot|\w+n't|fail\w*|refus\w+|reject\w*|lack\w*|absen\w+|den(?:y|ied|ies)|"
    r"unlikely|unable|missing|stop\w*|halt\w*|ceas\w+|clos\w+|suspend\w*|cancel\w*|exclu\w+|except|zero|forbid\w*|ban|banned|prohibit\w*|"
    r"withdr\w+|abandon\w*|lost|un(?:known|clear|paid|funded|planned|able)|free|only|all|both|few\w*|hardly|rare\w*|seldom|end\w*|against|"
    r"independent\w*|instead|rather|out|outside|first|self-\w+|no-one|declin\w+|cut|gone|miss\w*)\b",
    re.I,
)
_CLAUSE = re.compile(r"[;:()]|, (?=(?:and|but|while|whereas|although|though|which|who|so|yet)\b)|\b(?:but|while|whereas|although|though|because|however)\b|[.!?](?:\s|$)")

_ALL = re.compile(r"\b(?:all|every|each|any|everyone|everybody|everything|entire|entirely|whole|wholly|always|both|fully|100\s?%|completely|alle|todos?|todas?|toutes?|tous|throughout|across|anyone|whatever|in full|universal\w*|without exception)\b", re.I)
_PART = re.compile(r"\b(?:some|several|many|most|mostly|majority|half|third|quarter|part|partly|few|certain|number of|selected|mainly|largely|often|usually|typically|one of|two of|three of|among|nearly|almost|\d+\s?%|share|various|at least|up to|sometimes|generally|in general|a few|handful)(?!\w)", re.I)
_ONLY = re.compile(r"\b(?:only|solely|exclusively|alone|sole|purely|merely|nothing but|none but|no other|limited to|restricted to|just|reserved|confined|exclusive|single|must|except|kun|solo|nur|seulement|apenas|one|unless|no one else|unique|lone)\b", re.I)
_MOST = re.compile(r"\b(?:most|mostly|majority|mainly|largely|predominantly|chiefly|primarily|more than half|over half|bulk|lion's share|dominat\w+|main|two[- ]thirds|three[- ]quarters|5[1-9](?:[.,]\d+)?\s?%|[6-9]\d(?:[.,]\d+)?\s?%|nearly all|almost all|usually|generally|typically|above all)(?!\w)", re.I)
_FEW = re.compile(r"\b(?:few|fewest|handful|hardly any|barely|rare\w*|seldom|scarce\w*|small number|limited|little|only|minority|not many|one|two|three|four|five|weak|poor\w*|small|thin\w*|short\w*|lack\w*|narrow)\b", re.I)
_MANY = re.compile(r"\b(?:many|numerous|dozens|hundreds|thousands|most|majority|several|all|every|wide\w*|large\w*|lots?|\d+|often|common\w*|frequent\w*|various|multiple|growing|more|plenty|much|big|great\w*)\b", re.I)
_NEVER = re.compile(r"\b(?:never|at no time|not once|no \w+ ever|not ever)\b", re.I)

_PLAN = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|propos\w+|expect\w*|target\w*|aim\w*|goal\w*|could|may|might|would|will|shall|should|hope\w*|promis\w+|"
    r"forecast\w*|predict\w*|project(?:ed|ion|ions)|intend\w*|intention\w*|want\w*|ambition\w*|seek\w*|sought|envisag\w+|scheduled|"
    r"due to|foresee\w*|foresaw|foreseen|design(?:ed)? to|vision|set to|supposed|due|(?:was|were|is|are) to|likely|possib\w+|potential\w*|estimat\w+|anticipat\w+|"
    r"pledg\w+|meant to|prospect\w*|objective\w*|to be|on track|tries|try|tried|attempt\w*|can|ask\w*|call(?:s|ed) for|recommend\w*|suggest\w*|"
    r"urg\w+|if|advis\w+|invit\w+|want|wish\w*|consider\w*|discuss\w*|debat\w+|appl(?:y|ied|ies|ication\w*)|bid|lobb\w+|request\w*|"
    r"demand\w*|need\w*|must|requir\w+|eligible|up to|offer\w*|open to|allow\w*|claim\w*|said|says|argu\w+|believ\w+|reckon\w*|apparently|"
    r"reportedly|allegedly|perhaps|probably|maybe|until|by 20\d\d|ought|eye\w*|look(?:s|ed|ing)? to|prepar\w+|commit\w*|agree\w*|announc\w+|would-be|"
    r"view|future|next|upcoming|soon|eventual\w*|task\w*|mission|purpose|meant|towards?|for)\b",
    re.I,
)
_HARD_PLAN = re.compile(
    r"\b(?:plan(?:s|ned|ning) (?:to|for)|was planned|were planned|is planned|are planned|planned|proposed|expect(?:s|ed)? to|expects|is expected|were expected|was expected|"
    r"aim(?:s|ed)? (?:to|at|for)|hope[sd]? to|hoped for|predicted|forecast|projected to|intend(?:s|ed)? to|want(?:s|ed)? to|would|might|could|target of|"
    r"the target|target:|its goal|a goal|goal of|seeks? to|scheduled (?:to|for)|is to|are to|was to|were to|will|promised|envisaged|foresaw|foresees|aspires? to)\b",
    re.I,
)
_MUST = re.compile(r"\b(?:must|require\w*|requirement\w*|mandatory|obliged|obligat\w+|compulsory|ha(?:s|ve|d) to|need(?:s|ed)? to|need(?:s|ed)?|necessar\w+|condition\w*|prerequisite\w*|rule\w*|demand\w*|minimum|insist\w*|at least|only|owe\w*|ask(?:s|ed)? for|asks|asked|expected|essential|shall|essential|calls? for|depends? on|obligatory|force[sd]?|bound|binding|duty|duties|entitle\w*|eligib\w+|criteri\w+|stipulat\w+|commit\w*|no \w+ without|conditional)\b", re.I)
_MUST_CLAIM = re.compile(r"\b(?:must|mandatory|obliged|obligatory|compulsory|ha(?:s|ve|d) to(?! do with| wait| be more| manage| cope| go on)|require[sd]?|is required|are required|were required|was required)\b", re.I)


def _negated(text: str) -> list[re.Match[str]]:
    false = [m.span() for m in _NOT_FALSE.finditer(text)]
    return [m for m in _NOT.finditer(text) if not any(a <= m.start() < b for a, b in false)]


def _scope(text: str, at: int) -> list[str]:
    """Stems from a cue to the end of its clause."""
    rest = text[at:]
    end = _CLAUSE.search(rest)
    return stems(rest[: end.start()] if end else rest)


def _before(text: str, at: int) -> list[str]:
    """Stems of the clause before a cue."""
    start = 0
    for found in _CLAUSE.finditer(text[:at]):
        start = found.end()
    return stems(text[start:at])


def negation_problem(claim: str, near: str) -> str | None:
    """A denial in the claim that the passage lacks, or one in the passage that the claim drops. `near`: the sentences
    of the passage that the claim speaks of."""
    mine, theirs = _negated(claim), _negated(near)
    if mine and not theirs and not _SOFT_NOT.search(near):
        return f'the claim says "{mine[0].group()}", the passage does not deny it'
    if (firm := _FIRM_CLAIM.search(claim)) and mine and not theirs and not _FIRM_NOT.search(near):
        return f'the claim says "{firm.group().strip()}", the passage does not deny it'
    if theirs and not mine and not _SOFT_NOT.search(claim):
        said = set(stems(claim))
        for cue in theirs:
            scope = set(_scope(near, cue.end())[:7])
            if len(scope) >= 1 and len(scope & said) / len(scope) >= 0.6 and len(scope & said) >= min(2, len(scope)):
                return f'the passage says "{cue.group()}", the claim leaves the denial out'
    return None


def quantifier_problem(claim: str, near: str, passage: str) -> str | None:
    """All, most, only, few, never: stronger in the claim than anywhere in the passage, or against what is near."""
    said = re.search(r"\b(?:all|every|always|everyone|everybody|entire|entirely|wholly|each|any|fully|completely)\b", claim, re.I)
    if said and not re.search(r"\b(?:at all|after all|all in all|in all|all-|not all|overall|first of all|above all|if any)\b", claim, re.I):
        if not _ALL.search(passage) and (part := _PART.search(near)):
            return f'the passage says "{part.group()}", the claim says "{said.group()}"'
        if not _ALL.search(passage) and said.group().lower() in ("always", "entirely", "wholly", "everyone", "everybody", "fully", "completely"):
            return f'the claim says "{said.group()}", the passage does not'
    if (said := re.search(r"\b(?:only|solely|exclusively|alone|purely|nothing but|restricted to|limited to)\b(?! (?:\d|about|around|some|one of the|once|after|when|if|because|until|in|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|part|partly|a (?:few|small|third|quarter|part|fraction)|recently|by|then|now|later))", claim, re.I)) and not _ONLY.search(passage):
        return f'the claim says "{said.group()}", the passage does not'
    if (said := re.search(r"\b(?:most|majority|mostly|predominantly)\b(?! (?:of all|recent|likely|important|promising|known))", claim, re.I)) and not _MOST.search(passage) and not re.search(r"the most\b|at most", claim, re.I):
        return f'the claim says "{said.group()}", the passage does not'
    if (said := re.search(r"(?<!a )\b(?:few|hardly any|rarely|seldom|barely)\b(?! (?:years|days|months))", claim, re.I)) and not _FEW.search(passage):
        return f'the claim says "{said.group()}", the passage does not'
    if (said := _NEVER.search(claim)) and not re.search(r"\bnever\b|\bno\b|\bnot?\b|n't\b|none\b|without\b", near, re.I):
        return f'the claim says "{said.group()}", the passage does not'
    if (said := re.search(r"(?<!how )\b(?:many|numerous|dozens of|hundreds of|thousands of)\b", claim, re.I)) and not _MANY.search(passage):
        return f'the claim says "{said.group()}", the passage does not'
    if (part := re.search(r"\b(?:some|several|few|a few|certain)\b", near, re.I)) and (said := re.search(r"\b(?:all|every|each|most|none|no)\b", claim, re.I)):
        if not _ALL.search(passage) and not _MOST.search(passage) and not _negated(near) and not re.search(r"at all|in all|the most\b|no fewer|no less", claim, re.I):
            return f'the passage says "{part.group()}", the claim says "{said.group()}"'
    return None


def modality_problem(claim: str, near: str) -> str | None:
    """A plan told as a fact, or a choice told as a duty."""
    if (said := _MUST_CLAIM.search(claim)) and not _MUST.search(near):
        return f'the claim says "{said.group()}", the passage names no duty'
    if not _PLAN.search(claim):
        mine = set(stems(claim))
        for cue in _HARD_PLAN.finditer(near):
            scope = set(_scope(near, cue.end())[:8])
            if len(scope) >= 2 and len(scope & mine) / len(scope) >= 0.5:
                return f'the passage says "{cue.group()}", the claim tells it as done'
    if (said := re.search(r"\b(?:already|has been completed|was completed|has achieved|achieved|guarantee[sd]?|certainly|definitely|proved|proven|will certainly)\b", claim, re.I)) and _HARD_PLAN.search(near):
        if said.group().lower() not in near.lower():
            return f'the claim says "{said.group()}", the passage speaks of a plan'
    return None
