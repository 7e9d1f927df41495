"""Prompts are data: prompts/NAME.md with declared variables in the head and text in the body."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from advisor.documents import digest
from advisor.errors import SetupError
from advisor.resources import resource

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A loaded prompt. `digest` changes with any change of its text."""

    name: str
    variables: tuple[str, ...]
    text: str
    digest: str

    def fill(self, **values: str) -> str:
        """The text with its variables set; raises SetupError unless exactly the declared ones are given."""
        if set(values) != set(self.variables):
            raise SetupError(
                f"Prompt {self.name} takes {sorted(self.variables)}", value=sorted(values), cure="Give exactly these."
            )
        return _VARIABLE.sub(lambda match: values[match.group(1)], self.text)


def load(name: str, folder: Path | None = None) -> Prompt:
    """Read and check prompts/`name`.md: every variable used is declared, every declared one used."""
    path = (folder or resource("prompts")) / f"{name}.md"
    try:
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        declared = tuple(yaml.safe_load(head)["variables"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SetupError(
            f"Prompt {name} cannot be read ({problem})", value=path, cure="See prompts/README.md."
        ) from problem
    used = set(_VARIABLE.findall(body))
    if used != set(declared):
        raise SetupError(
            f"Prompt {name} declares {sorted(declared)} but uses {sorted(used)}", value=path, cure="Make them the same."
        )
    return Prompt(name, declared, body.strip(), digest(head, body))
