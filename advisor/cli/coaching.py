"""`advisor profile` and `advisor export`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from advisor.cli import common
from advisor.coach import profile
from advisor.coach.export import FORMS, export
from advisor.coach.textmodel import Encode
from advisor.errors import RequestError, StoreError
from advisor.ingest import language


def add(commands: Any) -> None:
    told = commands.add_parser("profile", help="starter profiles from statements")
    told.add_argument("text", nargs="?", help="what a person says of themselves")
    told.add_argument("--batch", metavar="FILE", help="JSON lines of statements, - for standard input")
    told.add_argument("--json", action="store_true")
    told.set_defaults(run=run_profile)
    made = commands.add_parser("export", help="the plan of a conversation")
    made.add_argument("--thread", required=True, metavar="ID")
    made.add_argument("--format", required=True, choices=FORMS)
    made.add_argument("--out", metavar="FILE", help="write here (default: standard output)")
    made.set_defaults(run=run_export)


def run_profile(arguments: argparse.Namespace) -> int:
    if bool(arguments.text) == bool(arguments.batch):
        raise RequestError("Give a statement or --batch FILE", cure='advisor profile "We want buyers abroad."')
    made = common.advisor(arguments)
    if arguments.batch:
        for row in common.rows(arguments.batch):
            texts = row["messages"] if isinstance(row.get("messages"), list) else [common.field(row, "text")]
            common.put(
                {"id": row.get("id"), **profile_of([str(_text(text)) for text in texts], made.statement_encoder)}
            )
        return 0
    found = profile_of([arguments.text], made.statement_encoder)
    if arguments.json:
        common.put(found)
        return 0
    for row in found["ranking"]:
        print(f"{row['probability']:6.1%}  {row['profile'].replace('_', ' ')}")
    for row in found["evidence"]:
        print(f"  “{row['quote']}” speaks for {row['profile'].replace('_', ' ')} ({row['weight']:+.2f})")
    return 0


def _text(message: Any) -> Any:
    """A message is text, or an object with `text` or `content`."""
    if isinstance(message, dict):
        return message.get("text") or message.get("content") or ""
    return message


def profile_of(texts: list[str], encode: Encode) -> dict[str, Any]:
    """Ranking, evidence, stage and language of statements, in the shape of `advisor profile --json`."""
    said = [text for text in texts if text.strip()]
    if not said:
        raise RequestError("A statement is empty", cure="Write a sentence about yourself.")
    now = profile.standing([profile.read(text, encode, first=place == 0) for place, text in enumerate(said)], {})
    return {
        "ranking": [{"profile": name, "probability": round(p, 4)} for name, p in now.ranking],
        "evidence": [dict(row) for row in now.evidence],
        "stage": now.stage,
        "language": language.detect(" ".join(said)),
    }


def run_export(arguments: argparse.Namespace) -> int:
    plan = common.advisor(arguments).state(arguments.thread).get("plan")
    if not plan:
        raise RequestError("This conversation has no plan", value=arguments.thread, cure='Ask for one: "plan please".')
    data = export(plan, arguments.format)
    if not arguments.out:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return 0
    try:
        Path(arguments.out).write_bytes(data)
    except OSError as problem:
        raise StoreError(
            f"The plan cannot be written ({problem.strerror})", value=arguments.out, cure="Choose another file."
        ) from problem
    return 0
