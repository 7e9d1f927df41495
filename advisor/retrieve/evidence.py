"""From ranked chunks to ranked sentences: which single sentences answer the question, and how surely."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.documents import Chunk, Hit, SourceSentence
from advisor.index.embed import Embedder
from advisor.index.lexical import LexicalIndex, terms

_HITS = 8  # chunks whose sentences are weighed
_EMBEDDED = 16  # sentences that are compared by meaning; the rest by words alone

_NUMBER = re.compile(r"\d|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|thousand)\b", re.I)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MONEY = re.compile(r"[$€£¥]|\b(?:NOK|SEK|DKK|EUR|USD|C\$|US\$|A\$|KRW|JPY|INR|CHF|GBP)\b|\b(?:million|billion|trillion)\b", re.I)
_NAME = re.compile(r"(?<!^)\b[A-ZÅÆØÄÖÜÉ]\w+")

# What a question asks for, in the six languages, and how a sentence shows that it has it.
_ASKS = (
    (re.compile(r"\b(how much|what .*(cost|fee|pay|budget|grant)|wie ?viel|was kostet|combien|cu[aá]nto|quanto|hvor mye|hva koster)\b", re.I), _MONEY),
    (re.compile(r"\b(how many|how long|how old|what (share|percent)|number of|wie viele|wie lange|cu[aá]nt[oa]s|quant[oa]s|hvor (mange|lenge)|combien)\b", re.I), _NUMBER),
    (re.compile(r"\b(when|which year|what year|since when|wann|quand|cu[aá]ndo|quando|når)\b", re.I), _YEAR),
    (re.compile(r"\b(who|whom|wer|qui|qui[eé]n|quem|hvem)\b", re.I), _NAME),
)
_DEFINES = re.compile(r"\b(what (is|are|was)|who (is|are)|define|meaning of|was ist|qu'est-ce|qu[eé] es|o que [eé]|hva er)\b", re.I)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a found chunk. `coverage` is the share of the question's weight that it and its header hold."""

    sentence: SourceSentence
    chunk: Chunk
    rank: int
    score: float
    coverage: float
    cosine: float


def gather(question: str, hits: Sequence[Hit], lexical: LexicalIndex, embedder: Embedder) -> list[Evidence]:
    """Sentences of the best hits, best first."""
    asked = list(dict.fromkeys(terms(question)))
    weight = {term: lexical.idf(term) for term in asked}
    total = sum(weight.values()) or 1.0
    wanted = [shows for asks, shows in _ASKS if asks.search(question)][:1]
    rough: list[tuple[float, float, SourceSentence, Hit, int]] = []
    for rank, hit in enumerate(hits[:_HITS]):
        header = set(terms(hit.chunk.header)) & weight.keys()
        for place, sentence in enumerate(hit.chunk.sentences):
            if sentence.text.rstrip().endswith("?"):
                continue
            own = set(terms(sentence.text)) & weight.keys()
            coverage = (sum(weight[t] for t in own) + 0.6 * sum(weight[t] for t in header - own)) / total
            score = coverage + 0.5 / (1 + 0.4 * rank) + 0.1 * max(0, 2 - place) / 2
            score += 0.3 * any(shows.search(sentence.text) for shows in wanted)
            score += 0.35 * bool(_DEFINES.search(question) and place == 0 and len(header) > 0 and _opens(hit.chunk))
            rough.append((score, coverage, sentence, hit, rank))
    rough.sort(key=lambda row: -row[0])
    vector = embedder.query(question)
    near = [row[2].text for row in rough[:_EMBEDDED]]
    cosines = embedder.passages(near) @ vector if near else np.zeros(0)
    found = [
        Evidence(
            sentence, hit.chunk, rank, score + (float(cosines[i]) if i < len(near) else 0.0), coverage,
            float(cosines[i]) if i < len(near) else 0.0,
        )
        for i, (score, coverage, sentence, hit, rank) in enumerate(rough)
    ]
    return sorted(found, key=lambda evidence: -evidence.score)


def _opens(chunk: Chunk) -> bool:
    """Whether the chunk is its document's opening: a header without a section."""
    return " > " not in chunk.header
