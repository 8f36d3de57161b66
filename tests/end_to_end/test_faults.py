"""What breaks around a running desk: disk, database, clock, model folder, GPT server.

Real adapters on local platforms. What a platform delivers while a message cannot be stored is not
acknowledged, nobody is disconnected, and in the end everything is answered once.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url

from adapters.slack import plugin
from bot.app.build import open_service
from bot.app.service import Service
from bot.clock import SystemClock
from bot.config.schema import Config, GptConfig, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.delivery import Intake, Worker, open_inbox
from bot.delivery.retry import LONGEST_DELAY
from bot.errors import AdapterError
from bot.ports import Adapter, Clock
from bot.publishing.bundle import KNOWLEDGE, load_bundle
from bot.storage import Database, StoredTranscripts, open_database
from bot.understanding.model.registry import ModelRegistry, read_manifest
from tests.databases import postgres_schema
from tests.delivery.gate import Gate
from tests.delivery.platform import Echo
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import serving, until
from tests.servers.discord import DiscordServer
from tests.servers.openai import openai_server
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault
from tests.slack.conftest import environment, section

AGAIN = [0.1] * 1_200
"""Seconds between Slack's deliveries of what is not acknowledged; the real ones take minutes."""

LOCKED, GONE = 10.0, 15.0
"""Seconds that another process holds the database, and that the server is gone."""


@dataclass
class JumpingClock(SystemClock):
    """A clock that somebody sets while it runs."""

    offset: timedelta = timedelta()
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        """Let time fly, but remember how long it was meant to be."""
        self.slept.append(seconds)
        await asyncio.sleep(min(seconds, 0.2))


@asynccontextmanager
async def desk(url: str, *adapters: Adapter, clock: Clock | None = None) -> AsyncIterator[Database]:
    """Run a service that echoes; yield its database."""
    clock = clock or SystemClock()
    async with await open_database(url) as database, open_inbox(database, clock) as inbox:
        by_name = {adapter.name: adapter for adapter in adapters}
        worker = Worker(inbox, Echo(), by_name, concurrency=8, clock=clock)
        service = Service(adapters, Intake(inbox, StoredTranscripts(database)), worker)
        running = asyncio.create_task(service.run())
        try:
            yield database
        finally:
            service.stop()
            await running


def slack_adapter(slack: SlackServer) -> Adapter:
    return plugin.build(section(slack), environment(slack))


def answers(slack: SlackServer) -> list[str]:
    return sorted(post.markdown for post in slack.workspace.posts)


async def test_on_a_full_disk_slack_is_told_nothing_until_there_is_room(tmp_path: Path) -> None:
    async with (
        SlackServer(ack_timeout=0.2, retry_delays=AGAIN) as slack,
        desk(f"sqlite:///{tmp_path}/desk.db", slack_adapter(slack)) as database,
    ):
        await until(lambda: slack.sockets.sockets)
        with closing(sqlite3.connect(tmp_path / "desk.db", isolation_level=None)) as other:
            other.execute("VACUUM")  # migrations leave pages free
        await _limit_pages(database, 1)
        for number in range(3):
            slack.say(f"{number} " + "long" * 2_000, channel=f"D{number}")
        envelopes = slack.sockets.envelopes[-3:]
        await until(lambda: all(envelope.sent > 2 for envelope in envelopes))
        assert not any(envelope.answered.is_set() for envelope in envelopes)
        assert slack.workspace.posts == []

        await _limit_pages(database, None)
        await until(lambda: len(slack.workspace.posts) >= 3)
        await slack.sockets.settled()
    assert [said[:11] for said in answers(slack)] == [f"you said: {n}" for n in range(3)]
    assert slack.sockets.connections_made == 1


async def test_while_another_process_holds_the_database_slack_is_told_nothing(
    tmp_path: Path,
) -> None:
    async with (
        SlackServer(ack_timeout=0.2, retry_delays=AGAIN) as slack,
        desk(f"sqlite:///{tmp_path}/desk.db", slack_adapter(slack)),
    ):
        await until(lambda: slack.sockets.sockets)
        other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        slack.say("hello")
        envelope = slack.sockets.envelopes[-1]
        await asyncio.sleep(LOCKED)
        assert envelope.sent > 3
        assert not envelope.answered.is_set()

        other.execute("COMMIT")
        other.close()
        await slack.sockets.settled()
        await until(lambda: slack.workspace.posts)
    assert answers(slack) == ["you said: hello"]
    assert slack.sockets.connections_made == 1


