"""What the advisor says in its own name, in six languages: prompts/texts/*.toml."""

import functools
import tomllib
from collections.abc import Mapping

from advisor.errors import SetupError
from advisor.resources import resource

LANGUAGES = ("en", "nb", "es", "de", "fr", "pt")


@functools.cache
def texts(language: str) -> Mapping[str, str]:
    """All strings of a language; another language than the six gets English."""
    name = language if language in LANGUAGES else "en"
    path = resource("prompts") / "texts" / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise SetupError(
            f"The texts cannot be read ({problem})", value=path, cure="Reinstall, or mend that line."
        ) from problem


def say(key: str, language: str = "en", **values: str) -> str:
    """One string, with its variables set."""
    return texts(language)[key].format(**values)
