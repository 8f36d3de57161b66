"""The whole path against a real model: llama.cpp in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from bot.answering.generation.factory import connect, open_chat_model
from bot.answering.generation.local import LocalChatModel
from bot.answering.generation.openai import OpenAIChatModel
from bot.clock import SystemClock
from bot.config.schema import GptConfig
from bot.errors import ChatModelUnavailable, FrontdeskError, RequestRefused
from bot.ports import ChatMessage, ChatModel, Usage
from tests.end_to_end.conftest import local_gpt_process

ROOT = Path(__file__).parents[3]
FILE = Path(os.environ.get("FRONTDESK_TEST_GGUF", ROOT / ".frontdesk/gpt/smollm2-135m.gguf"))

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason=f"NO LOCAL GPT at {FILE}: run `make local-gpt`"),
    pytest.mark.timeout(300),
]

PROMPT = [
    ChatMessage("system", "Answer in one short sentence."),
    ChatMessage("user", "What is the capital of France?"),
]


def config(**settings: object) -> GptConfig:
    return GptConfig.model_validate(
        {"provider": "local", "model_path": FILE, "max_tokens": 24, "context": 1024, "timeout": 60}
        | settings
    )


@contextlib.asynccontextmanager
async def local(**settings: object) -> AsyncIterator[LocalChatModel]:
    model = LocalChatModel(config(**settings), connect)
    model.start()
    try:
        await model.ready()
        yield model
    finally:
        await model.aclose()


async def read(model: ChatModel, prompt: list[ChatMessage] = PROMPT) -> tuple[str, list[Usage]]:
    parts = [part async for part in model.stream(prompt)]
    text = "".join(part for part in parts if isinstance(part, str))
    return text, [part for part in parts if isinstance(part, Usage)]


async def patiently(model: ChatModel) -> list[str | Usage]:
    """Ask until the model is loaded."""
    while True:
        with contextlib.suppress(ChatModelUnavailable):
            return [part async for part in model.stream(PROMPT)]
        await asyncio.sleep(1)


async def test_an_answer_is_streamed_without_key_or_network_and_counted() -> None:
    async with open_chat_model(config(), {}, SystemClock()) as model:
        assert model is not None
        parts = await patiently(model)

    usage = parts[-1]
    assert isinstance(usage, Usage)
    assert 0 < usage.completion_tokens <= 24
    assert len(parts) > 3
    assert "".join(part for part in parts if isinstance(part, str)).strip()


async def test_nobody_else_on_the_machine_can_use_it() -> None:
    async with local() as model, httpx2.AsyncClient() as client:
        body = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}
        answer = await client.post(f"{model.url}/chat/completions", json=body)

    assert answer.status_code == 401


async def test_a_stream_that_nobody_reads_any_more_is_cancelled() -> None:
    keys: list[str] = []

    def connect_and_tell(config: GptConfig, key: str) -> OpenAIChatModel:
        keys.append(key)
        return connect(config, key)

    story = [ChatMessage("user", "Write the longest story that you know, with every detail.")]
    model = LocalChatModel(config(max_tokens=7_000, context=8_192), connect_and_tell)
    async with contextlib.aclosing(model):
        model.start()
        await model.ready()
        headers = {"Authorization": f"Bearer {keys[0]}"}
        async with httpx2.AsyncClient(headers=headers) as client:
            async with contextlib.aclosing(model.stream(story)) as pieces:
                await anext(pieces)
                assert await is_busy(client, model)
            async with asyncio.timeout(20):  # the story would take minutes
                while await is_busy(client, model):  # noqa: ASYNC110 - it is asked
                    await asyncio.sleep(0.1)


async def is_busy(client: httpx2.AsyncClient, model: LocalChatModel) -> bool:
    """Ask llama.cpp whether it works on an answer."""
    slots = await client.get(f"{model.url.removesuffix('/v1')}/slots")
    return any(slot["is_processing"] for slot in slots.json())


async def test_a_prompt_longer_than_the_context_is_refused_and_the_next_one_is_answered() -> None:
    async with local() as model:
        with pytest.raises(RequestRefused, match=r"status 400"):
            await read(model, [ChatMessage("user", "tent " * 5_000)])
        assert (await read(model))[0]


async def test_silence_is_a_failure_after_the_timeout() -> None:
    async with local(timeout=0.5) as model:
        assert model.process is not None
        model.process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(ChatModelUnavailable, match=r"sent nothing for 0.5 s"):
                await read(model)
        finally:
            model.process.send_signal(signal.SIGCONT)


async def test_a_process_killed_in_mid_stream_fails_the_answer_and_comes_back() -> None:
    async with local(max_tokens=800) as model:
        first = model.process
        assert first is not None
        pieces = model.stream(PROMPT)
        await anext(pieces)
        first.kill()
        with pytest.raises(ChatModelUnavailable):
            _ = [piece async for piece in pieces]
        await first.wait()
        with contextlib.suppress(ChatModelUnavailable):
            await read(model)  # while it is away it fails at once, and does not hang
        await asyncio.sleep(0)
        await model.ready()

        assert (await read(model, [ChatMessage("user", "Say yes.")]))[0]
        assert model.process is not first


async def test_closing_ends_the_process() -> None:
    async with local() as model:
        process = model.process
        assert process is not None

    assert process.returncode is not None


@pytest.mark.parametrize(
    ("content", "remedy"),
    [(None, "cannot be read"), (b"<html>not found</html>", "is no GGUF file")],
)
def test_a_wrong_file_is_named_with_its_remedy(
    tmp_path: Path, content: bytes | None, remedy: str
) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(FrontdeskError, match=remedy):
        LocalChatModel(config(model_path=file), lambda *_: pytest.fail("never connected"))


def test_a_local_provider_without_a_file_says_how_to_get_one() -> None:
    with pytest.raises(FrontdeskError, match="make local-gpt"):
        LocalChatModel(config(model_path=None), lambda *_: pytest.fail("never connected"))


async def test_it_runs_with_the_threads_that_config_gives() -> None:
    async with local(threads=2):
        assert command_of(local_gpt_process()).endswith(b"\0002\0")


def command_of(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()
