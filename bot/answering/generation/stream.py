"""Reader of one streamed completion; validates everything that the server sends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.ports import Usage

_CHARACTERS_PER_TOKEN = 20
"""Far above the average of any language: a longer answer means that the server has no limit."""

_USAGE_TIMEOUT = 2.0
"""Seconds to wait for the usage figures after the end of the answer."""


class NotACompletion(Exception):
    """The server sent no complete completion."""


class Completion:
    """The state of one completion while its chunks come in.

    Attributes:
        usage: As the provider reports it; None until the end, and when it reports none.
    """

    def __init__(self, max_tokens: int) -> None:
        self.usage: Usage | None = None
        self._max_tokens = max_tokens
        self._characters = 0
        self._finish_reason = ""

    async def next(self, chunks: AsyncIterator[object]) -> str | None:
        """Return the next piece of text, None after the last.

        Raises:
            NotACompletion: The chunks are no completion, empty, filtered, endless or cut off.
        """
        while not self._finish_reason:
            raw = await anext(chunks, None)
            if raw is None:
                raise NotACompletion("the stream ended before the completion did")
            piece = self._take(raw)
            if piece:
                return piece
        if self._characters == 0:
            raise NotACompletion(self._why_empty())
        await self._await_usage(chunks)
        return None

    def _take(self, raw: object) -> str:
        chunk = _Chunk.parse(raw)
        if chunk.usage is not None:
            self.usage = Usage(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self._finish_reason = choice.finish_reason or ""
        if self._finish_reason == "content_filter":
            raise NotACompletion("the provider's content filter stopped it")
        piece = (choice.delta.content if choice.delta else None) or ""
        self._characters += len(piece)
        if self._characters > self._max_tokens * _CHARACTERS_PER_TOKEN:
            raise NotACompletion("it does not end: does the server support a token limit?")
        return piece

    async def _await_usage(self, chunks: AsyncIterator[object]) -> None:
        """Read on until the usage arrives; the answer is complete, so nothing may fail now."""
        with contextlib.suppress(TimeoutError, NotACompletion, ValueError):
            async with asyncio.timeout(_USAGE_TIMEOUT):
                while (raw := await anext(chunks, None)) is not None:
                    self._take(raw)

    def _why_empty(self) -> str:
        if self._finish_reason == "length":
            return "all tokens were spent before the first word: raise gpt.max_tokens"
        return "it is empty"


class _Part(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class _Delta(_Part):
    content: str | None = None


class _Choice(_Part):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Usage(_Part):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Chunk(_Part):
    """One `chat.completion.chunk`, with the fields in use; the client validates nothing."""

    choices: list[_Choice]
    usage: _Usage | None = None

    @classmethod
    def parse(cls, raw: object) -> _Chunk:
        try:
            return cls.model_validate(raw)
        except ValidationError:
            # Without its cause, which quotes the model's text.
            raise NotACompletion("a chunk has the wrong shape") from None
