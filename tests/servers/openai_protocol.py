"""The wire format of streamed chat completions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass
class Exchange:
    """One request and the tools to answer it."""

    body: Mapping[str, Any]
    answer: str
    request: web.Request
    hung: asyncio.Event
    dropped: asyncio.Event

    async def hang(self) -> None:
        """Say nothing until the client leaves."""
        self.hung.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.dropped.set()

    async def open(self) -> web.StreamResponse:
        """Send the headers of a stream."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(self.request)
        return response

    async def event(self, response: web.StreamResponse, data: object) -> None:
        """Send one server-sent event."""
        text = data if isinstance(data, str) else json.dumps(data)
        await response.write(f"data: {text}\n\n".encode())

    async def pieces(self, response: web.StreamResponse, text: str, pause: float = 0.0) -> None:
        """Send a text word by word, without an end."""
        await self.event(response, chunk({"role": "assistant", "content": ""}))
        for word in text.split(" "):
            await self.event(response, chunk({"content": word + " "}))
            await asyncio.sleep(pause)

    async def end(self, response: web.StreamResponse, reason: str = "stop") -> web.StreamResponse:
        """Send what closes a completion: the reason, the usage if asked for, and `[DONE]`."""
        await self.event(response, chunk({}, finish_reason=reason))
        if (self.body.get("stream_options") or {}).get("include_usage"):
            prompt = sum(len(message["content"].split()) for message in self.body["messages"])
            completion = len(self.answer.split())
            usage = {
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            }
            await self.event(response, chunk(None, usage=usage))
        await self.event(response, "[DONE]")
        await response.write_eof()
        return response


def chunk(
    delta: Mapping[str, object] | None,
    *,
    finish_reason: str | None = None,
    usage: Mapping[str, int] | None = None,
) -> dict[str, object]:
    """Build one `chat.completion.chunk`; no delta, no choices."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "scripted",
        "choices": [] if delta is None else [choice],
        "usage": usage,
    }


def error(status: int, message: str, **details: object) -> web.Response:
    """Refuse, the way OpenAI does."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": None, **details}}
    return web.json_response(body, status=status)


@asynccontextmanager
async def completions(
    complete: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """Answer chat completions on a free port with a handler; yield the server's address."""
    application = web.Application()
    application.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()
