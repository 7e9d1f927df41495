"""`advisor eval`. The evaluation imports the advisor, never the reverse: it is loaded by name."""

import argparse
import importlib
from typing import Any


def add(commands: Any) -> None:
    parser = commands.add_parser("eval", help="the offline evaluation: scores, report, gate")
    importlib.import_module("evals.cli").add_arguments(parser)
    parser.set_defaults(run=run_eval)


def run_eval(arguments: argparse.Namespace) -> int:
    return int(importlib.import_module("evals.cli").main(arguments))
