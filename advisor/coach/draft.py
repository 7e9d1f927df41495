"""A model's own prose, checked sentence by sentence before anybody sees it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from langchain_core.language_models import BaseChatModel

from advisor import tokens
from advisor.coach.safety import neutral
from advisor.documents import Evidence
from advisor.errors import ModelError
from advisor.prompts import Prompt

_EVIDENCE_TOKENS = 1200  # of the prompt
_MAX_SENTENCES = 12  # a model that loops is cut off
_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_END = re.compile(r"(?<=[.!?…])[\"”)]?((?:\s*\[\d{1,3}\])*)\s+(?=[^\s\[])")
NAMES = {"en": "English", "nb": "Norwegian", "es": "Spanish", "de": "German", "fr": "French", "pt": "Portuguese"}


class Ruling(Protocol):
    """What a checker says of one claim."""

    @property
    def supported(self) -> bool: ...
    @property
    def passage(self) -> int | None: ...
    @property
    def reason(self) -> str: ...


class Checker(Protocol):
    """Decides whether a claim is supported by one of the passages."""

    def verify(self, claim: str, passages: Sequence[str]) -> Ruling: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A drafted sentence: `evidence` is what supports it, None where nothing does and `reason` says why."""

    text: str
    evidence: Evidence | None
    reason: str = ""


def draft(
    model: BaseChatModel, prompt: Prompt, question: str, evidence: Sequence[Evidence], checker: Checker, language: str
) -> Iterator[Checked]:
    """Stream the model's sentences through the checker. Raises ModelError where the model fails."""
    used = within_budget(evidence)
    filled = prompt.fill(
        evidence="\n".join(f"[{i}] {neutral(e.sentence.text)}" for i, e in enumerate(used, 1)),
        question=question,
        language=NAMES.get(language, "English"),
    )
    seen: set[str] = set()
    for raw in sentences_of(_stream(model, filled)):
        text = _MARK.sub("", raw).strip()
        if not re.search(r"\w{2}", text) or "NOT IN SOURCES" in text.upper():
            continue
        if text.lower() in seen or len(seen) >= _MAX_SENTENCES:
            return  # it repeats itself or does not end
        seen.add(text.lower())
        yield _check(text, [int(n) for n in _MARK.findall(raw)], used, checker)


def _check(text: str, cited: Sequence[int], used: Sequence[Evidence], checker: Checker) -> Checked:
    """Against what the sentence cites first, then against the other evidence: a wrong number is mended, not shown."""
    named = [used[n - 1] for n in dict.fromkeys(cited) if 1 <= n <= len(used)]
    reason = ""
    for group in (named, [e for e in used if e not in named]):
        if not group:
            continue
        ruling = checker.verify(text, [f"{e.chunk.title}. {e.sentence.text}" for e in group])
        if ruling.supported and ruling.passage is not None:
            return Checked(text, group[ruling.passage])
        reason = reason or ruling.reason
    return Checked(text, None, reason or "no passage supports it")


def within_budget(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentences that fit the prompt."""
    used, left = [], _EVIDENCE_TOKENS
    for item in evidence:
        cost = tokens.count(item.sentence.text) + 4
        if cost > left:
            break
        used.append(item)
        left -= cost
    return used


def sentences_of(pieces: Iterator[str]) -> Iterator[str]:
    """Whole sentences, with their citation marks, as soon as each is complete."""
    held = ""
    for piece in pieces:
        held += piece
        while (end := _END.search(held)) is not None:
            yield held[: end.end()].strip()
            held = held[end.end() :]
        if "\n\n" in held:
            whole, held = held.split("\n\n", 1)
            yield whole.strip()
    if held.strip():
        yield held.strip()


def _stream(model: BaseChatModel, prompt: str) -> Iterator[str]:
    try:
        for chunk in model.stream(prompt):
            yield chunk.text if isinstance(chunk.text, str) else str(chunk.content)
    except Exception as problem:
        raise ModelError(
            f"The language model failed ({type(problem).__name__}: {problem})", cure="advisor doctor"
        ) from problem
