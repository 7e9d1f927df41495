"""The plan as Markdown and as JSON. Pure functions of the plan."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

HORIZONS: Mapping[int, str] = {
    30: "In the next 30 days",
    90: "Within 90 days",
    365: "Within a year",
    3650: "The long line: three to ten years",
}
VERDICTS: Mapping[str, str] = {
    "join": "There is already a cluster of your industry in your country: look at joining it first.",
    "merge": "There are clusters of your industry in your country: look at merging or sharing work.",
    "start": "Among the clusters we know of, none covers your industry in your country.",
}
TESTS: Mapping[str, str] = {
    "country": "country",
    "open": "open or between calls",
    "stage": "stage",
    "members": "least members",
    "legal_form": "legal form",
    "match": "own share of the money",
    "deadline": "deadline not past",
}
LEGAL = "This plan is orientation, not legal advice. Programme rules change: check the source before you act."


def title_of(name: str) -> str:
    return name.replace("_", " ").title().replace("Problem Solver", "Problem-Solver")


def as_json(plan: Mapping[str, Any]) -> str:
    return json.dumps(plan, ensure_ascii=False, indent=2) + "\n"


def as_markdown(plan: Mapping[str, Any]) -> str:
    """The whole plan; `[n]` marks lead to the sources at its end."""
    return "\n".join(_markdown(plan)).rstrip() + "\n"


def marks(numbers: Sequence[int]) -> str:
    return "".join(f" [{n}]" for n in numbers)


def cited(row: Mapping[str, Any]) -> str:
    return f"{row['text']}{marks(row['citations'])}"


def summary(plan: Mapping[str, Any]) -> list[str]:
    """What a reader in a hurry needs; from the plan's own fields."""
    first = f"Starter profile: {title_of(plan['profile'])} ({plan['profile_probability']:.0%})"
    rows = [f"{first}, runner-up {title_of(plan['runner_up'])}. Stage: {plan['stage']}."]
    rows.append(VERDICTS[plan["existing"]["verdict"]])
    may = [row for row in plan["programmes"] if row["alive"]]
    if may:
        best = may[0]
        rows.append(f"Nearest programme: {best['title']}; you meet {best['meet']} of {best['of']} tests.")
    elif plan["none_in_country"]:
        rows.append("We know of no living cluster programme in your country; see what others did without one.")
    if plan["runway"] and plan["runway"]["first_gap"]:
        rows.append(f"By your figures money falls short from {plan['runway']['first_gap']}.")
    return rows


def _markdown(plan: Mapping[str, Any]) -> Iterator[str]:
    yield f"# A plan for your cluster\n\nMade on {plan['made']}.\n"
    yield from (f"- {row}" for row in summary(plan))
    yield "\n## What it rests on\n"
    yield from (f"- {name}: {value}" for name, value in plan["known"].items())
    yield from (f"- In your own words: “{row['quote']}”" for row in plan["evidence"][:3])
    yield "\n## Is there one already?\n"
    yield VERDICTS[plan["existing"]["verdict"]] + "\n"
    for entry in plan["existing"]["clusters"]:
        yield from (f"- {cited(row)}" for row in entry["sentences"])
    yield from (f"- {cited(row)}" for row in plan["existing"]["advice"])
    yield "\n## Next steps\n"
    yield from _steps(plan)
    yield "\n## Programmes\n"
    yield from _programmes(plan)
    yield from _runway(plan)
    yield "\n## Readiness\n\n| Item | Score | Where you are | What the next level asks (our scale) | The source says |\n|---|---|---|---|---|"
    yield from (
        f"| {row['item']}. {row['title']} | {row['score']}/4 | {row['level']} | {row['gap']} | {row['grounds']}{marks(row['citations'])} |"
        for row in plan["readiness"]
    )
    yield "\n## Comparable cases\n"
    yield from _cases(plan)
    yield from _meeting(plan)
    yield f"\n{LEGAL}\n\n## Sources\n"
    for row in plan["citations"]:
        where = f"<{row['url']}>" if row["url"] else row["source"]
        dated = f", as of {row['as_of']}" if row["as_of"] else ""
        yield f"{row['n']}. {row['reference'] or row['title']} ({row['source']}:{row['line']}{dated}) {where}"


