"""Composition: short, cited, never a long run of a passage."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from advisor.coach.compose import choose, compose, nearest, question_back, tidy, window
from advisor.documents import Chunk, Evidence, SourceSentence
from advisor.texts import say

WORDS = [f"word{i}" for i in range(400)]


def evidence(n: int, length: int, start: int = 0) -> list[Evidence]:
    texts = [" ".join(["The", *WORDS[start + i * length : start + i * length + length]]) + "." for i in range(n)]
    sentences = tuple(SourceSentence(text, i + 1) for i, text in enumerate(texts))
    chunk = Chunk("c", "d", "method", "T", "T > S", " ".join(texts), "f.md", 1, sentences)
    return [Evidence(sentence, chunk, 0, 2.0 - 0.01 * i, 1.0, 1.0, 0.9) for i, sentence in enumerate(sentences)]


@given(st.integers(1, 8), st.integers(3, 30))
def test_no_passage_runs_on_beyond_forty_words(n: int, length: int) -> None:
    found = evidence(n, length)
    made = compose(found, "en")
    words = " ".join(sentence.text for sentence in made.sentences).split()
    passage = f" {found[0].chunk.text} "
    for start in range(len(words)):
        assert f" {' '.join(words[start : start + 41])} " not in passage or len(words) - start <= 40


@given(st.integers(1, 12), st.integers(3, 30))
def test_an_answer_stays_within_its_length(n: int, length: int) -> None:
    chosen = choose("What is it about?", evidence(n, length))
    assert sum(len(e.sentence.text.split()) for e in chosen) <= 100 or len(chosen) == 1


def test_every_sentence_is_cited_and_every_citation_used() -> None:
    made = compose(evidence(4, 8), "en")
    assert {n for s in made.sentences for n in s.citations} == {c.n for c in made.citations}
    assert all(s.citations for s in made.sentences)


@given(st.integers(1, 390))
def test_a_passage_is_cut_around_its_sentence(i: int) -> None:
    text = " ".join(WORDS)
    cut = window(text, f"{WORDS[i]} {WORDS[i + 1]}")
    assert len(cut.split()) <= 200 and WORDS[i] in cut.split()


def test_tidy_ends_a_sentence() -> None:
    assert tidy("- a thing\n of note") == "a thing of note."


def test_a_list_keeps_the_order_of_its_document() -> None:
    first, *rest = evidence(6, 8)
    shuffled = [rest[2], rest[0], first, *rest[1:2], *rest[3:]]
    assert [e.sentence.line for e in choose("Name the six items.", shuffled)] == [1, 2, 3, 4, 5, 6]
    assert choose("What matters?", shuffled)[0] is rest[2]  # elsewhere the answer comes first


def test_what_is_beside_the_point_is_not_shown_as_the_nearest() -> None:
    near = evidence(2, 8)
    far = [replace(e, cosine=0.2) for e in near]
    assert nearest(near) == near[:1] and nearest(far) == [] == nearest([])


def test_the_question_back_fits_the_answer() -> None:
    method = evidence(2, 8)
    programme = [replace(e, chunk=replace(e.chunk, kind="programme", status="ended")) for e in method[:1]]
    assert question_back([*programme, *method], "en").text == say("next_method")
    assert question_back(programme, "de").text == say("next_ended", "de")


def test_a_point_that_does_not_answer_is_left_out() -> None:
    lead, beside, other = evidence(3, 8)
    assert choose("What is it?", [lead, replace(beside, answers=0.01), other]) == [lead, other]
    assert (
        choose("What is it?", [replace(lead, answers=0.01), replace(other, answers=0.01)])[0].sentence is lead.sentence
    )
