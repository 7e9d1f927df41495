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


def variants(question: str, history: Sequence[Message] = ()) -> list[tuple[str, float]]:
    """(query, weight) pairs whose rankings are fused; the last is the fullest form of the question."""
    earlier = [message for message in history if message.text.strip()]
    if not earlier or not leans_on_history(question, earlier):
        return [(question, 1.0)]
    carried = _topic(question, earlier)
    return [(question, 0.5), (f"{carried} {question}".strip(), 1.0)]


def leans_on_history(question: str, history: Sequence[Message]) -> bool:
    """Whether the question needs what was said before: it is short, starts in the middle, or points back."""
    own = set(terms(question))
    if _LEANS.search(question) or len(own) <= _FEW_TERMS:
        names = [name for name in _names(question) if name.lower() not in _all_text(history)]
        return not (names and len(own) > _FEW_TERMS)
    return False


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
