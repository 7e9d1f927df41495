"""`advisor index build|status|verify` and `advisor doctor`."""

import argparse
import importlib.metadata
import platform
import shutil
from pathlib import Path
from typing import Any

from advisor.assemble import Advisor
from advisor.cli import common
from advisor.errors import AdvisorError, RequestError, StoreError
from advisor.llm import embedded, models

_PACKAGES = (
    "cluster-advisor", "chromadb", "langchain", "langgraph", "sentence-transformers", "torch", "gradio", "tiktoken",
    "trafilatura", "xllamacpp",
)  # fmt: skip


def add(commands: Any) -> None:
    index = commands.add_parser("index", help="build, show or verify the versioned index")
    index.add_argument("action", choices=("build", "status", "verify"))
    index.add_argument("--corpus", action="append", type=Path, default=[], metavar="DIR")
    index.add_argument(
        "--out", type=Path, metavar="DIR", help="build a separate index there, for `advisor search --index`"
    )
    index.add_argument("--fold-near", action="store_true", help="fold near duplicates too")
    index.add_argument("--json", action="store_true")
    index.set_defaults(run=run_index)
    doctor = commands.add_parser("doctor", help="what is installed, what is missing, how to mend it")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=run_doctor)


def run_index(arguments: argparse.Namespace) -> int:
    if arguments.corpus and not arguments.out:
        raise RequestError("Say where that index goes", cure="advisor index build --corpus DIR --out DIR")
    if (
        arguments.out
        and arguments.out.is_dir()
        and any(arguments.out.iterdir())
        and not (arguments.out / "current").exists()
    ):
        raise RequestError("That folder holds something else", value=arguments.out, cure="Choose an empty one.")
    made = common.advisor(arguments, index_root=arguments.out)
    if arguments.action == "build":
        with common.Bar() as bar:
            if arguments.corpus:
                name = made.build_folders(arguments.corpus, bar, fold_near=arguments.fold_near)
            else:
                name = made.ensure_index(bar)
        _report(arguments, {"version": name, "damage": None})
        return 0
    status = index_status(made)
    _report(arguments, status)
    if arguments.action == "verify" and (status["damage"] or status["stale"]):
        raise StoreError(
            f"The index is not as it should be ({status['damage'] or 'stale'})", cure="advisor index build"
        )
    return 0


def index_status(made: Advisor) -> dict[str, Any]:
    """Version, chunks and health of the index."""
    name = made.versions.current()
    damage = made.versions.damage(name) if name else "there is none yet"
    return {"version": name, "wanted": made.wanted(), "stale": name != made.wanted(), "damage": damage}


def _report(arguments: argparse.Namespace, values: dict[str, Any]) -> None:
    if arguments.json:
        common.put(values)
    else:
        for key, value in values.items():
            print(f"{key:10} {value if value is not None else 'none'}")


def run_doctor(arguments: argparse.Namespace) -> int:
    made = common.advisor(arguments)
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "settings": {
            "llm": made.settings.llm,
            "embedding": made.settings.embedding,
            "data_dir": str(made.settings.data_dir),
        },
        "free_disk_gb": round(shutil.disk_usage(_existing(made.settings.data_dir)).free / 1e9, 1),
        "models": {
            "embedding": _check(lambda: made.embedder.digest),
            "llm": _check(lambda: _model(made)),
            "verifier": _check(lambda: made.checker.load().card["sha256"]),
        },
        "index": _check(lambda: index_status(made)),
    }
    problems = [str(v["problem"]) for v in _walk(report) if isinstance(v, dict) and "problem" in v]
    problems += [f"{n} is missing: pip install {n}" for n, v in report["packages"].items() if v is None]
    report["problems"] = problems
    if arguments.json:
        common.put(report)
    else:
        for key, value in report.items():
            if key != "problems":
                print(f"{key:14} {value}")
        print("all well" if not problems else "\n".join(f"- {problem}" for problem in problems))
    return 1 if problems else 0


def _model(made: Advisor) -> str:
    """The language model, its weights verified; none where answers are composed."""
    if made.settings.llm == "embedded:smollm2":
        return f"{embedded.smollm2_path().name}, SHA-256 {embedded.SMOLLM2_SHA256[:16]}..."
    models.chat_model(made.settings.llm, allow_paid=made.settings.allow_paid)
    return made.settings.llm


def _check(look: Any) -> Any:
    try:
        return look()
    except AdvisorError as problem:
        return {"problem": str(problem)}


def _walk(value: Any) -> Any:
    yield value
    if isinstance(value, dict):
        for part in value.values():
            yield from _walk(part)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _existing(path: Path) -> Path:
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path
