"""A chat model that follows a script: for tests, demonstrations and hostile drafts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from advisor.errors import SetupError


class ScriptedChat(BaseChatModel):
    """Answers by the first rule whose pattern occurs in the prompt; the last rule may have none."""

    rules: tuple[tuple[str, str], ...]  # (pattern, reply)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _reply(self, messages: list[BaseMessage]) -> str:
        prompt = "\n".join(str(message.content) for message in messages)
        return next((reply for pattern, reply in self.rules if re.search(pattern, prompt, re.IGNORECASE)), "")

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._reply(messages)))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in re.findall(r"\S+\s*|\s+", self._reply(messages)):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


def scripted(spec: str) -> ScriptedChat:
    """`scripted:TEXT` always says TEXT; `scripted:@FILE.json` holds [[pattern, reply], ...]."""
    if not spec.startswith("@"):
        return ScriptedChat(rules=(("", spec),))
    try:
        rules = json.loads(Path(spec[1:]).read_text(encoding="utf-8"))
        return ScriptedChat(rules=tuple((str(pattern), str(reply)) for pattern, reply in rules))
    except (OSError, ValueError) as problem:
        raise SetupError(
            f"The script cannot be read ({problem})", value=spec, cure='Write [["pattern", "reply"], ...].'
        ) from problem
