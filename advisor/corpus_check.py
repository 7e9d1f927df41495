"""Is a shelf fit for an answer? Problems stop a build; notes (expired facts, gaps) are for the keeper. Pure functions."""

import datetime
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor import originality
from advisor.corpus import KINDS, STAGES, strings
from advisor.documents import Document
from advisor.readability import sentence_ease

_REQUIRED = (
    "id", "kind", "title", "summary", "language", "country", "region", "industry", "stage", "profiles", "as_of",
    "valid_until", "checked", "sources", "licence",
)  # fmt: skip
_OF_KIND = {
    "persona": ("profile", "drive", "voice", "cues", "traps", "questions", "blends", "steps"),
    "journey": ("type",),
    "checklist": ("item", "levels", "weak_when", "steps"),
    "case": ("cluster", "started", "ended", "outcome", "starter", "programme", "members", "mindset"),
    "programme": (
        "status", "run_by", "started", "ended", "eligible_countries", "min_members", "legal_form", "pays", "match",
        "duration_years", "closes",
    ),
    "directory": ("name", "level", "programme", "founded", "members", "site", "status", "register"),
    "glossary": ("term", "terms"),
}  # fmt: skip
_LEAST_WORDS = {"persona": 500, "case": 200, "programme": 150, "method": 300}
_STEP = ("id", "horizon", "action", "why", "who", "effort", "risk", "sign", "cites")
_DATE = re.compile(r"^(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$")
_REF = re.compile(r"\[(s\d+)\]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_DANGLING = re.compile(r"^(?:It|They|This|These|Its|Their|He|She)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_UNKNOWN = "What we do not know"
_LONGEST = 34  # words of a sentence
_LONG = 12  # words, from which a sentence is judged by its reading ease
_EASE = 10.0  # least reading ease of such a sentence: only strings of abstract nouns lie below it


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a document: a problem must be mended, a note is for the keeper."""

    level: Literal["problem", "note"]
    path: str
    line: int
    text: str


def fields_of(kind: str) -> tuple[str, ...]:
    """Front-matter fields that a document of this kind must have."""
    return (*_REQUIRED, *_OF_KIND.get(kind, ()))


def check(
    documents: Sequence[Document],
    profiles: Sequence[str],
    today: datetime.date,
    published: frozenset[str] = frozenset(),
) -> list[Finding]:
    """All findings, problems first. `published` are hashes of runs that no document may hold (advisor/originality.py)."""
    found: list[Finding] = []
    for document in documents:
        found.extend(Finding("problem", document.path, line, text) for line, text in _document(document, profiles))
        if document.valid_until and document.valid_until < today.isoformat()[: len(document.valid_until)]:
            found.append(Finding("note", document.path, 1, f"may be out of date: valid until {document.valid_until}"))
    found.extend(Finding("problem", path, 1, text) for path, text in copied(documents, published))
    found.extend(Finding("note", "corpus", 1, text) for text in gaps(documents, profiles))
    return sorted(found, key=lambda finding: (finding.level != "problem", finding.path, finding.line))


def copied(documents: Sequence[Document], published: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Runs of twelve words that stand in two documents, or in a published text known by its hashes; one a document."""
    seen: dict[str, str] = {}
    for document in documents:
        shared = [
            (other, run)
            for text in _texts(document)
            for run in originality.runs(text)
            if (other := seen.setdefault(run, document.path)) != document.path
        ]
        shared += [
            ("a published text", run)
            for text in (*_texts(document), document.summary)
            for run in originality.runs(text)
            if published and originality.hashed(run) in published
        ]
        for other, run in shared[:1]:
            yield document.path, f"shares {originality.RUN} words with {other}: {run}"


def ease(documents: Sequence[Document]) -> dict[str, float]:
    """The middle reading ease of the English sentences of each kind."""
    found: dict[str, list[float]] = defaultdict(list)
    for document in documents:
        found[document.kind] += [sentence_ease(text) for _, text in _long_sentences(document)]
    return {kind: statistics.median(each) for kind, each in sorted(found.items()) if each}


def _texts(document: Document) -> Iterator[str]:
    """What a reader may be shown: the body and the sentences of the front matter, addresses and the summary apart."""
    yield _REF.sub("", document.body)
    waiting: list[Any] = [value for key, value in document.meta.items() if key not in ("sources", "summary")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and "://" not in value:
            yield value
        elif isinstance(value, (list, Mapping)):
            waiting.extend(value.values() if isinstance(value, Mapping) else value)


def _long_sentences(document: Document) -> Iterator[tuple[int, str]]:
    """English sentences of twelve words or more with their lines; a shorter one is easy whatever its words."""
    if document.language != "en":
        return
    for number, line in enumerate(document.body.split("\n"), document.line):
        if not line.startswith("#"):
            for sentence in _SENTENCE_END.split(_REF.sub("", line).strip("- ")):
                if len(sentence.split()) >= _LONG:
                    yield number, sentence


def gaps(documents: Sequence[Document], profiles: Sequence[str]) -> Iterator[str]:
    """What the shelves do not cover: profiles, stages and both together, starters without a journey, countries."""
    held = {str(document.meta.get("profile")) for document in documents if document.kind == "persona"}
    yield from (f"no persona for the profile {profile}" for profile in profiles if profile not in held)
    stages = {str(document.meta.get("stage_id")) for document in documents if document.kind == "journey"}
    yield from (f"no journey page for the stage {stage}" for stage in STAGES if stage not in stages)
    begun = {str(document.meta.get("from_profile")) for document in documents if document.kind == "journey"}
    yield from (f"no whole journey from the profile {profile}" for profile in profiles if profile not in begun)
    yield from (
        f"nothing but general pages for {profile} in the stage {stage}"
        for profile in profiles
        for stage in STAGES
        if not any(_speaks_to(document, profile, stage) for document in documents)
    )
    served = defaultdict(set)
    for document in documents:
        for country in strings(document.meta.get("country")):
            served[country].add(document.kind)
    yield from (
        f"no programme document for {country}, which has: {', '.join(sorted(kinds))}"
        for country, kinds in sorted(served.items())
        if "programme" not in kinds
    )


def _speaks_to(document: Document, profile: str, stage: str) -> bool:
    return profile in strings(document.meta.get("profiles")) and stage in strings(document.meta.get("stage"))


def _document(document: Document, profiles: Sequence[str]) -> Iterator[tuple[int, str]]:
    meta = document.meta
    for key in fields_of(document.kind):
        if key not in meta:
            yield 1, f"field {key} is missing"
    if document.kind not in KINDS:
        yield 1, f"unknown kind {document.kind!r}; known: {', '.join(KINDS)}"
    for key, known in (("stage", STAGES), ("profiles", profiles)):
        for value in strings(meta.get(key)):
            if value not in known:
                yield 1, f"{key}: unknown value {value!r}"
    for country in strings(meta.get("country")):
        if not re.fullmatch(r"[A-Z]{2}", country):
            yield 1, f"country: {country!r} is no two-letter code"
    for key in ("as_of", "valid_until"):
        value = getattr(document, key)
        if value and not _DATE.match(value):
            yield 1, f"{key}: {value!r} is no date like 2026-11"
    if meta.get("status") == "ended" and not _YEAR.search(document.body.lstrip().split(". ")[0]):
        yield document.line, "an ended programme; the first sentence does not say when it ended"
    yield from _sources(document)
    yield from _steps(meta, document.body)
    yield from _body(document)
    for line, sentence in _long_sentences(document):
        if (found := sentence_ease(sentence)) < _EASE:
            yield line, f"a sentence with a reading ease of {found:.0f}, under {_EASE:.0f}: {sentence[:60]!r}"


def _sources(document: Document) -> Iterator[tuple[int, str]]:
    ids = [source.id for source in document.sources]
    cited = set(_REF.findall(document.body))
    if len(ids) != len(set(ids)):
        yield 1, "two sources share an id"
    for source in document.sources:
        if not source.url.startswith(("http://", "https://")):
            yield 1, f"source {source.id} has no web address"
        if source.id not in cited:
            yield 1, f"source {source.id} is never cited"
    yield from ((1, f"cites {name}, which is no source here") for name in sorted(cited - set(ids)))


def _steps(meta: Any, body: str) -> Iterator[tuple[int, str]]:
    headings = set(re.findall(r"^#+ (.+)$", body, re.MULTILINE))
    for step in meta.get("steps") or ():
        lacks = [key for key in _STEP if not step.get(key)]
        if lacks:
            yield 1, f"step {step.get('id')} lacks {', '.join(lacks)}"
        elif step["cites"] not in headings:
            yield 1, f"step {step['id']} cites the heading {step['cites']!r}, which is not here"


def _body(document: Document) -> Iterator[tuple[int, str]]:
    heading, line, words = "", document.line, 0
    for paragraph in re.split(r"(\n\s*\n)", document.body):
        text = paragraph.strip()
        if text.startswith("#"):
            heading, _, text = text.partition("\n")
            heading = heading.lstrip("# ").strip()
        if text and heading != _UNKNOWN:
            if not _REF.search(text):
                yield line, f"a paragraph without a source: {text[:60]!r}"
            for sentence in re.split(r"(?<=[.!?])\s+|\n[-*] ", text):
                length = len(_REF.sub("", sentence).split())
                if length > _LONGEST:
                    yield line, f"a sentence of {length} words: {sentence[:60]!r}"
                if _DANGLING.match(sentence):
                    yield line, f"a sentence that does not name its subject: {sentence[:60]!r}"
        words += len(re.findall(r"\w+", _REF.sub("", text)))
        line += paragraph.count("\n")
    least = _LEAST_WORDS.get(document.kind, 0)
    if words < least:
        yield document.line, f"{words} words; a {document.kind} has at least {least}"
