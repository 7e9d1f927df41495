"""Is a shelf fit for an answer? Problems stop a build; notes (expired facts, gaps) are for the keeper. Pure functions."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor.corpus import KINDS, STAGES, strings
from advisor.documents import Document

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
_DANGLING = re.compile(r"^(?:It|They|This|These|Its|Their|He|She)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_UNKNOWN = "What we do not know"
_LONGEST = 34  # words of a sentence
_RUN = 12  # words that two documents may not share in a row


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


def check(documents: Sequence[Document], profiles: Sequence[str], today: datetime.date) -> list[Finding]:
    """All findings, problems first."""
    found: list[Finding] = []
    for document in documents:
        found.extend(Finding("problem", document.path, line, text) for line, text in _document(document, profiles))
        if document.valid_until and document.valid_until < today.isoformat()[: len(document.valid_until)]:
            found.append(Finding("note", document.path, 1, f"may be out of date: valid until {document.valid_until}"))
    found.extend(Finding("problem", path, 1, text) for path, text in shared_runs(documents))
    found.extend(Finding("note", "corpus", 1, text) for text in gaps(documents, profiles))
    return sorted(found, key=lambda finding: (finding.level != "problem", finding.path, finding.line))


def shared_runs(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Runs of twelve words that stand in two documents."""
    seen: dict[tuple[str, ...], str] = {}
    for document in documents:
        words = re.findall(r"\w+", _REF.sub("", document.body).lower())
        told = False
        for i in range(len(words) - _RUN + 1):
            gram = tuple(words[i : i + _RUN])
            other = seen.setdefault(gram, document.path)
            if other != document.path and not told:
                told = True
                yield document.path, f"shares {_RUN} words with {other}: {' '.join(gram)}"


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
