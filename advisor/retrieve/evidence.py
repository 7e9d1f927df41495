"""From ranked chunks to ranked sentences: which single sentences answer the question, and how surely."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.documents import Chunk, Evidence, Hit
from advisor.index.embed import Embedder, Vectors
from advisor.index.lexical import terms
from advisor.index.versions import Version

_HITS = 8  # chunks whose sentences are weighed
_UNKNOWN = "What we do not know"  # the section in which a document names its gaps (corpus/GUIDE.md)

_NUMBER = re.compile(
    r"\d|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|thousand)\b", re.I
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MONEY = re.compile(
    r"[$€£¥]|\b(?:NOK|SEK|DKK|EUR|USD|C\$|US\$|A\$|KRW|JPY|INR|CHF|GBP)\b|\b(?:million|billion|trillion)\b", re.I
)
_NAME = re.compile(r"(?<!^)\b[A-ZÅÆØÄÖÜÉ]\w+")

_FIGURE = re.compile(
    r"(?<![\d.,])(?!(?:1[89]|20)\d\d\b)\d[\d.,]*|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand)\b",
    re.I,
)

# What a question asks for, in the six languages, and how a sentence shows that it has it.
_ASKS = (
    (
        re.compile(
            r"\b(how much|what .*(cost|fee|pay|budget|grant)|wie ?viel|was kostet|combien|cu[aá]nto|quanto|hvor mye|hva koster)\b",
            re.I,
        ),
        _MONEY,
    ),
    (
        re.compile(
            r"\b(how many|how long|how old|what (share|percent)|number of|wie viele|wie lange|cu[aá]nt[oa]s|quant[oa]s|hvor (mange|lenge)|combien)\b",
            re.I,
        ),
        _NUMBER,
    ),
    (re.compile(r"\b(when|which year|what year|since when|wann|quand|cu[aá]ndo|quando|når)\b", re.I), _YEAR),
    (re.compile(r"\b(who|whom|wer|qui|qui[eé]n|quem|hvem)\b", re.I), _NAME),
)
_DEFINES = re.compile(
    r"\b(what (is|are|was)|who (is|are)|define|meaning of|was ist|qu'est-ce|qu[eé] es|o que [eé]|hva er)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Weights:
    """What makes a sentence answer: random and coordinate search on dev, facts in the answer (evals/README.md)."""

    header: float = 0.8
    cosine: float = 0.5
    rank: float = 0.4
    kind: float = 0.3
    figure: float = 0.4
    definition: float = 0.5
    opening: float = 0.1
    answers: float = 2.0  # the reader's probability


_W = _Weights()


def gather(question: str, hits: Sequence[Hit], version: Version, embedder: Embedder) -> list[Evidence]:
    """Sentences of the best hits, best first; what a document says it does not know only where there is nothing else."""
    telling = [hit for hit in hits[:_HITS] if not hit.chunk.header.endswith(_UNKNOWN)]
    return _weigh(question, telling or hits[:_HITS], version, embedder)


def _weigh(question: str, hits: Sequence[Hit], version: Version, embedder: Embedder) -> list[Evidence]:
    """Sentences of the hits, best first, by words, meaning, rank and kind of fact."""
    asked = list(dict.fromkeys(terms(question)))
    weight = {term: version.lexical.idf(term) for term in asked}
    total = sum(weight.values()) or 1.0
    wanted = asks_for(question)
    vector = embedder.query(question)
    found: list[Evidence] = []
    for rank, hit in enumerate(hits):
        header = set(terms(hit.chunk.header)) & weight.keys()
        cosines = _vectors(hit.chunk, version, embedder) @ vector
        for place, sentence in enumerate(hit.chunk.sentences):
            if sentence.text.rstrip().endswith("?"):
                continue
            own = set(terms(sentence.text)) & weight.keys()
            coverage = (sum(weight[t] for t in own) + _W.header * sum(weight[t] for t in header - own)) / total
            opens = place == 0 and bool(header) and _opens(hit.chunk)
            score = coverage + _W.cosine * float(cosines[place]) + _W.rank / (1 + 0.2 * rank) + hit.dense
            if wanted is not None:
                score += _W.kind * bool(wanted.search(sentence.text)) - _W.opening * _opens(hit.chunk)
                score += _W.figure * bool(wanted in (_NUMBER, _MONEY) and _FIGURE.search(sentence.text))
            score += _W.definition * bool(opens and _DEFINES.search(question))
            found.append(Evidence(sentence, hit.chunk, rank, score, coverage, float(cosines[place])))
    return sorted(found, key=lambda evidence: -evidence.score)


def ranked(sentences: Sequence[Evidence]) -> list[Evidence]:
    """Best first, now that the reader's probability counts too."""
    scored = [replace(e, score=e.score + _W.answers * e.answers) for e in sentences]
    return sorted(scored, key=lambda e: -e.score)


def asks_for(question: str) -> re.Pattern[str] | None:
    """What a sentence must show to hold the kind of fact asked for (money, number, year, name); None for other questions."""
    return next((shows for asks, shows in _ASKS if asks.search(question)), None)


def asks_for_amount(question: str) -> bool:
    """Whether a number or a sum of money is asked for."""
    return asks_for(question) in (_NUMBER, _MONEY)


def _vectors(chunk: Chunk, version: Version, embedder: Embedder) -> Vectors:
    stored = version.sentences.get(chunk.id)
    return stored if stored is not None else embedder.passages([sentence.text for sentence in chunk.sentences])


def _opens(chunk: Chunk) -> bool:
    """Whether the chunk is its document's opening: a header without a section."""
    return " > " not in chunk.header
