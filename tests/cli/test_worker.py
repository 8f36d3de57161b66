"""`serve` here and `worker` there: several processes on one PostgreSQL, real ones."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.cli.command import Frontdesk
from tests.cli.test_operations import Serving
from tests.databases import postgres_schema
from tests.http.conftest import HOST, free_port
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault

TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1-valid",
    "SLACK_APP_TOKEN": "xapp-1-valid",
    "DISCORD_BOT_TOKEN": TOKEN,
}
ANSWER = "9 am to 6 pm"


def test_on_sqlite_a_worker_says_that_it_needs_postgres(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("slack: {}\n")
    ran = copied("worker")
    assert (ran.code, ran.out) == (1, "")
    assert "`frontdesk worker` needs PostgreSQL" in ran.err
    assert "database: postgresql://" in ran.err


def test_on_sqlite_a_desk_that_answers_nobody_is_refused(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("serve: {answer: false}\nslack: {}\n")
    ran = Frontdesk(copied.folder, {**copied.environment, **TOKENS})("serve")
    assert (ran.code, ran.out) == (1, "")
    assert "needs PostgreSQL" in ran.err


@pytest.mark.postgres
async def test_a_worker_answers_without_listening_and_serve_listens_without_a_model(
    copied: Frontdesk,
) -> None:
    async with (
        SlackServer() as slack,
        machines(copied, f"slack: {{api_url: {slack.api_url}}}") as m,
    ):
        model = copied.folder / ".frontdesk" / "model"
        model.rename(model.with_name("elsewhere"))
        serve = await m.start("serve")
        front = await serve.ready()
        slack.say("are you open today?", channel="D7")
        await slack.sockets.settled()
        assert slack.workspace.posts == []

        model.with_name("elsewhere").rename(model)
        worker = await m.start("worker")
        behind = await worker.ready()
        await _until(lambda: slack.workspace.posts)
        assert ANSWER in str(slack.workspace.posts)
        assert slack.sockets.connections_made == 1
        assert front["model"] == {"ok": True, "answers": "in other processes"}
        assert behind["model"]["version"]
        assert await serve.stopped() == 0
        assert await worker.stopped() == 0


@pytest.mark.postgres
async def test_when_one_of_two_workers_is_killed_every_message_is_answered_once_in_order(
    copied: Frontdesk,
) -> None:
    async with (
        SlackServer() as slack,
        machines(copied, f"slack: {{api_url: {slack.api_url}}}") as m,
    ):
        await (await m.start("serve")).ready()
        doomed, other = await m.start("worker"), await m.start("worker")
        await doomed.ready()
        await other.ready()
        slack.faults.order("chat.postMessage", Fault(hang=1.0), times=24)
        said = [
            [
                slack.say("are you open today?", user=f"U{round_}X{n}", channel=f"D{n}").ts
                for n in range(20)
            ]
            for round_ in range(3)  # quick lines of one person would be one question
        ]
        await _until(lambda: len(slack.workspace.posts) >= 5)
        doomed.process.send_signal(signal.SIGKILL)
        await _until(lambda: len(_answered(slack)) >= 60)
        assert await other.stopped() == 0

    asked = [f"slack:A1:D{n}:{ts}" for round_ in said for n, ts in enumerate(round_)]
    assert Counter(_answered(slack)) == Counter(asked)
    for n in range(20):
        mine = [each for each in _answered(slack) if f":D{n}:" in each]
        assert mine == sorted(mine)


@pytest.mark.postgres
async def test_on_discord_a_worker_opens_threads_without_the_gateway(copied: Frontdesk) -> None:
    async with DiscordServer() as discord:
        section = f"discord: {{api_url: '{discord.api_url}', gateway_url: '{discord.gateway_url}'}}"
        channel = discord.world.text_channel()
        async with machines(copied, section) as m:
            await (await m.start("serve")).ready()
            await (await m.start("worker")).ready()
            question = discord.world.say(channel, 7, f"<@{BOT}> are you open today?")
            discord.world.tell(8, "are you open today?")
            await _until(lambda: len(discord.world.posts) == 2)

        assert discord.gateway.identified == 1
        posts = {int(post.message["channel_id"]): post.message for post in discord.world.posts}
        assert question in posts
        assert all(ANSWER in post["content"] for post in posts.values())


def on(slack: SlackServer) -> str:
    """What config.yaml says of a platform."""
    return f"slack: {{api_url: {slack.api_url}}}"


class Machines:
    """Processes with the same configuration, except for their ports."""

    def __init__(self, frontdesk: Frontdesk, settings: str) -> None:
        self._frontdesk = frontdesk
        self._settings = settings
        self._running: list[Serving] = []

    async def start(self, command: str) -> Serving:
        port = free_port()
        path = self._frontdesk.folder / f"{command}-{port}.yaml"
        path.write_text(f"serve: {{answer: false, host: {HOST}, port: {port}}}\n{self._settings}\n")
        process = await asyncio.create_subprocess_exec(
            *self._frontdesk.command,
            command,
            "--config",
            str(path),
            cwd=self._frontdesk.folder,
            env={**self._frontdesk.environment, **TOKENS, **_postgres()},
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._running.append(Serving(process, port))
        return self._running[-1]

    async def close(self) -> None:
        for machine in self._running:
            if machine.process.returncode is None:
                machine.process.kill()
            await machine.process.wait()


@asynccontextmanager
async def machines(frontdesk: Frontdesk, section: str) -> AsyncIterator[Machines]:
    """Have an empty database and no process yet."""
    async with postgres_schema() as url:
        started = Machines(frontdesk, f"database: {url}\n{section}")
        try:
            yield started
        finally:
            await started.close()


def _postgres() -> dict[str, str]:
    """What PostgreSQL's client library reads."""
    return {name: value for name, value in os.environ.items() if name.startswith("PG")}


def _answered(slack: SlackServer) -> list[str]:
    """Return the message that each post answers."""
    return [post.metadata["event_payload"]["message"] for post in slack.workspace.posts]


async def _until(condition: Callable[[], object]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(90):
        while not condition():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)
