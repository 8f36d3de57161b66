"""/healthz and /readyz, and the port that they are on."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.http import serve_operations
from adapters.http.server import USUAL_PORT
from adapters.slack import plugin
from bot.config.schema import ServeConfig
from bot.errors import FrontdeskError
from bot.operations import find_service_plugins
from tests.databases import postgres_schema
from tests.delivery.platform import ListAdapter
from tests.delivery.support import received
from tests.discord.desk import Recorder, serving
from tests.http.conftest import HOST, Watched, free_port, watched
from tests.servers.discord import DiscordServer
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, eventually, section


async def test_a_process_that_answers_lives(desk: Watched) -> None:
    answer = await desk.port.get("/healthz")
    assert (answer.status, answer.json) == (200, {"alive": True})


async def test_readiness_tells_model_database_and_platforms(tmp_path: Path) -> None:
    async with watched(tmp_path, [ListAdapter()]) as desk:
        await desk.inbox.accept(received(1))
        answer = await desk.port.get("/readyz")
    assert answer.status == 200
    assert answer.json == {
        "ready": True,
        "model": {"ok": True, "version": "20260105-4f2a", "intents_hash": "9c1e"},
        "database": {"ok": True, "backlog": 1, "writing": "works"},
        "platforms": {"test": {"ok": True}},
    }


class LimitedAdapter(ListAdapter):
    """An adapter whose platform withholds something."""

    limitations = ("it may not read: switch it on",)


async def test_a_platform_that_withholds_something_is_ready_and_says_what(tmp_path: Path) -> None:
    async with watched(tmp_path, [LimitedAdapter()]) as desk:
        answer = await desk.port.get("/readyz")
    assert answer.status == 200
    limited = {"ok": True, "limitations": ["it may not read: switch it on"]}
    assert answer.json["platforms"] == {"test": limited}


async def test_a_desk_is_ready_while_its_platform_is_connected(tmp_path: Path) -> None:
    async def accept(_event: object) -> bool:
        return True

    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with watched(tmp_path, [adapter]) as desk:
            before = await desk.port.get("/readyz")
            running = asyncio.create_task(adapter.run(accept))
            await eventually(lambda: adapter.connected)
            connected = await desk.port.get("/readyz")
            await slack.sockets.disconnect("refresh_requested")
            await eventually(lambda: adapter.connections == 2)
            samples = await desk.port.samples()
            await adapter.close()
            await running
            after = await desk.port.get("/readyz")

    assert (before.status, before.json["platforms"]) == (503, {"slack": {"ok": False}})
    assert (connected.status, connected.json["platforms"]) == (200, {"slack": {"ok": True}})
    assert samples['frontdesk_platform_connections_total{platform="slack"}'] == 2
    assert after.status == 503


async def test_discord_counts_as_connected_from_the_first_session_and_through_the_next(
    tmp_path: Path,
) -> None:
    async with (
        DiscordServer() as server,
        serving(server, Recorder()) as adapter,
        watched(tmp_path, [adapter]) as desk,
    ):
        await eventually(lambda: adapter.connected)
        connected = await desk.port.get("/readyz")
        server.gateway.ask_to_reconnect()
        await eventually(lambda: adapter.connections == 2 and adapter.connected)
        await adapter.close()
        after = await desk.port.get("/readyz")

    assert (connected.status, connected.json["platforms"]) == (200, {"discord": {"ok": True}})
    assert (after.status, after.json["platforms"]) == (503, {"discord": {"ok": False}})


async def test_a_desk_without_its_database_is_alive_but_not_ready(desk: Watched) -> None:
    assert (await desk.port.get("/readyz")).status == 200
    await desk.break_database()
    answer = await desk.port.get("/readyz")
    assert answer.status == 503
    assert answer.json["database"]["ok"] is False
    assert "no such table" in answer.json["database"]["reason"]
    assert (await desk.port.get("/healthz")).status == 200


@pytest.mark.postgres
async def test_a_database_that_does_not_answer_in_time_is_away(tmp_path: Path) -> None:
    async with postgres_schema() as url, watched(tmp_path, (), url=url) as desk:
        async with desk.database.engine.begin() as connection:
            await connection.exec_driver_sql("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            answer = await desk.port.get("/readyz")
        assert (answer.status, answer.json["database"]["reason"]) == (503, "no answer within 3 s")
        assert (await desk.port.get("/readyz")).status == 200


async def test_nothing_can_be_changed_and_nothing_else_is_there(desk: Watched) -> None:
    assert await desk.port.refusal("POST", "/readyz") == 405
    assert await desk.port.refusal("GET", "/") == 404


async def test_a_taken_port_that_was_asked_for_is_refused_with_the_remedy(
    desk: Watched,
) -> None:
    with socket.create_server((HOST, 0)) as taken:
        config = ServeConfig(host=HOST, port=taken.getsockname()[1])
        with pytest.raises(FrontdeskError, match=r"serve\.port: 127.*choose another"):
            await _open(desk, config)


async def test_the_usual_port_may_be_taken(desk: Watched) -> None:
    own = "127.0.0.77"  # where nothing else of this machine listens
    with socket.create_server((own, USUAL_PORT)), capture_logs() as logs:
        await _open(desk, ServeConfig(host=own))
    assert [line["event"] for line in logs] == ["http.port_taken"]


async def test_port_0_opens_nothing(desk: Watched) -> None:
    with capture_logs() as logs:
        await _open(desk, ServeConfig(port=0))
    assert logs == []


def test_the_service_finds_it_by_entry_point() -> None:
    assert serve_operations in find_service_plugins()


async def test_the_port_is_free_again_afterwards(desk: Watched) -> None:
    config = ServeConfig(host=HOST, port=free_port())
    await _open(desk, config)
    await _open(desk, config)


async def _open(desk: Watched, config: ServeConfig) -> None:
    """Open another port of a desk and close it."""
    async with serve_operations(config, desk.operations):
        pass
