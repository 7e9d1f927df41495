"""One door to language models: "provider:model" -> a LangChain chat model, or None for `none`."""

import os
from collections.abc import Callable
from pathlib import Path

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from advisor.errors import SetupError
from advisor.llm import embedded
from advisor.llm.scripted import scripted

_KNOWN = "embedded:smollm2, llamacpp:FILE.gguf, ollama:MODEL, openai:MODEL, anthropic:MODEL, openai-compatible:MODEL@URL, scripted:TEXT, none"
_HOSTED = {"openai": ("langchain-openai", "OPENAI_API_KEY"), "anthropic": ("langchain-anthropic", "ANTHROPIC_API_KEY")}
_TIMEOUT = 120.0  # seconds for one answer
_MAX_TOKENS = 500


def chat_model(spec: str, *, seed: int = 7, allow_paid: bool = True) -> BaseChatModel | None:
    """The chat model that `spec` names, at temperature 0. Raises SetupError with the command that mends it."""
    provider, _, model = spec.partition(":")
    if provider == "none":
        return None
    if provider not in _PROVIDERS:
        raise SetupError("Unknown language model", value=spec, cure=f"Known forms: {_KNOWN}.")
    if not model:
        raise SetupError(f"The model after {provider}: is missing", value=spec, cure=f"Known forms: {_KNOWN}.")
    if is_hosted(spec) and not allow_paid:
        raise SetupError("Hosted models are switched off here", value=spec, cure="Set allow_paid = true.")
    return _PROVIDERS[provider](model, seed)


def is_hosted(spec: str) -> bool:
    """Whether questions leave this machine with this model."""
    provider, _, model = spec.partition(":")
    local = ("http://127.", "http://localhost", "http://[::1]")
    return provider in _HOSTED or (provider == "openai-compatible" and not model.partition("@")[2].startswith(local))


def _embedded(model: str, seed: int) -> BaseChatModel:
    if model != "smollm2":
        raise SetupError("No such embedded model", value=model, cure="Use embedded:smollm2 or llamacpp:FILE.gguf.")
    return _openai_protocol(model, embedded.serve(embedded.smollm2_path(), seed), seed)


def _llamacpp(model: str, seed: int) -> BaseChatModel:
    path = Path(model).expanduser().resolve()
    return _openai_protocol(path.stem, embedded.serve(path, seed), seed)


def _openai_compatible(model: str, seed: int) -> BaseChatModel:
    name, at, url = model.partition("@")
    if not at or not url.startswith(("http://", "https://")):
        raise SetupError("An address is missing", value=model, cure="openai-compatible:MODEL@http://HOST:PORT/v1")
    return _openai_protocol(name, embedded.Endpoint(url, os.environ.get("ADVISOR_API_KEY", "none")), seed)


def _openai_protocol(model: str, at: embedded.Endpoint, seed: int) -> BaseChatModel:
    from langchain_openai import ChatOpenAI  # a second to import: only when a model is asked for

    return ChatOpenAI(
        model=model,
        base_url=at.base_url,
        api_key=SecretStr(at.api_key),
        temperature=0,
        seed=seed,
        timeout=_TIMEOUT,
        max_retries=1,
        max_completion_tokens=_MAX_TOKENS,
    )


def _hosted(provider: str) -> Callable[[str, int], BaseChatModel]:
    package, key = _HOSTED[provider]

    def build(model: str, seed: int) -> BaseChatModel:
        if not os.environ.get(key):
            raise SetupError(f"{provider} needs a key", value=key, cure=f"export {key}=...")
        return _init(provider, model, package)

    return build


def _ollama(model: str, seed: int) -> BaseChatModel:
    return _init("ollama", model, "langchain-ollama")


def _init(provider: str, model: str, package: str) -> BaseChatModel:
    try:
        found: BaseChatModel = init_chat_model(model, model_provider=provider, temperature=0)
    except ImportError as problem:
        raise SetupError(f"Package {package} is missing", value=provider, cure=f"pip install {package}") from problem
    return found


_PROVIDERS: dict[str, Callable[[str, int], BaseChatModel]] = {
    "embedded": _embedded,
    "llamacpp": _llamacpp,
    "openai-compatible": _openai_compatible,
    "openai": _hosted("openai"),
    "anthropic": _hosted("anthropic"),
    "ollama": _ollama,
    "scripted": lambda model, seed: scripted(model),
}
