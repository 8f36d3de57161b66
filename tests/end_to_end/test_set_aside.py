"""A message with which its process dies twice: from Slack to the letter, the case and the alert."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, Row, select, text

from adapters.slack import plugin
from bot.app.build import open_service
from bot.clock import SystemClock
from bot.config.schema import Config, load_config
from bot.storage import Database
from bot.storage.cases import Cases
from bot.storage.tables import dead_letters, events
from tests.end_to_end.conftest import until
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import environment, section
from tests.storage.conftest import database, url

__all__ = ["database", "url"]

SETTINGS = """\
intents: {intents}
model: {model}
database: {url}
responder: {{introduction: false, contact: help@shop.example}}
staff: {{members: {{slack: {{channel: G1}}}}}}
serve: {{port: 0}}
slack: {{api_url: "{slack}"}}
"""
REASON = "WorkerLost: a worker died or stalled 2 times handling this event alone"


async def test_a_message_alone_in_hand_at_two_deaths_is_set_aside_and_everybody_told(
    trained: Config, database: Database, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.watchdog.INTERVAL", 0.2)  # instead of half a minute by the clock
    path = tmp_path / "config.yaml"
    async with SlackServer() as slack:
        settings = {"intents": trained.intents, "model": trained.model, "url": url}
        path.write_text(SETTINGS.format(**settings, slack=slack.api_url))
        asked = slack.say("where is my order", channel="D1")
        for _ in range(2):
            await _die_while_posting(path, slack, database)
        await _serve_until_told(path, slack)
        alert = next(post for post in slack.workspace.posts if post.channel == "G1")
        (reply,) = [post.markdown for post in slack.workspace.posts if post.channel == "D1"]

    assert reply.endswith("You can reach a person here: help@shop.example.")
    assert "Messages that could not be answered: 1." in alert.markdown
    letters = await database.query(_letters)
    assert [(letter.id, letter.reason) for letter in letters] == [
        (f"slack:A1:D1:{asked.ts}", REASON)
    ]
    assert await Cases(database, SystemClock()).count("given_up") == 1


async def _die_while_posting(path: Path, slack: SlackServer, database: Database) -> None:
    """Run `frontdesk serve` until it posts, and kill it then; others may take over at once."""
    slack.faults.order("chat.postMessage", Fault(hang=60.0, status=503))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "serve", "--config", str(path),
        env={**os.environ, **environment(slack)},
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await until(lambda: not slack.faults.waiting("chat.postMessage") or process.returncode)
    assert process.returncode is None
    process.kill()
    await process.wait()
    await database.write(_be_silent)


async def _serve_until_told(path: Path, slack: SlackServer) -> None:
    """Run the service until customer and staff have a post each."""
    adapter = plugin.build(section(slack), environment(slack))
    async with open_service(load_config(path, {}), {}, adapters=[adapter], public=True) as service:
        running = asyncio.create_task(service.run())
        await until(lambda: {post.channel for post in slack.workspace.posts} == {"D1", "G1"})
        service.stop()
        await running


def _be_silent(connection: Connection) -> None:
    """Let the time pass after which a silent worker counts as dead, and what was alone comes."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        )


def _letters(connection: Connection) -> list[Row[str, str]]:
    assert connection.execute(select(events.c.id)).all() == []
    return list(connection.execute(select(dead_letters.c.id, dead_letters.c.reason)).all())
