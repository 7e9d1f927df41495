"""`advisor corpus check|new|gaps|digest`: the keeper's tools."""

import argparse
import datetime
import re
from collections import Counter
from pathlib import Path
from typing import Any

from advisor import corpus, corpus_check, originality
from advisor.cli import common
from advisor.errors import RequestError, SourceError

_BODY = "NAME is ... [s1].\n\n## What we do not know\n"


def add(commands: Any) -> None:
    keep = commands.add_parser("corpus", help="check the shelves, start a document, list what could not be answered")
    keep.add_argument("action", choices=("check", "new", "gaps", "digest"))
    keep.add_argument("kind", nargs="?", help=f"of a new document: {', '.join(corpus.KINDS)}; of digest: a text file")
    keep.add_argument("--id", help="of a new document, such as programme-norway-arena")
    keep.add_argument("--shelf", type=Path, help="folder for a new document")
    keep.add_argument("--json", action="store_true")
    keep.set_defaults(run=run_corpus)


def run_corpus(arguments: argparse.Namespace) -> int:
    if arguments.action == "new":
        return _new(arguments)
    if arguments.action == "digest":
        return _digest(arguments.kind)
    made = common.advisor(arguments)
    if arguments.action == "gaps":
        asked = Counter(row.question for row in made.records.unanswered())
        for question, count in asked.most_common():
            common.put({"question": question, "count": count}) if arguments.json else print(f"{count:4}  {question}")
        common.SAYS.print(f"{len(asked)} questions that the sources did not answer")
        return 0
    documents = corpus.read_shelves(made.shelves)
    profiles = [str(document.meta.get("profile")) for document in documents if document.kind == "persona"]
    published = originality.published(made.shelves)
    found = corpus_check.check(documents, profiles, datetime.date.today(), published)
    problems = [finding for finding in found if finding.level == "problem"]
    for finding in found:
        if arguments.json:
            common.put(finding)
        else:
            print(f"{finding.path}:{finding.line}: {finding.level}: {finding.text}")
    eases = ", ".join(f"{kind} {value:.0f}" for kind, value in corpus_check.ease(documents).items())
    common.SAYS.print(f"reading ease, the middle sentence of each kind: {eases}")
    common.SAYS.print(f"{len(documents)} documents, {len(problems)} problems, {len(found) - len(problems)} notes")
    if problems:
        raise SourceError(f"The corpus has {len(problems)} problems", cure="Mend them; corpus/GUIDE.md says how.")
    return 0


def _digest(name: str | None) -> int:
    """Print the hashes of a text that no document may copy from."""
    if not name or not Path(name).is_file():
        raise RequestError("Say which text file", value=name, cure="advisor corpus digest article.txt")
    print(f"# Runs of {originality.RUN} words that no document may share, as hashes: advisor corpus digest FILE")
    text = Path(name).read_text(encoding="utf-8")
    print("\n".join(sorted({originality.hashed(run) for run in originality.runs(text)})))
    return 0


def _new(arguments: argparse.Namespace) -> int:
    if arguments.kind not in corpus.KINDS or not arguments.id:
        raise RequestError(
            "Say which kind and id", value=arguments.kind, cure="advisor corpus new programme --id programme-xx"
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", arguments.id):
        raise RequestError("An id has small letters, digits and hyphens", value=arguments.id, cure="--id programme-xx")
    folder = arguments.shelf or Path("corpus") / arguments.kind
    path = folder / f"{arguments.id}.md"
    if path.exists():
        raise RequestError("That document exists", value=path, cure="Choose another --id.")
    today = datetime.date.today().isoformat()[:7]
    fields = dict.fromkeys(corpus_check.fields_of(arguments.kind), "null")
    fields |= {
        "id": arguments.id,
        "kind": arguments.kind,
        "title": "",
        "summary": "",
        "language": "en",
        "licence": "CC-BY-4.0",
    }
    fields |= {
        "country": "[]",
        "region": "[]",
        "industry": "[]",
        "stage": "[]",
        "profiles": "[]",
        "as_of": today,
        "checked": "excerpt",
    }
    fields["sources"] = f'\n  - {{id: s1, title: "", url: "https://", accessed: {today}, supports: ""}}'
    folder.mkdir(parents=True, exist_ok=True)
    head = "\n".join(f"{name}: {value}".rstrip() for name, value in fields.items())
    path.write_text(f"---\n{head}\n---\n{_BODY}", encoding="utf-8")
    print(path)
    return 0