@pytest.mark.postgres
@pytest.mark.timeout(300)  # the outage alone takes a minute
async def test_while_the_database_is_gone_platforms_stay_connected_and_nothing_is_lost() -> None:
    async with (
        postgres_schema() as schema,
        gate_to(schema) as (gate, url),
        SlackServer(ack_timeout=0.5, retry_delays=AGAIN) as slack,
        DiscordServer() as discord,
        desk(url, slack_adapter(slack), adapter_of(discord)),
    ):
        await until(lambda: slack.sockets.sockets)
        await discord.gateway.until(identified=1)
        slack.say("before")
        discord.world.tell(7, "before")
        await until(lambda: slack.workspace.posts and discord.world.posts)

        await gate.shut()
        for number in range(10):
            slack.say(f"meanwhile {number}", channel=f"D{number}")
            discord.world.tell(100 + number, f"meanwhile {number}")
        meanwhile = slack.sockets.envelopes[-10:]
        await asyncio.sleep(GONE)
        assert all(envelope.sent > 2 for envelope in meanwhile)
        assert not any(envelope.answered.is_set() for envelope in meanwhile)
        await gate.open()

        await until(lambda: len(slack.workspace.posts) >= 11)
        await until(lambda: len(discord.world.posts) >= 11)
        await slack.sockets.settled()
        assert slack.sockets.connections_made == 1
        assert discord.gateway.identified == 1
    expected = ["you said: before", *(f"you said: meanwhile {n}" for n in range(10))]
    assert answers(slack) == expected
    assert sorted(post.message["content"] for post in discord.world.posts) == expected


async def test_a_clock_that_is_set_back_and_forth_neither_loses_nor_repeats(
    tmp_path: Path,
) -> None:
    clock = JumpingClock()
    async with (
        SlackServer() as slack,
        desk(f"sqlite:///{tmp_path}/desk.db", slack_adapter(slack), clock=clock),
    ):
        await until(lambda: slack.sockets.sockets)
        for number, days in enumerate((0, -400, 400, -1, 0)):
            clock.offset = timedelta(days=days)
            for step in range(4):
                slack.say(f"{number}.{step}", user=f"U{step}", channel="D1")
                await slack.sockets.settled()
            slack.sockets.deliver("events_api", slack.sockets.envelopes[-1].payload)
        await until(lambda: len(slack.workspace.posts) >= 20)
        await slack.sockets.settled()
    said = [post.markdown for post in slack.workspace.posts]
    assert said == [f"you said: {number}.{step}" for number in range(5) for step in range(4)]


