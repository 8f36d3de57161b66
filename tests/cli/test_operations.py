"""`serve` as operators see it: its port, its limits, and how it stops."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.cli.command import Frontdesk
from tests.http.conftest import HOST, free_port
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}
PROMISED = 20
"""Seconds from SIGTERM to the end."""


@dataclass
class Serving:
    """A running `frontdesk serve`."""

    process: asyncio.subprocess.Process
    port: int

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON or text
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{HOST}:{self.port}{path}") as response,
        ):
            json = response.content_type == "application/json"
            return await response.json() if json else await response.text()

    async def ready(self) -> dict[str, Any]:
        """Wait until customers are answered; return what the desk says then."""
        async with asyncio.timeout(60):
            while True:
                try:
                    answer: dict[str, Any] = await self.get("/readyz")
                except aiohttp.ClientConnectionError:
                    answer = {"ready": False}
                if answer["ready"]:
                    return answer
                await asyncio.sleep(0.05)

    async def stopped(self) -> int | None:
        """Stop it; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.communicate(), PROMISED)
        return self.process.returncode


@asynccontextmanager
async def serving(
    frontdesk: Frontdesk, slack: SlackServer, settings: str = ""
) -> AsyncIterator[Serving]:
    port = free_port()
    (frontdesk.folder / "config.yaml").write_text(
        f"serve: {{port: {port}{settings}}}\nslack:\n  api_url: {slack.api_url}\n"
    )
    process = await asyncio.create_subprocess_exec(
        *frontdesk.command,
        "serve",
        cwd=frontdesk.folder,
        env={**frontdesk.environment, **TOKENS},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield Serving(process, port)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_port_tells_that_the_desk_is_ready_and_what_it_did(copied: Frontdesk) -> None:
    async with SlackServer() as slack, serving(copied, slack) as desk:
        ready = await desk.ready()
        slack.say("are you open today?")
        await _until(lambda: slack.workspace.posts)
        await _until_count(desk, 'frontdesk_messages_total{kind="intent",platform="slack"} 1.0')
        assert await desk.get("/healthz") == {"alive": True}
        assert await desk.stopped() == 0

    assert ready["platforms"] == {"slack": {"ok": True}}
    assert ready["model"]["version"]
    assert ready["model"]["intents_hash"]


async def test_a_hasty_customer_is_asked_once_to_slow_down(copied: Frontdesk) -> None:
    async with SlackServer() as slack, serving(copied, slack, ", rate_limit: 2/hour") as desk:
        await desk.ready()
        for number in range(6):  # in one conversation they would be one question
            slack.say("are you open today?", channel=f"D{number}")
        await _until_count(desk, 'frontdesk_rate_limited_total{platform="slack"} 4.0')
        assert await desk.stopped() == 0

    posts = [post.markdown for post in slack.workspace.posts]
    assert len(posts) == 3
    assert sum("One moment, please" in post for post in posts) == 1
    assert _waiting(copied) == []


async def test_a_reply_under_way_is_finished(copied: Frontdesk) -> None:
    async with SlackServer() as slack, serving(copied, slack) as desk:
        await desk.ready()
        slack.faults.order("chat.postMessage", Fault(hang=2.0))
        slack.say("are you open today?")
        await _until(lambda: _posting(slack))
        assert await desk.stopped() == 0

    assert len(slack.workspace.posts) == 1
    assert _waiting(copied) == []


async def test_a_reply_that_takes_too_long_is_handed_back_for_the_next_start(
    copied: Frontdesk,
) -> None:
    async with SlackServer() as slack:
        async with serving(copied, slack) as desk:
            await desk.ready()
            slack.faults.order("chat.postMessage", Fault(hang=60.0, status=503))
            slack.say("are you open today?")
            await _until(lambda: _posting(slack))
            assert await desk.stopped() == 0
        assert _waiting(copied) == [(None, 1, 0)]  # nobody's, tried once, not died over
        assert slack.workspace.posts == []

        async with serving(copied, slack) as desk:
            await _until(lambda: slack.workspace.posts)
            assert await desk.stopped() == 0
    assert len(slack.workspace.posts) == 1


def _posting(slack: SlackServer) -> bool:
    return any(method == "chat.postMessage" for method, _ in slack.api.calls)


def _waiting(frontdesk: Frontdesk) -> list[tuple[str | None, int, int]]:
    """Return token, attempts and deaths of what is in the inbox of a desk that has stopped."""
    database = sqlite3.connect(frontdesk.folder / ".frontdesk" / "frontdesk.db")
    try:
        return database.execute("SELECT token, attempt, interrupted FROM events").fetchall()
    finally:
        database.close()


async def _until_count(desk: Serving, line: str) -> None:
    """Wait until a metric has a value."""
    async with asyncio.timeout(30):
        while line not in (await desk.get("/metrics")).splitlines():  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.05)


async def _until(condition: Callable[[], object]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)
