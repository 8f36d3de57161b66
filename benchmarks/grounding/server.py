"""Models behind real servers: a script that speaks chat completions, and llama.cpp."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from aiohttp import web

from benchmarks.grounding.writers import Writer, articles_in, question_in
from bot.answering.generation.factory import connect
from bot.answering.generation.local import LocalChatModel
from bot.config.schema import GptConfig
from bot.errors import ChatModelUnavailable
from bot.ports import ChatMessage, ChatModel, JsonSchema, Usage

_PIECE = 12
_TIMEOUT = 120.0
"""Seconds; a busy machine is to be slow, not to fail."""

_MAX_TOKENS = 200
_CONTEXT = 8_192
"""Tokens: four passages of Chinese are long for a model that was hardly taught any."""


@asynccontextmanager
async def scripted(writer: Writer) -> AsyncIterator[ChatModel]:
    """Serve a model that writes answers from articles on a loopback port."""

    def reply(prompt: str) -> str:
        return writer(question_in(prompt), articles_in(prompt))

    async with replying(reply) as model:
        yield model


@asynccontextmanager
async def replying(reply: Callable[[str], str]) -> AsyncIterator[ChatModel]:
    """Serve a model on a loopback port; it replies to the user message of each prompt."""

    async def complete(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        answer = reply(body["messages"][-1]["content"])
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
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        async with aclosing(connect(GptConfig(base_url=url, timeout=_TIMEOUT), "none")) as model:
            yield model
    finally:
        await runner.cleanup()


async def _send(
    response: web.StreamResponse, delta: dict[str, str], finish_reason: str | None
) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
    await response.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())


@asynccontextmanager
async def local(file: Path) -> AsyncIterator[ChatModel]:
    """Load a GGUF file, as `gpt: {provider: local}` does.

    Raises:
        FrontdeskError: The file or the extra `local` is missing.
    """
    config = GptConfig(
        provider="local",
        model_path=file,
        context=_CONTEXT,
        max_tokens=_MAX_TOKENS,
        timeout=_TIMEOUT,
    )
    async with aclosing(LocalChatModel(config, connect)) as model:
        model.start()
        await model.ready()
        yield model


class Repeating:
    """A `ChatModel` that says the same again to the same prompt.

    Guard on and off are compared over the same words then, and a slow model works only once.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._said: dict[tuple[ChatMessage, ...], list[str | Usage]] = {}

    async def stream(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None = None
    ) -> AsyncGenerator[str | Usage, None]:
        """Yield the completion, as it was given the first time.

        Raises:
            ChatModelUnavailable: The model failed; it is asked again the next time.
        """
        key = tuple(prompt)
        if key in self._said:
            for piece in self._said[key]:
                yield piece
            return
        said = self._said[key] = []
        try:
            async with aclosing(self._model.stream(prompt, schema)) as pieces:
                async for piece in pieces:
                    said.append(piece)
                    yield piece
        except ChatModelUnavailable:
            del self._said[key]
            raise
