"""A model on a loopback port that chooses sentences of the articles, one after a while."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import web

from tests.servers.openai_protocol import Exchange, chunk

CHOICES = 4
_WEEK = re.compile(r"in week (\d+)")


class ChoosingModel:
    """Chat completions that choose the first sentences offered.

    Attributes:
        first_choice: When the first choice was sent, by the number of the week in the question.

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
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._complete)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        try:
            yield self
        finally:
            await runner.cleanup()

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
            await exchange.event(response, chunk({"role": "assistant", "content": '{"choices":['}))
            for unit in range(1, CHOICES + 1):
                comma = "," if unit > 1 else ""
                choice = f'{comma}{{"part":1,"unit":{unit}}}'
                await exchange.event(response, chunk({"content": choice}))
                for week in _WEEK.findall(str(body["messages"][-1]["content"]))[-1:]:
                    self.first_choice.setdefault(int(week), time.monotonic())
                await asyncio.sleep(self._pause)
            await exchange.event(response, chunk({"content": "]}"}))
            return await exchange.end(response)
        finally:
            self._busy -= 1
