"""Cases as JSON lines, one object a line; see evals/cases/README.md."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.documents import digest
from advisor.errors import RequestError

ASKED = ("answers", "followups", "abstention", "scope", "safety", "profile", "interview", "retrieval")  # have cases
SUITES = (*ASKED, "readability", "grounding", "spam", "speed")
OUTCOMES = frozenset(
    ["answered", "partial", "not_in_sources", "out_of_scope", "declined", "corrected", "coaching", "small_talk"]
)
_TEXT_FIELDS = {"profile": "text"}  # suites whose input is not called question
_WITHOUT_TEXT = frozenset({"interview"})
_NEEDED = {"profile": "profile", "interview": "profile", "retrieval": "documents"}  # in `expect`, by suite
_LISTS_OF_TEXT = ("also", "must_not_include", "documents", "masked")


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
        _need(isinstance(raw.get(name), str) and raw[name], where, name, "a text is needed", raw.get(name))
    suite = raw["suite"]
    _need(suite in ASKED, where, "suite", f"unknown, known are {', '.join(ASKED)}", suite)
    text_field = _TEXT_FIELDS.get(suite, "question")
    if suite not in _WITHOUT_TEXT:
        _need(isinstance(raw.get(text_field), str), where, text_field, "a text is needed", raw.get(text_field))
    expect, history = raw.get("expect", {}), raw.get("history", [])
    _check_expect(expect, suite, where)
    turns = isinstance(history, list) and all(isinstance(turn, list) and len(turn) == 2 for turn in history)
    _need(turns, where, "history", "not [[user, assistant], ...]", history)
    if suite == "interview":
        _check_script(raw.get("script"), where)
    said = tuple((str(user), str(said)) for user, said in history)
    return Case(raw["id"], suite, split, str(raw.get(text_field, "")), said, expect, raw)


def _check_expect(expect: Any, suite: str, where: str) -> None:
    _need(isinstance(expect, dict), where, "expect", "an object is needed", expect)
    wanted = expect.get("outcome")
    _need(
        wanted is None or wanted in OUTCOMES, where, "expect.outcome", f"none of {', '.join(sorted(OUTCOMES))}", wanted
    )
    for name in _LISTS_OF_TEXT:
        value = expect.get(name, [])
        _need(_texts(value), where, f"expect.{name}", "not a list of texts", value)
    groups = expect.get("must_include", [])
    fine = isinstance(groups, list) and all(_texts(group) for group in groups)
    _need(fine, where, "expect.must_include", "not [[alternatives], ...]", groups)
    needed = _NEEDED.get(suite)
    _need(needed is None or expect.get(needed), where, f"expect.{needed}", "is needed in this suite", None)


def _check_script(script: Any, where: str) -> None:
    _need(isinstance(script, dict), where, "script", "an object is needed", script)
    _need(isinstance(script.get("opening"), str), where, "script.opening", "a text is needed", script.get("opening"))
    _need(
        isinstance(script.get("answers"), dict),
        where,
        "script.answers",
        "{slot: answer} is needed",
        script.get("answers"),
    )
    for name in ("digressions", "corrections"):
        rows = script.get(name, [])
        fine = isinstance(rows, list) and all(
            isinstance(row, dict) and isinstance(row.get("after"), int) for row in rows
        )
        _need(fine, where, f"script.{name}", 'not [{"after": number, ...}, ...]', rows)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _need(fine: Any, where: str, name: str, problem: str, value: Any) -> None:
    if not fine:
        raise RequestError(f"{where}, field {name}: {problem}", value=value, cure="See evals/cases/README.md.")
