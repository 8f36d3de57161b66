"""Circuit breaker: a language model that fails repeatedly gets no requests for a while.

Source: Nygard, Release It!, 2007.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TypeVar

from bot.errors import ChatModelUnavailable, RequestRefused
from bot.ports import (
    Alerts,
    CallsTools,
    ChatMessage,
    ChatModel,
    Clock,
    JsonSchema,
    Tool,
    ToolCall,
    Usage,
)

T = TypeVar("T")

FAILURES = 3
"""Failures in a row that open the circuit."""

REST = 30.0
"""Seconds after which one request tries again."""

ALERT = "gpt"
"""Name of the alert that GPT does not answer."""


class Breaker:
    """A `ChatModel` that sends no requests to another one while that keeps failing.

    After some failures in a row it fails at once, so that customers get the quoted passage without
    waiting; after a pause one request tries again, and its success closes the circuit.
    """

    def __init__(self, model: ChatModel, clock: Clock, alerts: Alerts | None = None) -> None:
        self._model = model
        self._clock = clock
        self._alerts = alerts
        self._failures = 0
        self._open_until = 0.0
        self._warned = False

    async def stream(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None = None
    ) -> AsyncGenerator[str | Usage, None]:
        """Yield the completion in pieces, and last its usage when the provider reports it.

        Raises:
            ChatModelUnavailable: It failed, or has failed too often just now.
        """
        async with aclosing(self._guarded(self._model.stream(prompt, schema))) as pieces:
            async for piece in pieces:
                yield piece

    async def tool_calls(
        self, prompt: Sequence[ChatMessage], tools: Sequence[Tool]
    ) -> AsyncGenerator[ToolCall | Usage, None]:
        """Yield the calls that the model asks for; of a model that can call none, none.

        Raises:
            ChatModelUnavailable: It failed, or has failed too often just now.
        """
        if not isinstance(self._model, CallsTools):
            return
        async with aclosing(self._guarded(self._model.tool_calls(prompt, tools))) as calls:
            async for call in calls:
                yield call

    async def _guarded(self, pieces: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
        now = self._clock.monotonic()
        if self._failures >= FAILURES:
            if now < self._open_until:
                raise ChatModelUnavailable(
                    "it failed several times in a row: no request is sent for now"
                )
            self._open_until = now + REST  # one request tries; the others fail at once
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
        except RequestRefused:
            raise  # the server is reachable
        except ChatModelUnavailable as error:
            await self._failed(error)
            raise
        except GeneratorExit:  # the caller needs no more
            self._failures = 0
            raise
        await self._worked()

    async def _failed(self, error: ChatModelUnavailable) -> None:
        self._failures += 1
        if self._failures < FAILURES:
            return
        self._open_until = self._clock.monotonic() + REST
        if self._alerts is not None and not self._warned:
            self._warned = True
            await self._alerts.alert(
                ALERT,
                f"GPT does not answer: {error}. Articles are quoted instead; it is retried "
                f"every {REST:.0f} seconds. See `gpt:` in config.yaml.",
            )

    async def _worked(self) -> None:
        self._failures = 0
        if self._warned and self._alerts is not None:
            self._warned = False
            await self._alerts.clear(ALERT)
