"""From ranked chunks to ranked sentences: which single sentences answer the question, and how surely."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.documents import Chunk, Evidence, Hit
from advisor.index.embed import Embedder, Vectors
from advisor.index.lexical import terms
from advisor.index.versions import Version
from advisor.retrieve.translate import Query

_HITS = 8  # chunks whose sentences are weighed
_UNKNOWN = "What we do not know"  # the section in which a document names its gaps (corpus/GUIDE.md)

_NUMBER = re.compile(
    r"\d|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|thousand)\b", re.I
)
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MONEY = re.compile(
    r"[$€£¥]|\b(?:NOK|SEK|DKK|EUR|USD|C\$|US\$|A\$|KRW|JPY|INR|CHF|GBP)\b|\b(?:million|billion|trillion)\b", re.I
)
_NAME = re.compile(
    r"(?<!^)\b(?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"[A-ZÅÆØÄÖÜÉ]\w+"
)

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


def gather(query: Query, hits: Sequence[Hit], version: Version, embedder: Embedder) -> list[Evidence]:
    """Sentences of the best hits, best first; what a document says it does not know only where there is nothing else."""
    telling = [hit for hit in hits[:_HITS] if not hit.chunk.header.endswith(_UNKNOWN)]
    return _weigh(query, telling or hits[:_HITS], version, embedder)


class _Asked:
    """What a question asks of passages of one language: weighed terms, the kind of fact, the vector."""

    def __init__(self, text: str, version: Version, embedder: Embedder) -> None:
        self.weight = {term: version.lexical.idf(term) for term in dict.fromkeys(terms(text))}
        self.total = sum(self.weight.values()) or 1.0
        self.wanted, self.defines, self.vector = asks_for(text), bool(_DEFINES.search(text)), embedder.query(text)
        self._own = {word.lower() for word in _WORD.findall(text)}

    def fresh(self, sentence: str) -> str:
        """The sentence without the question's own words: a name, year or number that was asked with is no answer."""
        return _WORD.sub(lambda word: "~" if word.group().lower() in self._own else word.group(), sentence)

    def coverage(self, sentence: str, header: set[str]) -> float:
        own = set(terms(sentence)) & self.weight.keys()
        said = sum(self.weight[t] for t in own) + _W.header * sum(self.weight[t] for t in header - own)
        return said / self.total


def _weigh(query: Query, hits: Sequence[Hit], version: Version, embedder: Embedder) -> list[Evidence]:
    """Sentences of the hits, best first, by words, meaning, rank and kind of fact."""
    asks = {text: _Asked(text, version, embedder) for text in {query.to(hit.chunk.language) for hit in hits}}
    found: list[Evidence] = []
    for rank, hit in enumerate(hits):
        asked = asks[query.to(hit.chunk.language)]
        header = set(terms(hit.chunk.header)) & asked.weight.keys()
        cosines = _vectors(hit.chunk, version, embedder) @ asked.vector
        for place, sentence in enumerate(hit.chunk.sentences):
            if sentence.text.rstrip().endswith("?"):
                continue
            coverage = asked.coverage(sentence.text, header)
            score = coverage + _W.cosine * float(cosines[place]) + _W.rank / (1 + 0.2 * rank) + hit.dense
            if asked.wanted is not None:
                fresh = asked.fresh(sentence.text)
                score += _W.kind * bool(asked.wanted.search(fresh)) - _W.opening * _opens(hit.chunk)
                score += _W.figure * bool(asked.wanted in (_NUMBER, _MONEY) and _FIGURE.search(fresh))
            score += _W.definition * bool(place == 0 and header and _opens(hit.chunk) and asked.defines)
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
