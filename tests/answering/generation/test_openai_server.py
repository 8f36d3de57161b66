"""The model server of the tests, as a process of its own."""

from __future__ import annotations

import asyncio
import sys

from bot.answering.generation.openai import build_chat_model
from bot.config.schema import GptConfig
from bot.ports import ChatMessage


async def test_server_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.servers.openai", "--answer", "Hello from afar.",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        model = build_chat_model(GptConfig(base_url=url), {})
        assert model is not None
        pieces = [piece async for piece in model.stream([ChatMessage("user", "Hi")])]
        await model.aclose()
    finally:
        process.terminate()
        await process.wait()
    assert "".join(str(piece) for piece in pieces[:-1]).strip() == "Hello from afar."
