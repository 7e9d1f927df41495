"""An optional judge: a language model says whether an answer is supported by its passages and meets the question.

Nothing depends on it: no floor, no suite, no case passes or fails by it.
"""

from collections.abc import Sequence

from advisor.errors import RequestError
from advisor.llm.models import chat_model
from evals.cases import Case
from evals.judged import Figure, share
from evals.run import Run

_ASKED = {
    "supported": "Is every claim of the ANSWER stated in the PASSAGES?",
    "helpful": "Does the ANSWER say what the QUESTION asks for?",
}
_PROMPT = "{ask} Reply with one word, yes or no.\n\nQUESTION: {question}\n\nANSWER: {answer}\n\nPASSAGES:\n{passages}"
_SUITES = frozenset({"answers", "followups"})


def figures(cases: Sequence[Case], run: Run, spec: str, allow_paid: bool = True) -> dict[str, Figure]:
    """Shares of yes; a reply that is neither yes nor no is counted apart and judged by nobody."""
    model = chat_model(spec, allow_paid=allow_paid)
    if model is None:
        raise RequestError("A judge needs a language model", value=spec, cure="--judge openai-compatible:MODEL@URL")
    said: dict[str, list[float]] = {name: [] for name in (*_ASKED, "unclear")}
    for case in cases:
        out = run.records.get(case.id, {}).get("output", {})
        if case.suite not in _SUITES or out.get("outcome") not in ("answered", "partial"):
            continue
        passages = "\n".join(f"- {c['passage']}" for c in out["citations"])
        for name, ask in _ASKED.items():
            prompt = _PROMPT.format(ask=ask, question=case.question, answer=out["answer"], passages=passages)
            word = str(model.invoke(prompt).text).strip().lower()
            clear = word.startswith(("yes", "no"))
            said["unclear"].append(float(not clear))
            said[name] += [float(word.startswith("yes"))] if clear else []
    return {name: share(values) for name, values in said.items()}
