"""The shared nouns. Plain frozen values without behaviour that needs a file, a clock or a network."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

BlockType = Literal["title", "heading", "paragraph", "list", "table", "quote", "comment", "boilerplate"]
Verdict = Literal["keep", "quarantine", "drop"]
Role = Literal["fact", "advice", "question", "notice"]
Outcome = Literal[
    "answered", "partial", "not_in_sources", "out_of_scope", "declined", "corrected", "coaching", "small_talk"
]


def digest(*parts: str, length: int = 16) -> str:
    """Hex SHA-256 of the parts, kept apart from each other, cut to `length` digits."""
    hasher = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Page:
    """A source as it was read: decoded text of a text, Markdown or HTML page, or the text of a PDF."""

    source: str  # path or URL
    text: str
    media: Literal["text", "html", "markdown", "pdf", "docx"]
    url: str | None = None
    date: str | None = None
    page_lines: tuple[int, ...] = ()  # PDF: first line number of each page
    hidden: tuple[tuple[int, str], ...] = ()  # PDF: (page, text) of what readers do not see


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a block was held back or dropped."""

    rule: str
    family: Literal["structure", "hidden", "domain", "text", "context", "template", "injection"]
    detail: str  # a sentence for people
    weight: float


@dataclass(frozen=True, slots=True)
class Block:
    """A typed piece of a page. `line` counts from 1 in the source's own text; `path` is the element path in HTML."""

    text: str
    type: BlockType
    line: int
    level: int = 0  # heading level, list depth
    path: str | None = None
    page: int | None = None  # PDF page, from 1
    author: str | None = None
    date: str | None = None
    depth: int = 0  # of a comment in its thread
    hidden: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedBlock:
    """A block with its verdict, readable reasons, injection label and language (ISO 639-1)."""

    block: Block
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    injection: bool = False
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Source:
    """A reference of a document, `[s1]` in its text."""

    id: str
    title: str
    url: str
    accessed: str = ""
    supports: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A clean document: front matter and Markdown body. `line` is where the body starts in `path`."""

    id: str
    kind: str
    title: str
    body: str
    path: str  # shown to people: relative to its shelf, or the ingested source
    line: int = 1
    summary: str = ""
    language: str = "en"
    url: str | None = None
    as_of: str = ""
    valid_until: str = ""
    collection: str = "corpus"
    sources: tuple[Source, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)  # the whole front matter
    lines: tuple[
        int, ...
    ] = ()  # of an ingested page: the source line behind each body line; empty: counted from `line`


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """One sentence of a chunk with the line it starts on and the references it carries."""

    text: str
    line: int
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document that fits the embedder: `header` (title > section) and sentences.

    `id` is a digest of document, header and text: ingesting twice changes nothing.
    """

    id: str
    document_id: str
    kind: str
    title: str
    header: str
    text: str
    source: str
    line: int
    sentences: tuple[SourceSentence, ...]
    language: str = "en"
    url: str | None = None
    as_of: str = ""
    valid_until: str = ""
    collection: str = "corpus"
    country: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    status: str = ""  # of a programme or an organisation: open, ended, closed ...

    @property
    def embed_text(self) -> str:
        """What is embedded and searched: context header, then text."""
        return f"{self.header}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked chunk. `score` orders; `dense` is the cosine and `lexical` the share of the best BM25 score behind it."""

    chunk: Chunk
    score: float
    dense: float = 0.0
    lexical: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a found chunk. `coverage` is the share of the question's weight that it and its header hold.

    `answers` is the probability that it answers the question (advisor/retrieve/reader.py), `contradicts` that it says
    otherwise than the question takes for granted; 0 where it was not read.
    """

    sentence: SourceSentence
    chunk: Chunk
    rank: int
    score: float
    coverage: float
    cosine: float
    answers: float = 0.0
    contradicts: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search: hits best first, the calibrated probability that they hold the answer, and its sentences.

    `seconds` is what the ranking took, the reading of sentences apart.
    """

    query: str
    hits: tuple[Hit, ...]
    answerable: float
    seconds: float = 0.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered reference under an answer. `passage` is at most 200 words; `support` the sentence that carries it."""

    n: int
    document_id: str
    title: str
    url: str | None
    as_of: str
    source: str
    line: int
    passage: str
    support: str = ""
    reference: str = ""  # title of the outside source behind the sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be shown. Facts and advice carry citations; questions and notices need none."""

    text: str
    role: Role
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A drafted sentence that was not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole reply to one question."""

    outcome: Outcome
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    masked: tuple[str, ...] = ()
    language: str = "en"
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The answer as plain text, without citation marks."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    text: str


# What a reply is made of, in order: Status* Retrieved? (SentenceSaid | Asked | Profiled | Planned)* (Done | Failed)


@dataclass(frozen=True, slots=True)
class Status:
    """What the advisor is doing: searching, composing, checking."""

    step: Literal["searching", "composing", "checking", "thinking"]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages an answer will rest on."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SentenceSaid:
    """A checked sentence, with the citations that it brings in."""

    sentence: Sentence
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the interview: free text is always welcome, `options` are (value, label) buttons."""

    slot: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Profiled:
    """The starter profile as it stands: (profile, probability) best first, evidence in the person's own words."""

    ranking: tuple[tuple[str, float], ...]
    evidence: tuple[Mapping[str, Any], ...] = ()
    runner_up: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, in the shape that exports use."""

    plan: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a reply."""

    outcome: Outcome
    masked: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    language: str = "en"
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A reply that could not be finished; `message` is for the reader."""

    message: str


Event = Status | Retrieved | SentenceSaid | Asked | Profiled | Planned | Done | Failed
