"""The loopback Discord as a process of its own, steered through its control API."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from adapters.discord import plugin
from adapters.discord.config import DiscordConfig
from tests.discord.desk import PATIENCE, Recorder, answer
from tests.servers.discord.payloads import Json


@asynccontextmanager
async def process() -> AsyncIterator[Json]:
    """Start the server; yield what it tells about itself."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.servers.discord", stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            yield json.loads(await server.stdout.readline())
    finally:
        server.terminate()
        await server.communicate()
    assert server.returncode == 0


async def test_process_delivers_and_lists_posts() -> None:
    recorder = Recorder()
    async with process() as told:
        control = f"http://127.0.0.1:{told['port']}/control"
        section = DiscordConfig(api_url=told["api_url"], gateway_url=told["gateway_url"])
        adapter = plugin.build(section, {"DISCORD_BOT_TOKEN": told["token"]})
        running = asyncio.create_task(adapter.run(recorder.accept))
        async with aiohttp.ClientSession() as session:
            state: Json = {"identified": 0}
            while not state["identified"]:
                async with session.get(f"{control}/state") as response:
                    state = await response.json()
            said = {"user": 7, "text": "where is my order?"}
            async with session.post(f"{control}/say", json=said) as response:
                place = await response.json()
            await answer(adapter, await recorder.received(), "On Friday.")
            async with session.get(f"{control}/posts") as response:
                (post,) = await response.json()
        await adapter.close()
        await running
    assert post["content"] == "On Friday."
    assert post["channel_id"] == str(place["channel"])
