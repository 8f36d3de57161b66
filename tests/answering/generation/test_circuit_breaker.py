"""A real client against a real server that fails, and a clock that tests move."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.answering.generation.circuit_breaker import ALERT, FAILURES, REST, Breaker
from bot.answering.generation.openai import build_chat_model
from bot.config.schema import GptConfig
from bot.errors import ChatModelUnavailable, RequestRefused
from bot.ports import ChatMessage
from tests.servers.openai import OpenAIServer, openai_server

PROMPT = [ChatMessage("user", "hello")]


@dataclass
class Clock:
    """A clock that stands still."""

    at: float = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Alerts:
    """What staff read."""

    told: list[str] = field(default_factory=list)

    async def alert(self, kind: str, text: str) -> None:
        self.told.append(kind)

    async def clear(self, kind: str) -> None:
        self.told.append(f"{kind} over")


@asynccontextmanager
async def breaker(
    clock: Clock, *scripts: str, alerts: Alerts | None = None
) -> AsyncIterator[tuple[OpenAIServer, Breaker]]:
    async with openai_server(*scripts) as server:
        model = build_chat_model(GptConfig(base_url=server.url, timeout=5), {})
        assert model is not None
        async with aclosing(model):
            yield server, Breaker(model, clock, alerts)


async def fails(model: Breaker, times: int) -> None:
    for _ in range(times):
        with pytest.raises(ChatModelUnavailable):
            await read(model)


async def read(model: Breaker) -> str:
    return "".join([part async for part in model.stream(PROMPT) if isinstance(part, str)])


async def test_a_server_that_fails_again_and_again_is_left_alone() -> None:
    async with breaker(Clock(), "unauthorized") as (server, model):
        await fails(model, FAILURES)
        asked = len(server.requests)
        await fails(model, 10)

        assert len(server.requests) == asked


async def test_after_a_rest_one_request_tries_again_and_success_closes_the_circuit() -> None:
    clock, alerts = Clock(), Alerts()
    scripts = [*["unauthorized"] * FAILURES, "normal"]
    async with breaker(clock, *scripts, alerts=alerts) as (_, model):
        await fails(model, FAILURES + 1)
        clock.at += REST + 1

        assert await read(model)
        assert await read(model)
        assert alerts.told == [ALERT, f"{ALERT} over"]


async def test_while_one_request_tries_the_others_do_not_wait() -> None:
    clock = Clock()
    scripts = [*["unauthorized"] * FAILURES, "hang_before"]
    async with breaker(clock, *scripts) as (server, model):
        await fails(model, FAILURES)
        clock.at += REST + 1
        trying = asyncio.create_task(read(model))
        await server.hung.wait()

        await fails(model, 1)
        assert len(server.requests) == FAILURES + 1
        trying.cancel()
        await asyncio.wait([trying])


async def test_a_request_that_is_refused_for_its_content_opens_no_circuit() -> None:
    async with breaker(Clock(), "refuses_everything") as (server, model):
        for _ in range(FAILURES + 2):
            with pytest.raises(RequestRefused):
                await read(model)

        assert len(server.requests) >= FAILURES + 2
