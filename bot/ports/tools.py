"""Port of chat models that can ask for a tool to be called."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.ports.answering import ChatMessage, JsonSchema, Usage


@dataclass(frozen=True, slots=True)
class Tool:
    """What a model may ask to be called.

    Attributes:
        name: Of the action.
        description: What it does, in a sentence.
        parameters: JSON schema of its arguments.
    """

    name: str
    description: str
    parameters: JsonSchema


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a model asks to be called; nothing about it is to be trusted.

    Attributes:
        name: Of the tool, as the model wrote it.
        arguments: As the model wrote them; meant to be JSON.
    """

    name: str
    arguments: str


@runtime_checkable
class CallsTools(Protocol):
    """A chat model that can ask for tools."""

    def tool_calls(
        self, prompt: Sequence[ChatMessage], tools: Sequence[Tool]
    ) -> AsyncGenerator[ToolCall | Usage, None]:
        """Yield the calls that the model asks for, perhaps none, and its usage if it is told.

        Raises:
            ChatModelUnavailable: The server failed, timed out or sent an invalid response.
        """
        ...
