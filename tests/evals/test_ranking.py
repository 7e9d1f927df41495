"""Ranking figures are those of trec_eval; searches of questions with known documents are scored."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from advisor.assemble import Advisor
from evals import cases, retrieval, run, suites
from evals.systems import Abstainer, AdvisorSystem
from tests.evals.test_harness import Quiet

ASKED = [
    cases.Case("r1", "retrieval", "own", "Who founded the Otterby kelp cluster?", expect={"documents": ["case-otterby"]}),
    cases.Case("r2", "retrieval", "own", "Which membership fees are common?", expect={"documents": ["method-fees"]}),
]  # fmt: skip


def test_measures_are_those_of_trec_eval() -> None:
    ir = pytest.importorskip("ir_measures")
    wanted = {"ndcg_at_10": ir.nDCG @ 10, "recall_at_5": ir.R @ 5, "recall_at_10": ir.R @ 10, "mrr_at_10": ir.RR @ 10}
    draw = random.Random(3)
    documents = [f"d{i}" for i in range(30)]
    for _ in range(200):
        order, relevant = draw.sample(documents, 10), draw.sample(documents, draw.randint(1, 14))
        ranks = {document: float(-rank) for rank, document in enumerate(order)}
        theirs = ir.calc_aggregate(wanted.values(), {"q": dict.fromkeys(relevant, 1)}, {"q": ranks})
        ours = retrieval.measured(order, relevant)
        assert {n: round(ours[n], 9) for n in wanted} == {n: round(theirs[m], 9) for n, m in wanted.items()}


def test_nothing_found_is_nothing_won() -> None:
    assert set(retrieval.measured([], ["a"]).values()) == {0.0}
    assert set(retrieval.measured(["a"], ["a"]).values()) == {1.0}


def test_the_right_document_comes_first_and_an_empty_search_fails(small: Advisor, tmp_path: Any) -> None:
    def figures(system: Any, name: str) -> Mapping[str, Any]:
        ran = run.execute(ASKED, system, tmp_path / f"{name}.jsonl", Quiet())
        return suites.figures(suites.judge(ASKED, ran), ran)["retrieval"]

    good, none = figures(AdvisorSystem(small), "good"), figures(Abstainer(), "none")
    assert good["right_first"].value == good["ndcg_at_10"].value == 1.0
    assert none["passed"].value == none["ndcg_at_10"].value == 0.0


def test_questions_with_known_documents_are_searched_too() -> None:
    asked = [
        cases.Case("a1", "answers", "own", "?", expect={"documents": ["d"]}),
        cases.Case("a2", "answers", "own", "?"),
    ]
    assert [(case.id, case.suite) for case in retrieval.derived(asked)] == [("a1:retrieval", "retrieval")]
