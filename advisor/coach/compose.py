"""A readable answer from single sentences: answer first, then points, then a question back. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.documents import Citation, Evidence, Role, Sentence
from advisor.index.lexical import terms
from advisor.texts import say

MAX_WORDS = 120
_QUESTION_WORDS = 20  # kept free for the question back
_RUN = 40  # words that may stand in a row as they stand in a passage
_POINTS = 4
_LIST_POINTS = 10
_LIST = re.compile(
    r"\b(list|name (the|all|some)|all (the|ten|eight)|the (ten|eight|six)|steps|examples|criteria|items|liste[nr]?|auflisten|"
    r"[eé]num[eè]re|enumera|nenne|oppgi|lister?)\b",
    re.IGNORECASE,
)
_KEEP = 0.55  # a point scores at least this share of the lead; chosen on dev
_ANSWERS = 0.05  # and answers the question at least so probably, by the reader; chosen on dev
_NEAR = 0.45  # cosine from which a sentence is near enough to a question that it does not answer
_ALIKE = 0.55  # Jaccard of terms above which two sentences say the same
_ADVICE = re.compile(
    r"\b(should|must|need to|ought)\b|^(?:Ask|Start|Keep|Make|Write|Draw|Bring|Let|Set|Do|Avoid|Invite)\b"
)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LOWER = re.compile(
    r"^(?:A|An|The|In|By|At|On|From|Since|After|Before|About|Over|Most|Many|Some|Each|Every|Such|For|Its)\b"
)


@dataclass(frozen=True, slots=True)
class Composed:
    """Sentences in order, their citations numbered from 1."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


def choose(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The lead and its points: near the lead in score, none said twice, short enough to read.

    A list keeps the order of its document.
    """
    if not evidence:
        return []
    lead, listed = evidence[0], bool(_LIST.search(question))
    limit = _LIST_POINTS if listed else _POINTS
    budget = (2 * MAX_WORDS if listed else MAX_WORDS) - _QUESTION_WORDS - _words(lead.sentence.text)
    chosen = [lead]
    for candidate in evidence[1:]:
        if len(chosen) > limit or candidate.score < _KEEP * lead.score:
            break
        words = _words(candidate.sentence.text)
        if candidate.answers >= _ANSWERS and words <= budget and not any(_alike(candidate, other) for other in chosen):
            chosen.append(candidate)
            budget -= words
    if listed:
        documents = list(dict.fromkeys(e.chunk.document_id for e in chosen))
        return sorted(chosen, key=lambda e: (documents.index(e.chunk.document_id), e.sentence.line))
    rest = sorted(chosen[1:], key=lambda e: (e.chunk.document_id != lead.chunk.document_id, e.rank, e.sentence.line))
    return [lead, *rest]


def nearest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The nearest thing to a question that nothing answers; nothing where it would be beside the point."""
    return [e for e in evidence[:1] if e.cosine >= _NEAR]


def compose(chosen: Sequence[Evidence], language: str, first: int = 1) -> Composed:
    """Sentences with citations; a passage never runs on for more than 40 words as it stands in its source."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    numbers: dict[tuple[str, str], int] = {}
    previous: Evidence | None = None
    run = 0
    for evidence in chosen:
        text = shortened(tidy(evidence.sentence.text))
        run = run + _words(text) if previous is not None and _follows(previous, evidence) else _words(text)
        if run > _RUN:
            if evidence.chunk.language != "en":
                continue
            text, run = f"Also, {_LOWER.sub(lambda m: m.group(0).lower(), text)}", _words(text)
        made = cite(evidence, first + len(citations))
        key = (made.document_id, made.support)
        if key not in numbers:
            numbers[key] = made.n
            citations.append(made)
        sentences.append(Sentence(text, role_of(text), (numbers[key],)))
        previous = evidence
    return Composed(tuple(sentences), tuple(citations))


def question_back(chosen: Sequence[Evidence], language: str) -> Sentence:
    """One question that leads on, by the kind of document that most of the answer rests on."""
    known = {"persona", "journey", "checklist", "case", "programme", "method", "directory", "glossary"}
    kinds = [e.chunk.kind if e.chunk.kind in known else "page" for e in chosen]
    kind = max(kinds, key=kinds.count)
    if kind == "programme" and all(e.chunk.status == "ended" for e in chosen if e.chunk.kind == kind):
        kind = "ended"
    return Sentence(say(f"next_{kind}", language), "question")


def cite(evidence: Evidence, n: int) -> Citation:
    """The citation of one sentence: its passage (at most 200 words around it), source file, line and link."""
    chunk, sentence = evidence.chunk, evidence.sentence
    source = next((source for ref in sentence.refs for source in chunk.sources if source.id == ref), None)
    return Citation(
        n=n,
        document_id=chunk.document_id,
        title=chunk.title,
        url=source.url if source else chunk.url,
        as_of=chunk.as_of,
        source=chunk.source,
        line=sentence.line,
        passage=window(chunk.text, sentence.text),
        support=sentence.text,
        reference=source.title if source else "",
    )


def window(text: str, around: str, limit: int = 200) -> str:
    """At most `limit` words of `text` that hold `around`."""
    words = text.split()
    if len(words) <= limit:
        return text
    start = len(text[: max(0, text.find(around))].split())
    begin = max(0, min(start - limit // 4, len(words) - limit))
    return " ".join(words[begin : begin + limit])


def shortened(text: str) -> str:
    """A sentence of more than 40 words ends at its last comma before that, or at the word, with dots."""
    words = text.split()
    if len(words) <= _RUN:
        return text
    head = " ".join(words[: _RUN - 1])
    cut = max(head.rfind(mark) for mark in (",", ";", ":", " –"))
    return f"{head[:cut] if cut > len(head) // 2 else head} ..."


def tidy(text: str) -> str:
    """One line, ending like a sentence."""
    line = re.sub(r"\s+", " ", text).strip(" -*•\t")
    return line if line.endswith((".", "!", "?", "…", '."', ".”", ".)")) else f"{line.rstrip(':;,')}."


def role_of(text: str) -> Role:
    return "advice" if _ADVICE.search(text) else "fact"


def _words(text: str) -> int:
    return len(text.split())


def _follows(previous: Evidence, evidence: Evidence) -> bool:
    """Whether the two stand next to each other in one passage."""
    if previous.chunk.id != evidence.chunk.id:
        return False
    order = [sentence.text for sentence in evidence.chunk.sentences]
    return order.index(evidence.sentence.text) - order.index(previous.sentence.text) == 1


def _alike(one: Evidence, other: Evidence) -> bool:
    """Whether the first says what the other says, in about the same words and without a figure of its own."""
    if not set(_FIGURE.findall(one.sentence.text)) <= set(_FIGURE.findall(other.sentence.text)):
        return False
    a, b = set(terms(one.sentence.text)), set(terms(other.sentence.text))
    return len(a & b) >= _ALIKE * len(a | b) if a and b else True
