"""`advisor verify`: is a claim supported by one of its passages?"""

import argparse
from typing import Any

from advisor.cli import common
from advisor.errors import RequestError


def add(commands: Any) -> None:
    verify = commands.add_parser("verify", help="are claims supported by their passages")
    verify.add_argument("--batch", metavar="FILE", required=True, help='JSON lines of {"id", "claim", "passages"}')
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    checker = common.advisor(arguments).checker
    for row in common.rows(arguments.batch):
        passages = row.get("passages")
        if not isinstance(passages, list) or not all(isinstance(text, str) for text in passages):
            raise RequestError(f"Row {row.get('id')!r}: passages is no list of texts", value=passages, cure="Mend it.")
        ruling = checker.verify(common.field(row, "claim"), passages)
        if arguments.json:
            found = {"supported": ruling.supported, "score": round(ruling.score, 4)}
            common.put({"id": row.get("id"), **found, "passage": ruling.passage, "reason": ruling.reason})
        else:
            print(f"{row.get('id')}  {'supported' if ruling.supported else 'not supported'}: {ruling.reason}")
    return 0
