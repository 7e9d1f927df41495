"""A question inside a conversation, understood by rules that need no model: carry topic and names, keep the original."""

import re
from collections.abc import Sequence

from advisor.documents import Message
from advisor.index.lexical import terms

_LEANS = re.compile(
    r"^(and|but|so|or|also|what about|how about|why|really|then|og|men|hva med|y|pero|und|aber|et|mais|e|mas)\b"
    r"|\b(it|its|they|them|their|this|that|these|those|he|she|there|one|ones|former|latter|same|others?|den|det|de|dem"
    r"|eso|ellos|ello|esto|sie|es|das|dort|elle|ils|elles|cela|ça|eles|ela|isso)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÅÆØÄÖÜÉÑÇ][\w&-]+(?:\s+(?:of|for|de|du|the|and|[A-ZÅÆØÄÖÜÉÑÇ][\w&-]+))*")
_FEW_TERMS = 3

# What was said before, beside the question's own weight of 1 (evals/README.md).
_LEANING = 1.0
_STANDING = 0.5  # of a question that could stand alone: it may have changed the topic
_ANSWER = 0.4  # of that, the last answer
_ANSWER_WORDS = 60


def understood(question: str, history: Sequence[Message] = ()) -> str:
    """The question with what it leaves unsaid; itself where it stands alone."""
    earlier = _spoken(history)
    return _fuller(question, earlier) if earlier and leans_on_history(question, earlier) else question


def variants(question: str, history: Sequence[Message] = ()) -> list[tuple[str, float]]:
    """(query, weight) pairs that are searched for together: the question, what it goes on from, the last answer."""
    earlier = _spoken(history)
    if not earlier:
        return [(question, 1.0)]
    weight = _LEANING if leans_on_history(question, earlier) else _STANDING
    answers = [message.text for message in earlier if message.role == "assistant"][-1:]
    said = [(" ".join(answer.split()[:_ANSWER_WORDS]), weight * _ANSWER) for answer in answers]
    return [(question, 1.0), (_fuller(question, earlier), weight), *said]


def leans_on_history(question: str, history: Sequence[Message]) -> bool:
    """Whether the question needs what was said before: it is short, starts in the middle, or points back."""
    own = set(terms(question))
    if _LEANS.search(question) or len(own) <= _FEW_TERMS:
        names = [name for name in _names(question) if name.lower() not in _all_text(history)]
        return not (names and len(own) > _FEW_TERMS)
    return False


def _spoken(history: Sequence[Message]) -> list[Message]:
    return [message for message in history if message.text.strip()]


def _fuller(question: str, history: Sequence[Message]) -> str:
    return f"{_topic(question, history)} {question}".strip()


def _topic(question: str, history: Sequence[Message]) -> str:
    """The last user turn whole, and the names of the last answer; further back only where that turn leans itself."""
    users = [message.text for message in history if message.role == "user"]
    answers = [message.text for message in history if message.role == "assistant"]
    parts: list[str] = []
    if users:
        parts.append(users[-1])
        if len(users) > 1 and (_LEANS.search(users[-1]) or len(set(terms(users[-1]))) <= _FEW_TERMS):
            parts.insert(0, users[-2])
    if answers:
        said = set(terms(" ".join(parts) + " " + question))
        fresh = [name for name in _names(answers[-1]) if not set(terms(name)) <= said]
        parts.extend(dict.fromkeys(fresh[:3]))
    return " ".join(parts)


def _names(text: str) -> list[str]:
    return [match.group(0) for match in _NAME.finditer(text)]


def _all_text(history: Sequence[Message]) -> str:
    return " ".join(message.text for message in history).lower()
