"""What every command shares: the assembled advisor, progress bars, JSON lines in and out."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from advisor import settings
from advisor.assemble import Advisor
from advisor.errors import RequestError

SAYS = Console(stderr=True, highlight=False, soft_wrap=True)


def advisor(arguments: argparse.Namespace, index_root: Path | None = None, **overrides: Any) -> Advisor:
    """The advisor that the settings describe."""
    config = Path(arguments.config) if getattr(arguments, "config", None) else None
    return Advisor(settings.load(config, **overrides), index_root)


class Bar:
    """A progress bar on standard error; quiet where there is nothing to do."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: Any = None

    def start(self, label: str, total: int) -> None:
        self.stop()
        if total <= 0:
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=SAYS, transient=False)
        self._task = self._bar.add_task(label, total=total)
        self._bar.start()

    def advance(self, steps: int = 1) -> None:
        if self._bar is not None:
            self._bar.advance(self._task, steps)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def prepare(made: Advisor) -> Advisor:
    """Build the index where it is missing, with a progress bar."""
    with Bar() as bar:
        made.ensure_index(bar)
    return made


def put(value: Any) -> None:
    """One JSON line on standard output."""
    print(json.dumps(value, ensure_ascii=False, default=_plain), flush=True)


def rows(path: str) -> Iterator[dict[str, Any]]:
    """JSON lines of a file (`-`: standard input). Raises RequestError that names file and line."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise RequestError(
            f"The batch file cannot be read ({problem})", value=path, cure="Give a UTF-8 JSON-lines file."
        ) from problem
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise RequestError(
                f"{path}, line {number} is not JSON ({problem})", cure="Write one object a line."
            ) from problem
        if not isinstance(row, dict):
            raise RequestError(f"{path}, line {number} is no object", value=row, cure="Write one object a line.")
        yield row


def field(row: dict[str, Any], name: str) -> str:
    """A text field of a batch row. Raises RequestError where it is missing."""
    value = row.get(name)
    if not isinstance(value, str):
        raise RequestError(f"Row {row.get('id')!r} lacks the text field {name!r}", value=value, cure="Add it.")
    return value


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)