def _steps(plan: Mapping[str, Any]) -> Iterator[str]:
    for horizon, heading in HORIZONS.items():
        rows = [row for row in plan["steps"] if row["horizon"] == horizon]
        if rows:
            yield f"### {heading}\n"
        for row in rows:
            yield f"- [{'x' if row.get('done') else ' '}] **{row['action']}** (our suggestion)"
            yield f"  - The source says: {row['grounds']}{marks(row['citations'])}"
            yield f"  - Why: {row['why']}. Who: {row['who']}. Effort: {row['effort']}."
            yield f"  - Risk: {row['risk']}. Sign of success: {row['sign']}."
            yield f"  - Rests on: {', '.join(row['slots'])} ({row['because']['document']})"
        yield ""


def _programmes(plan: Mapping[str, Any]) -> Iterator[str]:
    if plan["none_in_country"]:
        yield "We know of no living cluster programme in your country. What others did:\n"
        yield from (f"- {cited(row)}" for row in plan["others"])
    for row in plan["programmes"]:
        missing = "; ".join(
            f"{TESTS[t['test']]} ({'not known' if t['met'] is None else 'not met'}: {t['rule']})"
            for t in row["tests"]
            if t["met"] is not True
        )
        yield f"\n### {row['title']} ({row['status']})\n"
        yield f"You meet {row['meet']} of {row['of']}" + (f"; missing or open: {missing}." if missing else ".")
        yield f"Facts as of {row['as_of']}" + ("; they may be out of date." if row["outdated"] else ".")
        yield from (f"- {cited(line)}" for line in row["sentences"])


def _runway(plan: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Life after the grant\n"
    made = plan["runway"]
    if not made:
        yield "To compute a runway I still need: " + ", ".join(plan["runway_missing"]) + "."
        return
    yield "| Year | Fees | Projects | Grant | Costs | Left over |\n|---|---|---|---|---|---|"
    for row in made["rows"]:
        cells = [f"{row[name]:,}" for name in ("fees", "projects", "grant", "costs", "gap")]
        yield f"| {row['year']} | " + " | ".join(cells) + " |"
    if made["missing_after_grant"] and made["fee_that_closes"] is not None:
        yield f"\nWithout the grant {made['missing_after_grant']:,} a year is missing; a fee of {made['fee_that_closes']:,} would close it."
    yield from (f"- {cited(row)}" for row in made["others"])


def _cases(plan: Mapping[str, Any]) -> Iterator[str]:
    rows = [(row, "") for row in plan["cases"]]
    if plan["counter"]:
        rows.append((plan["counter"], " (it went the other way)"))
    for row, note in rows:
        yield f"### {row['title']}{note}\n"
        alike = ", ".join(f"{name}: {value}" for name, value in row["alike"].items()) or "little"
        yield f"Outcome: {row['outcome']}. Alike: {alike}."
        yield from (f"- {cited(line)}" for line in row["sentences"])


def _meeting(plan: Mapping[str, Any]) -> Iterator[str]:
    parts = (
        ("agenda", "Agenda of the first meeting"),
        ("invite", "Whom to invite"),
        ("leave_with", "What to leave with"),
    )
    for name, heading in parts:
        yield f"\n## {heading}\n"
        yield from (f"- {cited(row)}" for row in plan["meeting"][name])
    yield "\n## Questions to ask them\n"
    yield from (f"- {row}" for row in plan["meeting"]["questions"])
    if plan["competition"]:
        yield "\n## When rivals meet\n"
        yield from (f"- {cited(row)}" for row in plan["competition"]["sentences"])
