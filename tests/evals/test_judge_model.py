"""The optional judge counts yes and no, and leaves what is neither out."""

from evals import cases, judge, run

CASE = cases.Case("a1", "answers", "own", "Who founded it?")
OUT = {"outcome": "answered", "answer": "Tillbrook.", "citations": [{"passage": "Tillbrook founded it."}]}


def test_a_judge_says_yes_or_no() -> None:
    ran = run.Run({}, {"a1": {"id": "a1", "output": OUT}})
    said = judge.figures([CASE], ran, "scripted:Yes, it does.")
    assert said["supported"].value == said["helpful"].value == 1.0 and said["unclear"].value == 0.0
    assert judge.figures([CASE], ran, "scripted:Perhaps.")["unclear"].value == 1.0
