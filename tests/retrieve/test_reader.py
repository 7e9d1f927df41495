"""The reader on the shipped weights: plain cases that nobody would dispute."""

import pytest

from advisor.errors import SetupError
from advisor.retrieve import reader
from advisor.retrieve.reader import Reader

_ANSWERED = (
    ("How long does a GCE project run?", "Global Centres of Expertise: A GCE project runs for ten years."),
    ("who pays for the manager?", "Manager > Pay: In the first two years the grant pays the cluster manager's salary."),
    ("How many members did Otterby have in 2012?", "Otterby > Members: In 2012 Otterby counted 41 members."),
)
_NOT_ANSWERED = (
    ("How long does a GCE project run?", "Global Centres of Expertise: The call is open to mature clusters."),
    ("who pays for the manager?", "Otterby > Members: In 2012 Otterby counted 41 members."),
    ("What is the email of the director?", "Otterby: The director of Otterby came from a sawmill."),
)


@pytest.fixture(scope="module")
def shared() -> Reader:
    return Reader()


def test_an_answer_is_told_from_a_sentence_of_the_same_subject(shared: Reader) -> None:
    assert shared.chances(_ANSWERED).min() > shared.chances(_NOT_ANSWERED).max()


def test_the_order_of_pairs_does_not_matter(shared: Reader) -> None:
    both = [*_ANSWERED, *_NOT_ANSWERED]
    forwards, backwards = shared.chances(both), shared.chances(both[::-1])
    assert forwards == pytest.approx(backwards[::-1], abs=1e-4)


def test_nothing_to_read() -> None:
    assert Reader().read("anything", []) == []


def test_weights_of_another_digest_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SHA256", "0" * 64)
    with pytest.raises(SetupError, match="SHA-256"):
        Reader().chances([("a", "b")])
