"""Where corpus/, prompts/ and evals/ are: in the checkout, else in the installed package."""

from pathlib import Path

from advisor.errors import SetupError

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Folder of a resource; an editable install does not see packaged copies, so the checkout comes first."""
    checkout = (_PACKAGE.parent / "pyproject.toml").is_file()
    candidate = (_PACKAGE.parent if checkout else _PACKAGE / "_resources") / name
    if candidate.is_dir():
        return candidate
    raise SetupError(
        "A part of the installation is missing", value=name, cure="Reinstall: pip install --force-reinstall ."
    )
