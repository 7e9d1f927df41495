"""The language of a short text, told by its commonest words and letters. Pure; "und" where it is not sure."""

import re


def _words(text: str) -> list[str]:
    """The words of a list written as a line."""
    return text.split()


_COMMON = {
    "en": _words(
        "the of and to in is that for it with are was what how who which does do can our we you my from have has "
        "should where when why will i a an"
    ),
    "nb": _words(
        "og i er det som en et på til av for med har ikke vi jeg hva hvordan hvem hvor når kan skal vår våre være "
        "om fra vil den hvorfor hvilke hvilken mange blir oss"
    ),
    "es": _words(
        "el la los las de que y en es un una por para con no se qué cómo quién cuándo dónde cuánto cuántos nuestro "
        "nuestra somos tenemos como del al su más hay son qué cuál quiénes"
    ),
    "de": _words(
        "der die das und ist in zu den mit von für auf nicht ein eine wir ich wie was wer wann wo warum welche "
        "welcher unser unsere kann sind haben hat werden gibt es im dem des bei wird sich"
    ),
    "fr": _words(
        "le la les de des et est un une pour dans que qui en du au aux nous je notre nos comment quoi quand où "
        "combien quel quelle quels sont avec sur pas ne se par ce cette y a-t-il il"
    ),
    "pt": _words(
        "o os as de que e em é um uma para com não se como quem quando onde quanto quantos nosso nossa somos temos "
        "do da no na dos das ao por mais há são qual quais eu foi"
    ),
    "it": _words(
        "il lo la gli le di che e in è un una per con non si come chi quando dove quanto nostro nostra siamo "
        "abbiamo del della dei nel al da più sono questo"
    ),
    "sv": _words(
        "och är det som en ett på till av för med har inte vi jag vad hur vem var när kan ska vår våra om från att"
    ),
}
_RUSSIAN = _words(
    "и в не на я что с он как это а по но они к у ты из мы за вы так же от для до или бы если его ее мне при был была "
    "были есть только уже все их нет когда где кто чем под без наш нас нам вам вас этот эта эти"
)
_LETTERS = {
    "nb": "æøå", "es": "ñ¿¡", "de": "ßäöü", "fr": "çœêèàùî", "pt": "ãõç", "sv": "äöå", "it": "òì",
}  # fmt: skip
_SCRIPTS = (
    ("ru", re.compile("[а-яё]", re.I)),
    ("ko", re.compile("[가-힣]")),
    ("zh", re.compile("[一-鿿]")),
    ("ar", re.compile("[؀-ۿ]")),
)


def detect(text: str) -> str:
    """ISO 639-1 code of the text's language, or "und"."""
    letters = sum(c.isalpha() for c in text) or 1
    for code, script in _SCRIPTS:
        if len(script.findall(text)) > 0.5 * letters:
            return code
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower())
    scores = {code: float(sum(word in common for word in words)) for code, common in _SETS.items()}
    lowered = text.lower()
    for code, marks in _LETTERS.items():
        scores[code] += 0.7 * sum(lowered.count(mark) for mark in marks)
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    return best if scores[best] > scores[second] and scores[best] >= 1 else "und"


_SETS = {code: frozenset(words) for code, words in _COMMON.items()}
COMMON_WORDS = frozenset(word for words in (*_COMMON.values(), _RUSSIAN) for word in words)
"""The commonest words of all the languages: they tell nothing of a text's topic."""
