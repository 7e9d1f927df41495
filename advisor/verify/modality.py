"""Modality: a plan told as a fact, or a choice told as a duty (pure functions)."""

import re

from advisor.verify.negation import scope
from advisor.verify.text import stems

_PLAN = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|propos\w+|expect\w*|target\w*|aim\w*|goal\w*|could|may|might|would|will|shall|should|"
    r"hope\w*|promis\w+|forecast\w*|predict\w*|project(?:ed|ion|ions)|intend\w*|intention\w*|want\w*|ambition\w*|"
    r"seek\w*|sought|envisag\w+|scheduled|due|foresee\w*|foresaw|foreseen|design(?:ed)? to|vision|set to|supposed|"
    r"(?:was|were|is|are) to|going to|likely|possib\w+|potential\w*|estimat\w+|anticipat\w+|pledg\w+|meant|"
    r"prospect\w*|objective\w*|to be|on track|tries|try|tried|attempt\w*|can|ask\w*|call(?:s|ed) for|recommend\w*|"
    r"suggest\w*|urg\w+|if|whether|advis\w+|invit\w+|wish\w*|consider\w*|discuss\w*|debat\w+|lobb\w+|request\w*|"
    r"demand\w*|need\w*|must|requir\w+|eligible|up to|offer\w*|open to|allow\w*|apparently|reportedly|allegedly|"
    r"perhaps|probably|maybe|ought|had better|think|thinks|believe[sd]?|directed at|geared|in \w+'s view|eye\w*|look(?:s|ed|ing)? to|prepar\w+|commit\w*|agree\w*|announc\w+|future|soon|"
    r"task\w*|mission|purpose|designed|seen to|ha(?:s|ve|d) to)\b",
    re.I,
)
_HARD_PLAN = re.compile(
    r"\b(?:plan(?:s|ned|ning) (?:to|for)|was planned|were planned|is planned|are planned|planned|"
    r"proposed|expect(?:s|ed)? to|expects|is expected|were expected|was expected|"
    r"aim(?:s|ed)? (?:to|at|for)|hope[sd]? to|hoped for|predicted|forecast|projected to|"
    r"intend(?:s|ed)? to|want(?:s|ed)? to|would|might|could(?! look back)|target of|"
    r"the target|target:|its goal|a goal|goal of|seeks? to|scheduled (?:to|for)|(?<!trap )(?<!task )(?<!step )(?<!risk )(?<!work )(?<!role )(?<!rule )(?<!point )(?:is|are|was|were) to|"
    r"will(?! (?:stay|remain|keep)\b)|promised|envisaged|foresaw|foresees|aspires? to|asked whether|"
    r"the (?:goal|aim|target|forecast|idea) (?:is|was|of)|under discussion|hop(?:es|ing) (?:to|for|that)|should)\b",
    re.I,
)
_MUST = re.compile(
    r"\b(?:must|require\w*|requirement\w*|mandatory|obliged|obligat\w+|compulsory|ha(?:s|ve|d) to|"
    r"need(?:s|ed)? to|need(?:s|ed)?|necessar\w+|condition\w*|prerequisite\w*|rule\w*|demand\w*|"
    r"minimum|insist\w*|at least|only|owe\w*|ask(?:s|ed)? for|asks|asked|expected|essential|shall|"
    r"essential|calls? for|depends? on|obligatory|force[sd]?|bound|binding|duty|duties|entitle\w*|"
    r"eligib\w+|criteri\w+|stipulat\w+|commit\w*|no \w+ without|conditional|told to)\b",
    re.I,
)
_MUST_CLAIM = re.compile(
    r"\b(?:must|mandatory|obliged|obligatory|compulsory|ha(?:s|ve|d) to(?! do with| wait| be more|"
    r" manage| cope| go on)|require[sd]?|is required|are required|were required|was required)\b",
    re.I,
)
_FREE = re.compile(r"\b(?:may|optional|voluntar\w+|free to|need not)\b", re.I)
_MAY = re.compile(r"\b(?:may|optional|voluntar\w+|free to|need not|can|could|might)\b", re.I)
_DUTY = re.compile(r"\b(?:must|ha(?:s|ve|d) to|obliged|obligatory|mandatory|compulsory)\b", re.I)
_WISH = re.compile(r"\bw(?:ants?|anted|ishe[sd]|ould like) to\b", re.I)
_PASSIVE = re.compile(r"(?:was|were|is|are) (?:planned|expected)", re.I)
_STOPS = re.compile(r"[.;:,]\s")
_DONE = re.compile(
    r"\b(?:already|has been completed|was completed|has achieved|achieved|guarantee[sd]?|certainly|"
    r"definitely|decided|proved|proven)\b",
    re.I,
)


def modality_problem(claim: str, near: str) -> str | None:
    """A plan told as a fact, or a choice told as a duty."""
    said, duty = _FREE.search(claim), _DUTY.search(near)
    if said and duty and not _MUST_CLAIM.search(claim) and not _MAY.search(near):
        return f'the passage says "{duty.group()}", the claim says "{said.group()}"'
    if (said := _MUST_CLAIM.search(claim)) and not _MUST.search(near):
        return f'the claim says "{said.group()}", the passage names no duty'
    if said and not duty and not _WISH.search(claim) and (wish := _WISH.search(near)):
        return f'the passage says "{wish.group()}", the claim says "{said.group()}"'
    if not _PLAN.search(claim):
        mine = set(stems(claim))
        for cue in _HARD_PLAN.finditer(near):
            planned = set(scope(near, cue.end())[:8])
            if _PASSIVE.match(cue.group()):  # "150 firms were expected by 2006"
                planned |= set(stems(_STOPS.split(near[: cue.start()])[-1])[-6:])
            if len(planned) >= 2 and len(planned & mine) / len(planned) >= 0.5:
                return f'the passage says "{cue.group()}", the claim tells it as done'
    said = _DONE.search(claim)
    if said and _HARD_PLAN.search(near) and said.group().lower() not in near.lower():
        return f'the claim says "{said.group()}", the passage speaks of a plan'
    return None
