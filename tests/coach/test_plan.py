"""Plans: cited, personal, eligible or not, runway arithmetic, exports that other programs read."""

import io
import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from advisor.coach.export import export
from advisor.coach.memo import Memo
from advisor.coach.runway import Figures, runway
from advisor.coach.slots import PROFILES, STAGES
from advisor.verify import Checker
from tests.coach.conftest import TODAY, plans


def memo_of(profile: str, stage: str, **known: Any) -> Memo:
    logs = [-6.0] * len(PROFILES)
    logs[PROFILES.index(profile)] = -0.01
    slots = {"stage": stage, **known}
    return {
        "language": "en",
        "slots": {
            name: {"value": value, "option": value if isinstance(value, str) else "", "words": str(value), "turn": 0}
            for name, value in slots.items()
        },
        "statements": [
            {"text": "we act", "profile": logs, "stage": [-1.8] * 6, "weight": 1.0, "clauses": [["we act", logs]]}
        ],
    }


def made(profile: str = "market_builder", stage: str = "forming", **known: Any) -> dict[str, Any]:
    return plans().plan(
        memo_of(profile, stage, **{"country": "NO", "industry": "seafood", "members": 12, **known}), TODAY
    )


def sentences(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"text", "citations"} <= set(value) else []
        return own + [row for part in value.values() for row in sentences(part)]
    return [row for part in value for row in sentences(part)] if isinstance(value, list) else []


@pytest.mark.parametrize(("profile", "stage"), list(itertools.product(PROFILES, STAGES)))
def test_every_sentence_and_step_is_cited_from_the_corpus(profile: str, stage: str) -> None:
    plan = made(profile, stage, programme="no", scope="global")
    by_number = {row["n"]: row for row in plan["citations"]}
    for row in (*plan["steps"], *sentences({k: v for k, v in plan.items() if k != "citations"})):
        assert row["citations"], row
        for n in row["citations"]:
            assert by_number[n]["support"] in by_number[n]["passage"] and by_number[n]["line"] > 0
            assert row.get("text", row.get("grounds")) == by_number[n]["support"]
    assert {row["horizon"] for row in plan["steps"]} == {30, 90, 365, 3650}
    assert len({row["id"] for row in plan["steps"]}) == len(plan["steps"])


TWENTY_FOUR = [
    (profile, STAGES[(place + turn) % 6], country, industry, scope)
    for place, profile in enumerate(PROFILES)
    for turn, (country, industry, scope) in enumerate(
        (("NO", "seafood", "global"), ("IS", "tourism", "local"), ("DE", "solar energy", "national"))
    )
]


def test_no_sentence_of_the_plans_of_24_users_is_unsupported() -> None:
    """Facts and advice pass the check that answers pass; what is ours is called a suggestion, with grounds that pass."""
    pairs = set()
    for profile, stage, country, industry, scope in TWENTY_FOUR:
        plan = made(profile, stage, country=country, industry=industry, scope=scope, programme="no")
        support = {row["n"]: f"{row['title']}. {row['passage']}" for row in plan["citations"]}
        rows = sentences({k: v for k, v in plan.items() if k != "citations"})
        rows += [{"text": row["grounds"], **row} for row in (*plan["steps"], *plan["readiness"])]
        pairs |= {(row["text"], tuple(support[n] for n in row["citations"])) for row in rows}
        assert {step["role"] for step in plan["steps"]} == {"suggestion"}
    claims = sorted(pairs)
    verdicts = Checker().verify_many(claims)
    unsupported = [claim for (claim, _), found in zip(claims, verdicts, strict=True) if not found.supported]
    assert len(claims) > 200 and unsupported == []


def test_24_users_share_under_two_fifths_of_their_step_texts() -> None:
    made_for = [
        (user, {s["action"] for s in made(user[0], user[1], country=user[2], industry=user[3], scope=user[4])["steps"]})
        for user in TWENTY_FOUR
    ]
    for (one, mine), (other, theirs) in itertools.combinations(made_for, 2):
        if one[0] != other[0] and one[1] != other[1]:
            assert len(mine & theirs) < 0.4 * min(len(mine), len(theirs)), (one, other)


