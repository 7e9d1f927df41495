"""`advisor eval`: run, score, report, gate. Loaded by name, so that the advisor never imports its evaluation."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.assemble import Advisor
from advisor.cli import common
from advisor.errors import RequestError
from evals import compare, gate, grounding, judge, judged, report, retrieval, run, spam, spam_asked, speed, suites
from evals.cases import ASKED, SUITES, Case, digest_of, load, load_folder
from evals.systems import AdvisorSystem, evaluated

CASES = Path(__file__).with_name("cases")
_UNASKED = ("grounding", "spam", "speed")  # measured on labelled data, without cases
Figures = dict[str, dict[str, judged.Figure]]


def main(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a floor is missed or, with --cases, when a case fails."""
    if arguments.compare:
        return _compare(arguments)
    wanted = wanted_suites(arguments)
    cases = chosen_cases(arguments, wanted)
    folder = arguments.report or Path("report")
    made = evaluated(common.advisor(arguments, llm=arguments.model), arguments.corpus)
    try:
        if arguments.rescore:
            ran = run.read(arguments.rescore)
        else:
            common.prepare(made)
            with common.Bar() as bar:
                ran = run.execute(cases, AdvisorSystem(made), folder / "run.jsonl", bar)
        scored = suites.judge(cases, ran, wanted)
        figures = suites.figures(scored, ran) | _unasked(made, wanted, arguments.split)
        if arguments.judge:
            figures["judge"] = judge.figures(cases, ran, arguments.judge, made.settings.allow_paid)
    finally:
        made.close()
    return _finish(arguments, folder, cases, scored, figures, ran)


def wanted_suites(arguments: argparse.Namespace) -> list[str]:
    """The suites that were asked for. Raises RequestError for an unknown one."""
    unknown = set(arguments.suites) - set(SUITES)
    if unknown:
        raise RequestError("Unknown suite", value=", ".join(sorted(unknown)), cure=f"Known: {', '.join(SUITES)}.")
    return arguments.suites or [s for s in SUITES if not (arguments.cases and s in _UNASKED)]


def chosen_cases(arguments: argparse.Namespace, wanted: Sequence[str]) -> list[Case]:
    """The cases that the wanted suites need; questions with known documents are asked as searches too."""
    cases = load([arguments.cases]) if arguments.cases else load_folder(CASES, arguments.split)
    needed = {*wanted, *(suites.READ if "readability" in wanted else ())} & set(ASKED)
    return [case for case in (*cases, *retrieval.derived(cases)) if case.suite in needed]


def _unasked(made: Advisor, wanted: Sequence[str], split: str) -> Figures:
    """Suites that are measured on labelled data."""
    figures: Figures = {}
    with common.Bar() as bar:
        if "grounding" in wanted:
            figures["grounding"] = grounding.figures(made.checker, split, bar)
        if "spam" in wanted:
            figures["spam"] = spam.figures(split) | spam_asked.figures(made, split, bar)
        if "speed" in wanted:
            figures["speed"] = speed.figures(made, bar)
    return figures


def _finish(
    arguments: argparse.Namespace,
    folder: Path,
    cases: Sequence[Case],
    scored: dict[str, list[judged.Judged]],
    figures: Figures,
    ran: run.Run,
) -> int:
    ours = not arguments.cases and not arguments.corpus and arguments.split == "test"
    floors: Any = gate.load()["floors"] if ours else {}
    misses = gate.misses(figures, floors)
    report.write(folder, scored, figures, ran, misses, floors)
    for suite, rows in figures.items():
        for name, figure in rows.items():
            print(f"{suite}.{name:24} {figure.value:8.4f}   {figure.low:.3f} to {figure.high:.3f}   n={figure.n}")
    print(f"report: {folder / 'report.html'}", file=sys.stderr)
    if arguments.update_floors:
        for change in gate.update(figures, digest_of(cases), arguments.lower):
            print(change)
        return 0
    for miss in misses:
        print(f"below its floor: {miss.name} is {miss.value:.4f}, floor {miss.floor:.4f}", file=sys.stderr)
    failed = [j for rows in scored.values() for j in rows if not j.passed] if arguments.cases else []
    for j in failed:
        print(f"failed: {j.case.id}: {'; '.join(j.reasons)}", file=sys.stderr)
    return 1 if misses or failed else 0


def _compare(arguments: argparse.Namespace) -> int:
    one, other = (run.read(Path(path)) for path in arguments.compare)
    for difference in compare.compare(chosen_cases(arguments, wanted_suites(arguments)), one, other):
        print(f"{difference.suite:12} {difference.before:.3f} -> {difference.after:.3f}   p={difference.p:.3f}")
        print(
            f"   better: {', '.join(difference.better) or 'none'}\n   worse:  {', '.join(difference.worse) or 'none'}"
        )
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `advisor eval`."""
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all by default")
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--cases", type=Path, help="your own cases, JSON lines")
    parser.add_argument("--corpus", type=Path, help="your own corpus folder")
    parser.add_argument("--judge", metavar="MODEL", help="let a model judge the answers too; nothing depends on it")
    parser.add_argument("--model", help="another model, such as openai-compatible:NAME@URL")
    parser.add_argument("--report", type=Path, help="folder of the report (default: report)")
    parser.add_argument("--rescore", type=Path, metavar="RUN", help="score a stored run again")
    parser.add_argument("--compare", nargs=2, metavar="RUN")
    parser.add_argument("--update-floors", action="store_true")
    parser.add_argument("--lower", action="store_true", help="let --update-floors lower a floor")
