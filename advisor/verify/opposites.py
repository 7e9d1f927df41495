"""Words that exclude each other: where the passage has one side and the claim another, the claim is false."""

import re

from advisor.verify.text import stem, words

# Each line: groups that exclude each other, split by "|". A claim word of one group needs a passage word of the same
# group, if the passage has a word of a rival group.
_LINES = """
rise rose risen increase increased grew grow growth climb climbed soar soared expand expanded gain gained jump jumped doubled tripled raise raised higher surge surged boost boosted accelerate upward enlarge | fall fell fallen decrease decreased decline declined drop dropped shrink shrank shrunk cut reduce reduced lose lost lower slump plunged halved contract contracted crash crashed downward dwindle slowed
before prior previously earlier preceding ahead | after following later afterwards subsequently since then once
until till | since onwards
more greater above exceeding exceeded over exceed exceeds | less fewer below under
import imports imported importing | export exports exported exporting exporter exporters
open opened opening reopen reopened | close closed closing closure shut
begin began begun start started launch launched founded established created opened introduce introduced set | end ended ending finish finished close closed stop stopped terminate terminated expire expired cease ceased abolished wound
join joined enter entered admitted | leave left quit exit exited withdraw withdrew departed
win won winner winners awarded succeed succeeded | lose lost loser losers failed fail rejected refused
accept accepted admit admitted approve approved grant granted pass | reject rejected refuse refused deny denied decline declined turned exclude excluded
largest biggest most highest greatest maximum top | smallest lowest least minimum
large larger big bigger | small smaller
strong stronger strength | weak weaker weakest weakness
early earliest first oldest | late latest last newest recent
public publicly state government | private privately
for-profit | nonprofit non-profit nonprofits not-for-profit
mandatory obligatory compulsory required must obliged | optional voluntary voluntarily may
temporary interim | permanent permanently
success successful successfully succeed succeeded | failure unsuccessful failed fail
direct directly | indirect indirectly
buy bought purchase purchased acquire acquired | sell sold sale
domestic home | foreign abroad overseas international
regional regionally region | national nationally nationwide | local locally municipal | global globally worldwide international
urban city cities | rural
spring | summer | autumn | winter
rich wealthy | poor
young younger new newer | old older mature established
experienced mature | inexperienced young emerging
inside within included including include includes | outside without excluded excluding exclude excludes except
male men man | female women woman
student students pupils | teacher teachers professor professors
supplier suppliers seller | buyer buyers customer customers
employer employers | employee employees worker workers
positive positively favourable favorable praised | negative negatively unfavourable unfavorable criticised criticized critical critics
agree agreed agreement support supported backed | disagree disagreed oppose opposed opposition
easy easily easier | difficult hard harder hardly difficulty
centralised centralized | decentralised decentralized
formal formally formalised | informal informally loose
fast faster quick quickly rapid rapidly quicker | slow slower slowly
short shorter brief | long longer lengthy
upstream | downstream
always | never rarely seldom | sometimes occasionally
often frequently common commonly usually typically | rare rarely seldom uncommon never
unlikely | likely
possible able can could | impossible unable cannot
north northern | south southern | east eastern | west western
debit | credit
loan loans lend lent | grant grants
equity | debt
profit profits surplus | loss losses deficit
majority most | minority few
continue continued continues keep kept remain remained stay stayed | stop stopped end ended cease ceased discontinued abandon abandoned
allow allowed allows permit permitted permits | forbid forbidden forbids ban banned prohibit prohibited prevents prevented barred
united together joint jointly collective shared | separate separately individual individually alone
top-down | bottom-up
one-time once | recurring repeated repeatedly
self-financed self-funded fees fee | subsidised subsidized grant-funded
lend lent lends | borrow borrowed borrows
teach taught | learn learned learnt
merge merged merger | split separated demerged
ahead lead leading leader led | behind lag lagging lagged follower
adopt adopted | drop dropped scrapped abandoned abandon
quantitative | qualitative
vertical vertically | horizontal horizontally
legal legally lawful | illegal illegally unlawful
safe | dangerous risky unsafe
equal equally even | unequal uneven unequally unevenly
same identical alike | different differ differs differently unlike
complete completed completely full fully whole | incomplete partial partially partly unfinished
known | unknown
first-ever first | last final
cash | in-kind hours
manufacturing | services
single one sole | several multiple many various
winner | applicant
hire hired recruited employ employed | dismiss dismissed fired layoff laid
attract attracted attracts draw drew | repel repelled deter deterred lose lost
invest invested | divest divested
centre central core | periphery peripheral
offline physical in-person | online virtual digital
planned planning | unplanned spontaneous spontaneously
add added adds extra additional | remove removed removes subtract
wet | dry
confirm confirmed | deny denied
trust trusted | distrust mistrust
independent independently | dependent depend depends depended
civilian | military defence defense
"""

