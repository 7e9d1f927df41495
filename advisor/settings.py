"""One frozen Settings: defaults < advisor.toml < ADVISOR_* environment."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from advisor.errors import SetupError


class Site(BaseModel):
    """An agency's site that may embed the widget. `key` is safe to publish, `secret` is not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{1,63}$")
    origins: tuple[str, ...] = ()  # exact, or https://*.example.org
    secret: str = ""
    readers: tuple[str, ...] = ()  # who may read the agency's view by `proxy_header`: anna@example.org, *@example.org
    title: str = "Cluster Advisor"
    greeting: str = ""
    accent: str = Field(default="#0b6e6e", pattern=r"^#[0-9a-fA-F]{6}$")
    languages: tuple[str, ...] = ("en", "nb", "es", "de", "fr", "pt")
    collections: tuple[str, ...] = ()  # "corpus" is the built-in one; empty: all of them
    privacy_url: str = ""
    consent: str = ""
    retention_days: int = Field(default=90, ge=1, le=3650)
    messages_per_day: int = Field(default=5000, ge=1)
    hosted_model: bool = False
    handover: str = ""  # a mail address or a URL
    texts: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)  # language -> string id -> text


class Limits(BaseModel):
    """Requests that one visitor, thread or site may make."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_address: str = "120/minute"
    per_thread: str = "30/minute"
    threads_per_address: str = "60/hour"
    streams_per_address: int = Field(default=20, ge=1)
    streams: int = Field(default=2000, ge=1)  # open at once
    hosted_per_day: str = "2000/day"


class Settings(BaseModel):
    """Everything that can be set. See README, "Settings"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    llm: str = "embedded:smollm2"
    embedding: str = "embedded:minilm"
    polish: bool = False  # let the model rephrase a composed answer, under the check
    corpus: tuple[Path, ...] = ()  # folders; empty: the built-in corpus
    data_dir: Path = Path("data")
    database_url: str = ""  # empty: SQLite under data_dir
    chroma_url: str = ""  # empty: embedded
    redis_url: str = ""  # empty: limits in memory
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    allowed_hosts: tuple[str, ...] = ()  # names by which the server is reached, beside this machine's and addresses
    proxies: tuple[str, ...] = (
        "127.0.0.1",
        "::1",
    )  # addresses or networks of reverse proxies whose X-Forwarded-* are believed
    proxy_header: str = ""  # where such a proxy names who has signed in, like X-Auth-Request-Email
    max_question_chars: int = Field(default=4000, ge=100)
    fetch_private_addresses: bool = False  # let `ingest` read URLs on this machine and its network
    allow_paid: bool = True  # off in tests: a hosted provider is then refused
    seed: int = 7
    sites: tuple[Site, ...] = ()
    limits: Limits = Limits()


def load(file: Path | None = None, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from `file` (default: advisor.toml here, if there), environment and overrides.

    Raises SetupError that names key, value and cure.
    """
    environ = os.environ if environ is None else environ
    path = file or Path(environ.get("ADVISOR_CONFIG", "advisor.toml"))
    values: dict[str, Any] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise SetupError(f"{path} is not valid TOML ({problem})", cure="Mend that line.") from problem
    elif file is not None:
        raise SetupError("No such settings file", value=path, cure="Give an existing advisor.toml.")
    for key in Settings.model_fields:
        text = environ.get(f"ADVISOR_{key.upper()}")
        if text is not None and key not in ("sites", "limits"):
            many = {"corpus": os.pathsep, "allowed_hosts": ",", "proxies": ","}.get(key)
            values[key] = [part.strip() for part in text.split(many) if part.strip()] if many else text
    values.update({key: value for key, value in overrides.items() if value is not None})
    try:
        return Settings.model_validate(values)
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        cure = f"Known settings: {', '.join(Settings.model_fields)}." if first["type"] == "extra_forbidden" else ""
        raise SetupError(f"Setting {key}: {first['msg']}", value=first.get("input"), cure=cure) from problem