def test_users_that_differ_share_few_steps() -> None:
    texts = {
        pair: {s["action"] for s in made(*pair, scope="global", programme="no")["steps"]}
        for pair in itertools.product(PROFILES, STAGES)
    }
    for one, two in itertools.combinations(texts, 2):
        if one[0] != two[0] and one[1] != two[1]:
            assert len(texts[one] & texts[two]) < 0.4 * min(len(texts[one]), len(texts[two])), (one, two)


def test_a_slot_changes_the_steps_that_rest_on_it() -> None:
    before, after = made(scope="global"), made(scope="local")
    changed = {s["id"] for s in before["steps"]} ^ {s["id"] for s in after["steps"]}
    rests = {s["id"]: s["slots"] for s in (*before["steps"], *after["steps"])}
    assert changed and all("scope" in rests[name] for name in changed)


def test_programmes_say_what_is_met_and_missing() -> None:
    row = next(r for r in made()["programmes"] if r["id"] == "programme-norway-arena")
    assert row["meet"] < row["of"] and "deadline" in row["missing"] and row["outdated"]


def test_a_country_without_a_programme_is_told_so() -> None:
    plan = made(country="IS")
    assert plan["none_in_country"] and len(plan["others"]) >= 3 and all(row["citations"] for row in plan["others"])
    markdown = export(plan, "md").decode()
    assert "no living cluster programme in your country" in markdown
    assert all(row["text"] in markdown for row in plan["others"])


def test_an_industry_in_the_persons_own_words_finds_its_clusters() -> None:
    memo = memo_of("market_builder", "forming", country="NO", members=12)
    memo["slots"]["industry"] = {"value": "oppdrett", "option": "aquaculture, salmon, seafood", "words": "", "turn": 0}
    assert plans().plan(memo, TODAY)["existing"]["clusters"]


def test_rivals_get_the_competition_caution() -> None:
    assert made(motivation="ceo_pact")["competition"]["rivals_meet"]


def test_cases_and_a_counter_example() -> None:
    plan = made("industry_network", "mature", industry="tourism")
    assert plan["cases"][0]["alike"] and plan["counter"]
    well = {"thriving", "active", "renewed"}
    assert (plan["cases"][0]["outcome"] in well) != (plan["counter"]["outcome"] in well)


@given(
    st.integers(0, 500),
    st.integers(0, 100_000),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(2020, 2045),
    st.integers(0, 10**7),
)
def test_the_runway_adds_up(members: int, fee: int, projects: int, grant: int, ends: int, costs: int) -> None:
    found = runway(Figures(members, fee, projects, grant, ends, costs), 2026)
    assert found is not None and found["rows"]
    for row in found["rows"]:
        assert row["gap"] == members * fee + projects + (grant if row["year"] <= ends else 0) - costs


def test_without_costs_there_is_no_runway() -> None:
    assert runway(Figures(12, 1000), 2026) is None and "costs" in made()["runway_missing"]


def test_exports_can_be_read() -> None:
    plan = made(fee=20_000, costs=1_500_000, grant=800_000, grant_ends=2027)
    assert json.loads(export(plan, "json"))["profile"] == "market_builder"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(export(plan, "pdf"))).pages)
    assert "A plan for your cluster" in text and "Sources" in text and "Life after the grant" in text
    markdown = export(plan, "md").decode()
    assert all(step["action"] in markdown for step in plan["steps"])
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", markdown)}
    assert marks <= {row["n"] for row in plan["citations"]}


def test_the_calendar_keeps_to_the_standard() -> None:
    data = export(made(), "ics")
    lines = data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2] == b"END:VCALENDAR" and b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    assert data.count(b"BEGIN:VEVENT") == len(made()["steps"]) == len(set(re.findall(rb"UID:(\S+)", data)))
