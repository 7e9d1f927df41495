"""What people mean by their answers: numbers in words, corrections, unsure answers, places; the router; the profile's arithmetic."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.coach import interview, profile
from advisor.coach.numbers import chosen, numbers
from advisor.coach.places import country_of
from advisor.coach.router import route
from advisor.coach.slots import LANGUAGES_ASKED, PROFILES, slots
from advisor.coach.understand import answered, hear
from tests.coach.conftest import fake_encode


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("eighty-four members", "en", 84),
        ("two hundred and ten", "en", 210),
        ("two dozen", "en", 24),
        ("einundzwanzig Firmen", "de", 21),
        ("enogtyve bedrifter", "nb", 21),
        ("quarenta e três", "pt", 43),
        ("quatre-vingt-dix", "fr", 90),
        ("trente et un", "fr", 31),
        ("treinta y cinco", "es", 35),
        ("1 200 000 kr", "nb", 1_200_000),
        ("30k", "en", 30_000),
        ("10-12", "en", 10),
        ("I said fifteen, make that sixteen, one just called.", "en", 16),
        ("Not five, seven.", "en", 7),
        ("half of forty", "en", 20),
        ("en femten-seksten bedrifter", "nb", 15),
        ("entre dix et quinze ateliers", "fr", 10),
        ("une soixantaine d'industriels", "fr", 60),
        ("une équipe de douze", "fr", 12),
        ("quatre-vingt-onze", "fr", 91),
        ("Perdón, cuarenta no, cincuenta y dos.", "es", 52),
        ("Moment, Dutzend war falsch: es sind vierzehn Firmen.", "de", 14),
        ("umas vinte e tal, digamos 25", "pt", 25),
    ],
)
def test_numbers(text: str, language: str, value: float) -> None:
    found = chosen(text, numbers(text, language))
    assert found is not None and found.value == value


@given(st.integers(0, 999_999))
def test_digits_are_read_back(value: int) -> None:
    found = chosen(f"We are {value} members", numbers(f"We are {value} members"))
    assert found is not None and found.value == value


@settings(deadline=None)  # the first example reads the interview from disk
@given(st.text(max_size=200))
def test_no_text_breaks_the_hearing(text: str) -> None:
    for pending in (None, *slots()):
        hear(text, pending, "en", 2026)


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("programme", "We've sent the application and are waiting.", "applying"),
        ("programme", "nope", "no"),
        ("programme", "Oui, depuis trois ans.", "yes"),
        ("horizon", "Two decades.", 20),
        ("horizon", "Until 2036, that's ten years from now.", 10),
        ("scope", "Weltweit, und wir sind vierzig.", "global"),
        ("stage", "The statutes are with the notary.", "forming"),
        ("members", "None yet.", 0),
        ("members", "not sure", "unknown"),
        ("members", "Aucune idée.", "unknown"),
        ("programme", "não sei se existe", "unknown"),
        ("programme", "früher mal, ist ausgelaufen", "no"),
        ("programme", "aún no, lo pensaremos", "no"),
        ("horizon", "Anderthalb Jahrzehnte.", 15),
        ("scope", "local, la comarca", "local"),
        ("stage", "AS-et ble registrert i mars i år", "launched"),
        ("stage", "gegründet ist nichts", "forming"),
        ("stage", "We've met twice, nothing is signed.", "forming"),
        ("stage", "uma ideia, pouco mais", "idea"),
        ("country", "Nicht Deutschland, Luxemburg.", "LU"),
        ("country", "I live in Denmark but the cluster would be in Sweden.", "SE"),
    ],
)
def test_answers(slot: str, text: str, value: object) -> None:
    found = answered(slots()[slot], text, "en", 2026)
    assert found is not None and found.value == value


def test_a_market_is_not_the_home_country() -> None:
    assert country_of("We want to sell to Japan", home=True) is None
    assert country_of("We are in Norway", home=True) == "NO"
    assert country_of("Somos produtores no Alentejo e queremos vender juntos no Japão.", home=True) == "PT"
    assert country_of("Pumpenhersteller aus Sachsen, gemeinsam in die USA verkaufen.", home=True) == "DE"
    assert country_of("L'Allemagne et la Chine mettent des milliards.", home=True) is None
    assert country_of("There are four of us on this island.", home=True) is None
    assert country_of("A top player in battery cells, against China and Korea.", home=True) is None


@pytest.mark.parametrize(
    ("text", "pending", "kind"),
    [
        ("What does Arena pay?", "", "question"),
        ("What does Arena pay?", "members", "question"),
        ("What should I do next?", "", "plan"),
        ("plan please", "members", "plan"),
        ("Which starter profile am I?", "", "interview"),
        ("membership fees", "", "question"),
        ("Why do you ask?", "members", "explain"),
        ("twelve, maybe?", "members", "interview"),
        ("I want to know how fees work", "", "question"),
        ("What gets me out of bed is seeing our stove makers sell abroad.", "", "interview"),
        ("que se conozcan de verdad", "motivation", "interview"),
        ("wer zahlt und wer macht die Arbeit", "obstacle", "interview"),
        ("Somos doce empresas y queremos vender fuera.", "", "interview"),
    ],
)
def test_routes(text: str, pending: str, kind: str) -> None:
    heard = hear(text, pending or None, "en", 2026)
    assert route(text, "ask", pending, heard, bool(pending)).kind == kind


def test_every_question_speaks_six_languages() -> None:
    for slot in slots().values():
        for texts in (slot.question, slot.why, *(option.label for option in slot.options)):
            assert set(texts) == set(LANGUAGES_ASKED), slot.name
        for option in (*slot.options, *slot.ranges):
            assert set(option.profiles) <= set(PROFILES)


def test_probabilities_sum_to_one_and_quotes_are_the_persons_own() -> None:
    text = "I run a council office, but what I want is buyers in Japan. Nobody sells alone here."
    now = profile.standing([profile.read(text, fake_encode)], {"members": (12, "")})
    assert math.isclose(sum(p for _, p in now.ranking), 1.0, abs_tol=1e-6)
    assert math.isclose(sum(p for _, p in now.stages), 1.0, abs_tol=1e-6)
    assert now.evidence and all(row["quote"] in text for row in now.evidence)


def test_the_interview_asks_at_most_seven_and_nothing_twice() -> None:
    asked: list[str] = []
    answers: dict[str, tuple[str | int, str]] = {}
    while (name := interview.next_question([], answers, asked)) is not None:
        assert name not in asked
        asked.append(name)
        answers[name] = ("unknown", "")
    assert len(asked) <= interview.MOST


@pytest.mark.parametrize(
    ("text", "pending", "slot", "value"),
    [
        ("Actually it's eleven companies, two more signed this morning.", "horizon", "members", 11),
        ("Perdón, somos 26 queserías, me equivoqué.", None, "members", 26),
        ("Actually fourteen, not twelve.", "horizon", "members", 14),
        ("One thing I said was wrong: our horizon is twelve years.", None, "horizon", 12),
    ],
)
def test_a_correction_mends_its_own_slot_and_answers_nothing_else(
    text: str, pending: str | None, slot: str, value: int
) -> None:
    heard = hear(
        text, pending, "en", 2026, {"industry": "cheese", "members": 12} | ({} if pending else {"horizon": 10})
    )
    assert {name: fact.value for name, fact in heard.items()} == {slot: value}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("We make gear for oyster farms and want to sell it abroad.", {"industry": "oyster", "scope": "global"}),
        ("Thirty members came in last year, and we are in Denmark.", {"country": "DK"}),
        ("I lead one of the four leading firms and two more signed.", {}),
        ("Wir sind ein lockerer Kreis von Leuten.", {}),
        ("None of us can put that right alone.", {}),
        ("Seven of us run the big aluminium foundries here.", {"industry": "aluminium", "members": 7}),
        ("One lab would pay for itself in two years.", {}),
    ],
)
def test_what_an_opening_tells_and_what_it_does_not(text: str, known: dict[str, str]) -> None:
    heard = hear(text, None, "en", 2026)
    assert {n: f.value if n != "scope" else f.option for n, f in heard.items() if n != "role"} == known


def test_numbers_and_places_leave_the_profile_alone() -> None:
    told = [profile.read("We want to sell abroad together.", fake_encode)]
    before = profile.standing(told, {})
    after = profile.standing(told, {"members": (14, ""), "horizon": (30, ""), "country": ("NO", "")})
    assert dict(after.ranking) == pytest.approx(dict(before.ranking))