# Loose words are too common to be the *absent* evidence: they only count on the claim's side if exact.
_GROUPS: list[list[frozenset[str]]] = []
for _line in _LINES.strip().splitlines():
    _GROUPS.append([frozenset(word for word in side.split()) for side in _line.split("|")])
_GROUPS = [[side | {stem(w) for w in side if len(w) > 4} for side in line] for line in _GROUPS]


_COLLIDE = {"last", "cost", "even", "hard", "rare", "near", "short"}
_WENT = [(re.compile(rf"\b(?:go|goes|going|went|gone|moved?) {way}\b", re.I), told) for way, told in (("up", "increased"), ("down", "decreased"))]


def _forms(text: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for rx, told in _WENT:
        text = rx.sub(told, text)
    for word in text.split():
        low = word.strip(".,;:!?()\"'").lower()
        if "-" in low:
            out.setdefault(low, low)
    for word in words(text.replace("-", " ")):
        low = word.lower().removesuffix("'s")
        out.setdefault(low, low)
        if len(low) > 4 and stem(low) not in _COLLIDE:
            out.setdefault(stem(low), low)
    return out


_BOUNDS = re.compile(r"\b(?:at (?:least|most)|no (?:more|less|fewer) than|more than|less than|fewer than|up to|over (?=\d)|not only)\b", re.I)
_DENIAL = re.compile(r"\b(?:not|no|never|none|nobody|without|neither|nor|cannot|\w+n't)\b", re.I)
_RATES = {"year": r"(?:a|per|each|every) year|yearly|annual(?:ly)?|per annum", "month": r"(?:a|per|each|every) month|monthly",
          "week": r"(?:a|per|each|every) week|weekly", "day": r"(?:a|per|each|every) day|daily", "quarter": r"(?:per|each|every) quarter|quarterly"}  # fmt: skip
_RATE_RX = {name: re.compile(rf"\b(?:{pattern})\b(?! and a half| later| after| before| ago| earlier)", re.I) for name, pattern in _RATES.items()}


def _rate_problem(claim: str, passage: str) -> str | None:
    """A yearly sum told as a monthly one."""
    said, given = ({name: m.group() for name, rx in _RATE_RX.items() if (m := rx.search(text))} for text in (claim, passage))
    for name, words_ in said.items():
        if name not in given and given:
            return f'the passage says "{next(iter(given.values()))}", the claim says "{words_}"'
    return None


def opposite_problem(claim: str, near: str, passage: str) -> str | None:
    """The claim says "rose" where the passage only says "fell". `near`: the sentences that the claim speaks of."""
    if rate := _rate_problem(claim, passage):
        return rate
    if bool(_DENIAL.search(claim)) != bool(_DENIAL.search(near)):
        return None  # a denied opposite can be the same thing: left to the model
    claim, near, passage = (_BOUNDS.sub(" ", text) for text in (claim, near, passage))
    said, given, close = _forms(claim), _forms(passage), _forms(near)
    for line in _GROUPS:
        for n, side in enumerate(line):
            mine = side & said.keys()
            if not mine or side & given.keys():
                continue
            rivals = [word for m, other in enumerate(line) if m != n for word in other & close.keys() if word not in said]
            if rivals:
                return f'the passage says "{close[min(rivals)]}", the claim says "{said[min(mine)]}"'
    return None
