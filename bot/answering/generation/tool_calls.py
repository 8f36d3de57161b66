"""Asks a server with OpenAI's chat completions API which tools the model would call."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answering.generation.stream import NotACompletion
from bot.ports import ChatMessage, Tool, ToolCall, Usage

if TYPE_CHECKING:
    import openai

MOST = 3
"""Calls of one completion that are read."""

LONGEST = 2_000
"""Characters of the arguments of a call."""

_OF_STREAMS = "stream_options"


async def requested_calls(
    client: openai.AsyncOpenAI,
    model: str,
    messages: Sequence[Mapping[str, str]],
    tools: Sequence[Tool],
    parameters: Mapping[str, object],
) -> AsyncGenerator[ToolCall | Usage, None]:
    """Yield the calls that a model asks for, then its usage.

    Raises:
        NotACompletion: The response is none.
    """
    listed: Any = [{"type": "function", "function": _function(tool)} for tool in tools]
    sent: Any = list(messages)
    completion = await client.chat.completions.create(
        model=model,
        messages=sent,
        tools=listed,
        extra_body={key: each for key, each in parameters.items() if key != _OF_STREAMS},
    )
    found = _Completion.parse(completion)
    message = found.choices[0].message if found.choices else None
    for call in (message.tool_calls or () if message else ())[:MOST]:
        if call.function is not None and len(call.function.arguments) <= LONGEST:
            yield ToolCall(call.function.name, call.function.arguments)
    if found.usage is not None:
        yield Usage(found.usage.prompt_tokens, found.usage.completion_tokens)


def as_messages(prompt: Sequence[ChatMessage]) -> list[dict[str, str]]:
    """Return a prompt as the API takes it; JSON carries no lone surrogates."""
    return [
        {"role": each.role, "content": each.content.encode("utf-8", "replace").decode("utf-8")}
        for each in prompt
    ]


def _function(tool: Tool) -> Mapping[str, object]:
    return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}


class _Part(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class _Function(_Part):
    name: str
    arguments: str


class _Call(_Part):
    function: _Function | None = None


class _Message(_Part):
    tool_calls: list[_Call] | None = None


class _Choice(_Part):
    message: _Message | None = None


class _Usage(_Part):
    prompt_tokens: int
    completion_tokens: int


class _Completion(_Part):
    """One `chat.completion`, with the fields in use; the client validates nothing."""

    choices: list[_Choice]
    usage: _Usage | None = None

    @classmethod
    def parse(cls, raw: object) -> _Completion:
        try:
            return cls.model_validate(raw)
        except ValidationError:
            # Without its cause, which quotes the model's text.
            raise NotACompletion("a completion has the wrong shape") from None
