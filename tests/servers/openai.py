"""A server that speaks OpenAI's chat completions, streamed, and misbehaves on demand.

python -m tests.servers.openai --port 8000 --script normal
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.openai_protocol import Exchange
from tests.servers.openai_scripts import SCRIPTS

ANSWER = "You can return it within 30 days. The label is in the parcel."


@dataclass(frozen=True)
class Recorded:
    """One request, as it came in."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass
class OpenAIServer:
    """Chat completions on a loopback port.

    Attributes:
        scripts: How to behave, one name of `SCRIPTS` per request; the last one stays.
        answer: What a well-behaved completion says.
        hung: Set once a request hangs, so that a test can act at that moment.
        dropped: Set once a client has left a request that was hanging.
        ended: When each request was over, whoever ended it, by `time.monotonic`.
        connections: How many sockets are open now.
    """

    scripts: list[str] = field(default_factory=lambda: ["normal"])
    answer: str = ANSWER
    requests: list[Recorded] = field(default_factory=list)
    hung: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[float] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The `base_url` of a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def connections(self) -> int:
        """Count the open sockets."""
        assert self._runner is not None
        assert self._runner.server is not None
        return len(self._runner.server.connections)

    async def idle(self) -> None:
        """Wait until no socket is open."""
        while self.connections:  # noqa: ASYNC110  # aiohttp tells nobody
            await asyncio.sleep(0.01)

    async def start(self) -> None:
        """Listen on `port`, or on a free one when it is 0."""
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._complete)
        runner = web.AppRunner(
            application, handle_signals=False, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        """Drop every connection and the port."""
        assert self._runner is not None
        await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(Recorded(body, dict(request.headers)))
        script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
        exchange = Exchange(body, self.answer, request, self.hung, self.dropped)
        try:
            return await SCRIPTS[script](exchange)
        except (asyncio.CancelledError, ConnectionError):  # it left before the request hung
            self.dropped.set()
            raise
        finally:
            self.ended.append(time.monotonic())


@asynccontextmanager
async def openai_server(*scripts: str, answer: str = ANSWER) -> AsyncIterator[OpenAIServer]:
    """Run a server for the length of a test."""
    server = OpenAIServer(scripts=list(scripts) or ["normal"], answer=answer)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def _serve(port: int, script: str, answer: str) -> None:
    server = OpenAIServer(scripts=[script], answer=answer, port=port)
    await server.start()
    print(server.url, flush=True)  # whoever started the process waits for it
    await asyncio.Event().wait()


def main() -> None:
    """Serve until killed; print the base URL once the port is open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="normal")
    parser.add_argument("--answer", default=ANSWER)
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.port, arguments.script, arguments.answer))


if __name__ == "__main__":
    main()
