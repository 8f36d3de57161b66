"""A model on a loopback port that takes its time: it chooses sentences, writes them, or judges."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import web

from tests.servers.openai_protocol import Exchange, chunk, completions

CHOICES = 4
PER_WORD = 0.05
SENTENCES = (
    "Renting a tent for two people costs 9 euro per day.",
    "Renting a tent for four people costs 14 euro.",
    "Renting a tent for six people costs 19 euro per day.",
)
_WEEK = re.compile(r"in week (\d+)")


class ChoosingModel:
    """Chat completions that choose the first sentences offered, write some, or confirm one.

    Attributes:
        first_choice: When the first choice or sentence was sent, by the number of the week in the
            question.

    Args:
        pause: Seconds between two choices.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._busy = 0
        self.first_choice: dict[int, float] = {}
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Listen on a free port."""
        async with completions(self._complete) as self.url:
            yield self

    async def idle(self) -> None:
        """Wait until no answer is being made."""
        while self._busy:  # noqa: ASYNC110 - aiohttp tells nobody
            await asyncio.sleep(0.05)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self._busy += 1
        try:
            body = await request.json()
            nobody = asyncio.Event()
            exchange = Exchange(body, "", request, nobody, nobody)
            response = await exchange.open()
            said = str(body["messages"][-1]["content"])
            if "SENTENCE" in said:
                await exchange.event(response, chunk({"content": "yes"}))
            elif "response_format" in body:
                await self._choose(exchange, response, said)
            else:
                await self._write(exchange, response, said)
            return await exchange.end(response)
        finally:
            self._busy -= 1

    async def _choose(self, exchange: Exchange, response: web.StreamResponse, said: str) -> None:
        """Choose one sentence after the other."""
        await exchange.event(response, chunk({"role": "assistant", "content": '{"choices":['}))
        for unit in range(1, CHOICES + 1):
            choice = f'{"," if unit > 1 else ""}{{"part":1,"unit":{unit}}}'
            await exchange.event(response, chunk({"content": choice}))
            self._note(said)
            await asyncio.sleep(self._pause)
        await exchange.event(response, chunk({"content": "]}"}))

    async def _write(self, exchange: Exchange, response: web.StreamResponse, said: str) -> None:
        """Write sentences, word by word."""
        for sentence in SENTENCES:
            *words, last = sentence.split()
            for word in words:
                await exchange.event(response, chunk({"content": f"{word} "}))
                await asyncio.sleep(PER_WORD)
            await exchange.event(response, chunk({"content": f"{last} "}))
            self._note(said)
            await asyncio.sleep(PER_WORD)

    def _note(self, said: str) -> None:
        for week in _WEEK.findall(said)[-1:]:
            self.first_choice.setdefault(int(week), time.monotonic())
