"""Questions of the other five languages, word by word in English."""

import pytest

from advisor.retrieve.translate import to_english


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Hvor mye betaler medlemmene i en klynge?", {"how", "much", "member", "cluster"}),
        ("Wie hoch ist der Mitgliedsbeitrag in einem Cluster?", {"fee"}),
        ("¿Cuántos miembros tiene un clúster?", {"how", "many", "member"}),
        ("Combien de membres faut-il pour créer un pôle de compétitivité ?", {"how", "many", "member"}),
        ("Quanto tempo dura o financiamento de um cluster?", {"how", "long"}),
    ],
)
def test_the_words_that_search_needs(question: str, wanted: set[str]) -> None:
    said = to_english(question).lower().split()
    assert all(any(word.startswith(stem) for word in said) for stem in wanted), said


def test_english_stays_as_it_is() -> None:
    text = "What does the board of an innovation cluster do, and who sits on it?"
    assert to_english(text) == text


def test_names_and_figures_stay() -> None:
    said = to_english("Wie viele Mitglieder hatte Silicon Saxony im Jahr 2012?")
    assert "Silicon Saxony" in said and "2012" in said
