"""Cases as JSON lines, one object a line; see evals/cases/README.md."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.documents import digest
from advisor.errors import RequestError

SUITES = ("answers", "followups", "abstention", "scope", "safety", "profile", "interview", "grounding", "spam")
OUTCOMES = frozenset(
    ["answered", "partial", "not_in_sources", "out_of_scope", "declined", "corrected", "coaching", "small_talk"]
)
_TEXT_FIELDS = {"profile": "text"}  # suites whose input is not called question
_WITHOUT_TEXT = frozenset({"interview", "grounding", "spam"})


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `raw` is the whole line; `split` is dev, test or own."""

    id: str
    suite: str
    split: str
    question: str = ""
    history: tuple[tuple[str, str], ...] = ()
    expect: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcomes(self) -> frozenset[str]:
        """Outcomes that count as right."""
        wanted = self.expect.get("outcome")
        return frozenset([wanted, *self.expect.get("also", ())]) - {None} if wanted else frozenset()


def load_folder(folder: Path, split: str) -> list[Case]:
    """All cases of folder/split/*.jsonl."""
    return load(sorted((folder / split).glob("*.jsonl")), split)


def load(paths: Iterable[Path], split: str = "own") -> list[Case]:
    """Cases of the files. Raises RequestError with file, line and field where one is malformed or an id comes twice."""
    found: dict[str, Case] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as problem:
            raise RequestError(
                f"The cases cannot be read ({problem})", value=path, cure="Give a UTF-8 JSON-lines file."
            ) from problem
        for number, line in enumerate(lines, 1):
            if line.strip():
                case = _case(line, f"{path}, line {number}", split)
                if case.id in found:
                    raise RequestError(
                        f"{path}, line {number}: this id was used before",
                        value=case.id,
                        cure="Give each case its own id.",
                    )
                found[case.id] = case
    return list(found.values())


def digest_of(cases: Iterable[Case]) -> str:
    """Digest of the cases, for floors and run files."""
    return digest(*sorted(json.dumps(case.raw, sort_keys=True, ensure_ascii=False) for case in cases))


def _case(line: str, where: str, split: str) -> Case:
    try:
        raw = json.loads(line)
    except ValueError as problem:
        raise RequestError(f"{where} is not JSON ({problem})", cure="Write one object a line.") from problem
    if not isinstance(raw, dict):
        raise RequestError(f"{where} is no object", value=raw, cure="Write one object a line.")
    for name in ("id", "suite"):
        if not isinstance(raw.get(name), str) or not raw[name]:
            raise RequestError(
                f"{where}, field {name}: a text is needed", value=raw.get(name), cure="See evals/cases/README.md."
            )
    if raw["suite"] not in SUITES:
        raise RequestError(f"{where}, field suite: unknown", value=raw["suite"], cure=f"Known: {', '.join(SUITES)}.")
    text_field = _TEXT_FIELDS.get(raw["suite"], "question")
    if raw["suite"] not in _WITHOUT_TEXT and not isinstance(raw.get(text_field), str):
        raise RequestError(f"{where}, field {text_field}: a text is needed", value=raw.get(text_field), cure="Add it.")
    expect = raw.get("expect", {})
    _check_expect(expect, where)
    history = raw.get("history", [])
    if not isinstance(history, list) or not all(isinstance(turn, list) and len(turn) == 2 for turn in history):
        raise RequestError(f"{where}, field history: not [[user, assistant], ...]", value=history, cure="Mend it.")
    return Case(
        raw["id"],
        raw["suite"],
        split,
        str(raw.get(text_field, "")),
        tuple((str(user), str(said)) for user, said in history),
        expect,
        raw,
    )


def _check_expect(expect: Any, where: str) -> None:
    if not isinstance(expect, dict):
        raise RequestError(
            f"{where}, field expect: an object is needed", value=expect, cure="See evals/cases/README.md."
        )
    for name in ("outcome", "also"):
        values = expect.get(name, [])
        for value in [values] if isinstance(values, str) else values:
            if name == "outcome" and value not in OUTCOMES:
                raise RequestError(
                    f"{where}, field expect.{name}: unknown", value=value, cure=f"Known: {', '.join(sorted(OUTCOMES))}."
                )
    groups = expect.get("must_include", [])
    if not isinstance(groups, list) or not all(
        isinstance(g, list) and all(isinstance(t, str) for t in g) for g in groups
    ):
        raise RequestError(
            f"{where}, field expect.must_include: not [[alternatives], ...]", value=groups, cure="Mend it."
        )
    if not all(isinstance(text, str) for text in expect.get("must_not_include", [])):
        raise RequestError(f"{where}, field expect.must_not_include: not a list of texts", cure="Mend it.")
