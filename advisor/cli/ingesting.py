"""`advisor ingest` and `advisor quarantine`."""

import argparse
from pathlib import Path
from typing import Any

from advisor.cli import common
from advisor.documents import JudgedBlock
from advisor.errors import RequestError, SourceError
from advisor.files import write_atomic
from advisor.ingest import quarantine, report
from advisor.ingest.pipeline import Report


def add(commands: Any) -> None:
    ingest = commands.add_parser("ingest", help="pages, files and folders into a collection, spam left out")
    ingest.add_argument("sources", nargs="+", metavar="SOURCE", help="files, folders, addresses")
    ingest.add_argument("--collection", default="pages", metavar="NAME")
    ingest.add_argument("--dry-run", action="store_true", help="show every verdict, store nothing")
    ingest.add_argument("--strict", action="store_true", help="hold back more")
    ingest.add_argument("--licence", default="", help="licence of these sources, kept with them")
    ingest.add_argument("--report", type=Path, metavar="FILE.html", help="what left each page, and why")
    ingest.add_argument("--json", action="store_true", help="one line a block")
    ingest.set_defaults(run=run_ingest)
    review = commands.add_parser("quarantine", help="review what was held back")
    review.add_argument("action", choices=("list", "show", "restore", "drop"))
    review.add_argument("id", nargs="?")
    review.add_argument("--collection", metavar="NAME")
    review.add_argument("--json", action="store_true")
    review.set_defaults(run=run_quarantine)


def run_ingest(arguments: argparse.Namespace) -> int:
    made = common.advisor(arguments)
    with common.Bar() as bar:
        done = made.ingest(
            arguments.sources,
            arguments.collection,
            strict=arguments.strict,
            dry_run=arguments.dry_run,
            licence=arguments.licence,
            progress=bar,
        )
    if arguments.json:
        _put(done)
    elif arguments.dry_run:
        for row in done.rows:
            for one in row.judged:
                if one.verdict != "keep":
                    print(f"{row.source}:{one.block.line}: {one.verdict}: {_why(one)}")
    if arguments.report:
        write_atomic(arguments.report, report.html(done).encode())
    common.SAYS.print(done.summary())
    for row in done.failed:
        common.SAYS.print(f"failed: {row.error}")
    if done.failed:
        raise SourceError(
            f"{len(done.failed)} of {len(done.rows)} sources failed; the others are done", cure="See above."
        )
    return 0


def _put(done: Report) -> None:
    for row in done.rows:
        for number, one in enumerate(row.judged):
            common.put({"source": row.source, "document_id": row.document_id, "block": number, **judged_json(one)})


def judged_json(one: JudgedBlock) -> dict[str, Any]:
    """A judged block in the shape of `advisor ingest --json`."""
    block = one.block
    shape: dict[str, Any] = {"line": block.line, "type": block.type}
    optional = {"author": block.author, "date": block.date, "page": block.page, "path": block.path}
    shape |= {name: value for name, value in optional.items() if value is not None}
    return shape | {
        "verdict": one.verdict,
        "reasons": [{"rule": r.rule, "family": r.family, "detail": r.detail, "weight": r.weight} for r in one.reasons],
        "injection": one.injection,
        "language": one.language,
        "text": block.text,
    }


def run_quarantine(arguments: argparse.Namespace) -> int:
    made = common.advisor(arguments)
    store = made.collections
    if arguments.action == "list":
        if arguments.collection and arguments.collection not in store.names():
            known = ", ".join(store.names()) or "none yet"
            raise RequestError("No such collection", value=arguments.collection, cure=f"There are: {known}.")
        names = [arguments.collection] if arguments.collection else store.names()
        entries = [entry for name in names for entry in quarantine.entries(store, name)]
        for entry in entries:
            if arguments.json:
                common.put(
                    {
                        "id": entry.id,
                        "collection": entry.collection,
                        "source": entry.source,
                        **judged_json(entry.judged),
                    }
                )
            else:
                print(f"{entry.id}  {entry.source}:{entry.judged.block.line}  {_why(entry.judged)}  {entry.decided}")
        common.SAYS.print(f"{len(entries)} held back")
        return 0
    if not arguments.id:
        raise RequestError("Say which entry", cure="advisor quarantine list")
    if arguments.action == "show":
        shown = quarantine.find(store, arguments.id, arguments.collection)
        for one in (*shown.before, shown.entry.judged, *shown.after):
            mark = ">" if one is shown.entry.judged else " "
            print(f"{mark} {one.block.line:5} {one.block.type:10} {one.block.text[:2000]}")
        print(_why(shown.entry.judged))
        return 0
    decide = quarantine.restore if arguments.action == "restore" else quarantine.drop
    entry = decide(store, arguments.id, arguments.collection)
    with common.Bar() as bar:
        made.ensure_index(bar)
    print(f"{entry.id} {entry.decided}")
    return 0


def _why(one: JudgedBlock) -> str:
    return "; ".join(reason.detail for reason in one.reasons)
