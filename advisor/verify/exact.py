"""All exact checks of one claim against one passage (pure functions)."""

from dataclasses import dataclass

from advisor.verify.amounts import amount_problem
from advisor.verify.binding import binding_problem
from advisor.verify.dates import date_problem, days
from advisor.verify.disguise import disguised
from advisor.verify.lists import listed
from advisor.verify.modality import modality_problem
from advisor.verify.names import name_problem
from advisor.verify.negation import negation_problem
from advisor.verify.opposites import opposite_problem
from advisor.verify.pairing import pairing_problem
from advisor.verify.quantifiers import quantifier_problem
from advisor.verify.ranks import rank_problem
from advisor.verify.roles import role_problem
from advisor.verify.text import clean, plain, sentences, stems

_MONEY = listed(
    """
    a$ aud bn brl c$ cad chf cny crore czk dkk dollars eur euro euros gbp huf inr jpy kr kroner krw lakh mn
    mxn myr nok pln r rm rs rupees sek tn us us$ usd won yen zar
    """
)


@dataclass(frozen=True, slots=True)
class Match:
    """How a claim stands to a passage: copied, contradicted (why), or open to the model. `near`: what it speaks of."""

    copied: bool
    problem: str | None
    kind: str  # which check spoke: number, date, name, negation, quantifier, modality, roles, direction, or ""
    near: str
    overlap: float


def copied(claim: str, passage: str) -> bool:
    """Whole sentences of the passage word for word, or a sentence cut off at a comma that hides no "but"."""
    said = plain(claim)
    if not said:
        return False
    parts = [plain(sentence) for sentence in sentences(passage)]
    joined = " ".join(parts)
    if said in parts or any(
        " ".join(parts[a:b]) == said for a in range(len(parts)) for b in range(a + 2, len(parts) + 1)
    ):
        return True
    if said == joined:
        return True
    for sentence in sentences(passage):
        for at, char in enumerate(sentence):
            if char in ",;(" and len(said.split()) >= 5:
                rest = sentence[at + 1 :].strip().lower()
                if plain(sentence[:at]) == said and rest.startswith(
                    ("and ", "with ", "including ", "which ", "who ", "as part", "such as", "so that", "where ")
                ):
                    return True
    return False


def nearest(claim: str, passage: str, most: int = 2) -> tuple[str, float]:
    """The sentences of a passage that share most with the claim, in order, and the share of the claim they cover."""
    said = set(stems(claim))
    parts = sentences(passage)
    if not said or not parts:
        return passage, 0.0
    ranked = sorted(range(len(parts)), key=lambda i: -len(said & set(stems(parts[i]))))
    best = ranked[:1]
    covered = said & set(stems(parts[best[0]]))
    for i in ranked[1:]:
        gain = (said & set(stems(parts[i]))) - covered
        if len(best) >= most or len(gain) < 2:
            break
        best.append(i)
        covered |= gain
    return " ".join(parts[i] for i in sorted(best)), len(covered) / len(said)


def around(claim: str, passage: str) -> str:
    """Every sentence of a passage that shares about as much with the claim as the nearest one."""
    said = set(stems(claim))
    parts = [(len(said & set(stems(part))), part) for part in sentences(passage)]
    most = max((count for count, _ in parts), default=0)
    return " ".join(part for count, part in parts if count >= max(1, most - 1))


def check(claim: str, passage: str) -> Match:
    """Every exact check, the first complaint wins."""
    hidden = disguised(claim)
    claim, passage = clean(claim), clean(passage)
    near, overlap = nearest(claim, passage)
    if hidden:
        return Match(False, hidden, "disguise", near, overlap)
    if copied(claim, passage):
        return Match(True, None, "", near, 1.0)
    mine, theirs = days(claim), days(passage)
    kind, problem = "date", date_problem(mine, theirs)
    if problem is None:
        spans = [(d.start, d.end) for d in mine], [(d.start, d.end) for d in theirs]
        kind, problem = "number", amount_problem(claim, passage, *spans)
    if problem is None:
        problem = binding_problem(claim, passage) or pairing_problem(claim, near) or rank_problem(claim, near, passage)
    if problem is None:
        kind, problem = "name", name_problem(claim, passage, _MONEY)
    if problem is None:
        kind, problem = "negation", negation_problem(claim, near)
    if problem is None:
        kind, problem = "quantifier", quantifier_problem(claim, near, passage)
    if problem is None:
        kind, problem = "modality", modality_problem(claim, near)
    if problem is None:
        kind, problem = "roles", role_problem(claim, near)
    if problem is None:
        kind, problem = "direction", opposite_problem(claim, near, around(claim, passage), passage)
    return Match(False, problem, kind if problem else "", near, overlap)
