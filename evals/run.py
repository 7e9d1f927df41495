"""Run files: every answer with its passages, settings and timings, one JSON line each; scorers work on them alone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from advisor.documents import digest
from advisor.errors import AdvisorError, RequestError
from advisor.index.versions import Progress
from evals.cases import Case, digest_of


class System(Protocol):
    """What is evaluated: takes a case, gives the output that its suite's scorer reads."""

    def describe(self) -> Mapping[str, Any]:
        """Model, settings and digests, stored with the run."""

    def run(self, case: Case) -> Mapping[str, Any]:
        """The output for one case; may raise."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its header and one record a case, by id."""

    header: Mapping[str, Any]
    records: Mapping[str, Mapping[str, Any]]


def execute(cases: Sequence[Case], system: System, path: Path, progress: Progress) -> Run:
    """Run the cases and store each output at once; a run that was interrupted goes on where it stopped."""
    header = {"cases": digest_of(cases), "system": dict(system.describe())}
    header["id"] = digest(json.dumps(header, sort_keys=True, default=str))
    done = _resumable(path, header)
    progress.start("Evaluating", len(cases))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for line in (header, *done.values()):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        for case in cases:
            if case.id not in done:
                done[case.id] = record(case, system)
                file.write(json.dumps(done[case.id], ensure_ascii=False) + "\n")
                file.flush()
            progress.advance()
    return Run(header, done)


def record(case: Case, system: System) -> dict[str, Any]:
    """One case's output, or its failure: a crash counts and is shown, never averaged away."""
    try:
        return {"id": case.id, "suite": case.suite, "output": dict(system.run(case))}
    except AdvisorError as problem:
        return {"id": case.id, "suite": case.suite, "output": {}, "error": str(problem)}
    except Exception as problem:  # noqa: BLE001 - any crash of the system under test is a result
        return {"id": case.id, "suite": case.suite, "output": {}, "error": f"{type(problem).__name__}: {problem}"}


def read(path: Path) -> Run:
    """A stored run. Raises RequestError where it is none."""
    lines = list(_lines(path))
    if not lines or "cases" not in lines[0]:
        raise RequestError("That is no run file", value=path, cure="Give the run.jsonl of an earlier evaluation.")
    return Run(lines[0], {line["id"]: line for line in lines[1:]})


def _resumable(path: Path, header: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    try:
        stored = read(path)
    except RequestError:
        return {}
    if stored.header != header:
        return {}
    return {key: dict(value) for key, value in stored.records.items() if "error" not in value}


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise RequestError(f"The run file cannot be read ({problem})", value=path, cure="Check the path.") from problem
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return  # cut off by a kill in the middle of a line: what came before stands