async def test_what_waits_for_a_retry_is_answered_soon_after_the_clock_was_set_back(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    ahead, right = JumpingClock(timedelta(days=400)), JumpingClock()
    async with SlackServer() as slack:
        slack.faults.order("chat.postMessage", Fault(status=503), times=1_000)
        async with desk(url, slack_adapter(slack), clock=ahead):
            await until(lambda: slack.sockets.sockets)
            slack.say("hello")
            await until(lambda: ahead.slept)
        slack.faults.clear()
        async with desk(url, slack_adapter(slack), clock=right):
            await until(lambda: slack.workspace.posts)
    assert answers(slack) == ["you said: hello"]
    assert 0 < max(right.slept) <= LONGEST_DELAY


def test_a_model_that_is_replaced_while_it_is_loaded_is_loaded_whole(
    trained: Config, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    shutil.copytree(trained.model, model)
    config = trained.model_copy(update={"model": model})
    enough = threading.Event()
    publishing = threading.Thread(target=_publish_again_and_again, args=(model, enough))
    publishing.start()
    try:
        for _ in range(10):
            desk = load_bundle(config)
            assert desk.classifier.manifest.files
    finally:
        enough.set()
        publishing.join()


def test_a_damaged_model_is_refused_and_not_tried_for_ever(trained: Config, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(trained.model, model)
    shutil.rmtree(ModelRegistry(model).current() / KNOWLEDGE)
    with pytest.raises(Exception, match="frontdesk train"):
        load_bundle(trained.model_copy(update={"model": model}))


async def test_while_the_gpt_server_hangs_articles_are_quoted_and_others_are_not_kept_waiting(
    trained: Config, tmp_path: Path
) -> None:
    async with openai_server("hang_before") as gpt, SlackServer() as slack:
        section_ = GptConfig(base_url=gpt.url, timeout=3.0)
        config = trained.model_copy(update={"gpt": section_})
        async with serving(config, tmp_path, slack_adapter(slack)):
            await until(lambda: slack.sockets.sockets)
            slack.say("how much does it cost to rent a tent for two per day", channel="D1")
            await gpt.hung.wait()
            slack.say("where is my order?", channel="D2")
            await until(lambda: len(slack.workspace.posts) == 2)
    first, second = slack.workspace.posts
    assert (first.channel, first.markdown) == ("D2", "Look under *My orders*.")
    assert second.channel == "D1"
    assert "9 euro a day" in second.markdown


async def test_when_one_platform_revokes_its_token_the_other_is_served_and_staff_hear_once(
    trained: Config, tmp_path: Path
) -> None:
    team = MembersConfig(channel="G1")
    config = trained.model_copy(
        update={
            "database": f"sqlite:///{tmp_path}/desk.db",
            "staff": StaffConfig(members={"slack": team}),
            "serve": ServeConfig(port=0),
        }
    )
    async with SlackServer() as slack, DiscordServer() as discord:
        here, there = slack_adapter(slack), adapter_of(discord)
        async with open_service(config, {}, adapters=[here, there], public=True) as service:
            running = asyncio.create_task(service.run())
            await until(lambda: slack.sockets.sockets and there.connections)
            await discord.gateway.drop(4004)
            await until(lambda: slack.workspace.posts)
            slack.say("where is my order?", channel="D7")
            await until(lambda: len(slack.workspace.posts) == 2)
            assert not running.done()
            service.stop()
            await running
    alert, answer = slack.workspace.posts
    assert alert.channel == "G1"
    assert "continues without discord" in alert.markdown
    assert "token" in alert.markdown
    assert answer.markdown.endswith("Look under *My orders*.")


async def test_a_platform_that_refuses_us_from_the_start_is_told_at_once(
    trained: Config, tmp_path: Path
) -> None:
    config = trained.model_copy(update={"database": f"sqlite:///{tmp_path}/desk.db"})
    async with SlackServer() as slack, DiscordServer() as discord:
        discord.gateway.token = "another"
        adapters = [slack_adapter(slack), adapter_of(discord)]
        async with open_service(config, {}, adapters=adapters) as service:
            with pytest.raises(AdapterError, match="token"):
                await service.run()


@asynccontextmanager
async def gate_to(schema: str) -> AsyncIterator[tuple[Gate, str]]:
    """Stand between a desk and its PostgreSQL."""
    url = make_url(schema)
    async with Gate(str(url.host), url.port or 5432) as gate:
        through = url.set(host="127.0.0.1", port=gate.port)
        yield gate, through.render_as_string(hide_password=False)


async def _limit_pages(database: Database, pages: int | None) -> None:
    """Let the file grow no further, as a full disk would; None: as far as it likes."""

    def limit(connection: Connection) -> None:
        most = pages or 1_000_000
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}").scalar_one()

    await database.write(limit)


def _publish_again_and_again(model: Path, enough: threading.Event) -> None:
    """Train in no time: copy the version that serves; twice, so that an older one vanishes."""
    folder = ModelRegistry(model)
    for number in itertools.count():
        current = folder.current()
        with folder.staging() as staged:
            shutil.copytree(current, staged, dirs_exist_ok=True)
            folder.publish(staged, replace(read_manifest(current), version=f"{number:012}"))
        if number % 2 and enough.wait(0.5):
            return
