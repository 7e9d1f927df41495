"""The command line. Standard output carries the result (JSON only with --json); progress and messages go to standard error."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

# Libraries ask for these at import: no telemetry, no hub, no thread quarrels.
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")

from advisor import __version__
from advisor.cli import asking, coaching, evaluating, indexing, ingesting, keeping, serving, sites, verifying
from advisor.errors import AdvisorError


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="advisor", description=__doc__)
    top.add_argument("--version", action="version", version=__version__)
    top.add_argument("--config", help="settings file (default: advisor.toml here)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in (serving, asking, coaching, ingesting, indexing, keeping, sites, verifying, evaluating):
        room.add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 done, 1 the user can mend it, 2 usage."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        return int(arguments.run(arguments) or 0)
    except AdvisorError as problem:
        print(f"advisor: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        if isinstance(problem, BrokenPipeError):
            # The reader of our output went away: `advisor search ... | head`.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        else:
            where = f": {problem.filename!r}" if problem.filename else ""
            print(
                f"advisor: {problem.strerror or problem}{where}. Check the path, its rights and the disk.",
                file=sys.stderr,
            )
        return 1
    except KeyboardInterrupt:
        print("advisor: stopped", file=sys.stderr)
        return 130
