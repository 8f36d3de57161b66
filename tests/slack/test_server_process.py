"""The local Slack as a process of its own, steered over HTTP, with a real adapter connected."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack.config import SlackConfig
from adapters.slack.plugin import plugin
from bot.messages import Button as OurButton
from bot.messages import Offer, Say
from tests.slack.conftest import Recorder, answer, eventually

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}


@pytest.fixture
async def base() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.servers.slack", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    yield (await process.stdout.readline()).decode().strip()
    process.terminate()
    assert await process.wait() == 0


async def test_a_conversation_is_steered_from_another_process(
    base: str, recorder: Recorder
) -> None:
    section = SlackConfig(api_url=f"{base}/api/")
    adapter = plugin.build(section, TOKENS)
    running = asyncio.create_task(adapter.run(recorder.accept))
    async with aiohttp.ClientSession(base_url=base) as http:
        said = {"text": "hello", "user": "U7", "channel": "D7", "copies": 2}
        await http.post("/control/say", json=said)
        await eventually(lambda: len(recorder.calls) == 3)
        await answer(adapter, recorder.events[0], Say("Hi."), Offer((OurButton("b_1", "More"),)))
        posts = await (await http.get("/control/posts")).json()
        press = {"channel": "D7", "ts": posts[0]["ts"], "user": "U7"}
        await http.post("/control/press", json=press)
        await eventually(lambda: recorder.pressed)
        await http.post("/control/disconnect", json={"reason": "refresh_requested"})
        await http.post("/control/say", json={"text": "still there?"})
        await eventually(lambda: len(recorder.received) == 2)
        await adapter.close()
        envelopes = await (await http.get("/control/envelopes")).json()
    await running
    assert posts[0]["blocks"][0]["text"] == "Hi."
    assert envelopes["acked"] == 5
