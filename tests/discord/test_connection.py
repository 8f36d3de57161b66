"""Connecting, losing the connection, being refused, and leaving."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError
from tests.discord.desk import PATIENCE, Recorder, adapter_of, answer, serving
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.faults import Fault

EVENTS = 200


async def refusal(server: DiscordServer, recorder: Recorder) -> str:
    """Run the adapter until it gives up; return why."""
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(AdapterError) as refused:
            await adapter_of(server).run(recorder.accept)
    return str(refused.value)


async def test_wrong_token_names_the_variable_and_the_remedy(
    server: DiscordServer, recorder: Recorder
) -> None:
    server.gateway.token = "another token"
    reason = await refusal(server, recorder)
    assert "DISCORD_BOT_TOKEN" in reason
    assert "Reset Token" in reason
    assert TOKEN not in reason


@pytest.mark.parametrize(("code", "remedy"), [(4004, "Reset Token"), (4013, "update discord.py")])
async def test_close_code_for_good_ends_the_run_with_a_remedy(
    server: DiscordServer, recorder: Recorder, code: int, remedy: str
) -> None:
    running = asyncio.create_task(adapter_of(server).run(recorder.accept))
    await server.gateway.until(identified=1)
    await server.gateway.drop(code)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(AdapterError, match=f"{code}.*{remedy}"):
            await running


async def test_login_is_tried_again_while_discord_is_away(
    server: DiscordServer, recorder: Recorder
) -> None:
    server.faults.append(Fault("GET", r"/users/@me$", 503, times=3))
    async with serving(server, recorder):
        server.world.tell(7, "hello")
        await recorder.until(1)


async def test_events_delivered_three_times_around_a_reconnect_are_accepted_once(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    said = [server.world.tell(user, "hello") for user in range(1, EVENTS + 1)]
    for message in said:
        server.world.redeliver(message)
    server.gateway.ask_to_reconnect()
    await server.gateway.until(resumed=1)
    for message in said:
        server.world.redeliver(message)
    await recorder.until(EVENTS, offered=3 * EVENTS)
    assert len(recorder.ids) == len(recorder.events) == EVENTS
    for event in recorder.events:
        await answer(adapter, event, "Hello!")
    assert len(server.world.posts) == EVENTS


@pytest.mark.usefixtures("adapter")
async def test_what_was_missed_is_replayed_when_the_session_resumes(
    server: DiscordServer, recorder: Recorder
) -> None:
    server.world.tell(7, "before")
    await recorder.until(1)
    await server.gateway.drop(4000)
    server.world.tell(7, "meanwhile")
    await recorder.until(2)
    assert server.gateway.resumed == 1
    assert [event.message.text for event in recorder.events] == ["before", "meanwhile"]


@pytest.mark.usefixtures("adapter")
async def test_event_that_discord_py_cannot_parse_does_not_end_the_service(
    server: DiscordServer, recorder: Recorder
) -> None:
    server.gateway.dispatch("MESSAGE_CREATE", {"mentions": [], "author": {"id": "7"}})
    await server.gateway.until(identified=2)
    server.world.tell(7, "still there?")
    assert (await recorder.received()).message.text == "still there?"


async def test_close_ends_the_run_and_hands_in_nothing_more(
    server: DiscordServer, recorder: Recorder
) -> None:
    adapter = adapter_of(server)
    running = asyncio.create_task(adapter.run(recorder.accept))
    await server.gateway.until(identified=1)
    await adapter.close()
    server.world.tell(7, "too late")
    async with asyncio.timeout(PATIENCE):
        await running
    assert recorder.offered == []


async def test_close_during_login_ends_the_run(server: DiscordServer, recorder: Recorder) -> None:
    server.faults.append(Fault("GET", r"/users/@me$", 503, times=10_000))
    adapter = adapter_of(server, reconnect_after=30.0)
    running = asyncio.create_task(adapter.run(recorder.accept))
    await server.requested()
    await adapter.close()
    async with asyncio.timeout(PATIENCE):
        await running


async def test_close_waits_for_what_is_being_stored(server: DiscordServer) -> None:
    arrived, stored = asyncio.Event(), asyncio.Event()

    async def slowly(_: object) -> bool:
        arrived.set()
        await asyncio.sleep(0.1)
        stored.set()
        return True

    adapter = adapter_of(server)
    running = asyncio.create_task(adapter.run(slowly))
    await server.gateway.until(identified=1)
    server.world.tell(7, "hello")
    await arrived.wait()
    await adapter.close()
    assert stored.is_set()
    await running


async def test_close_twice_and_before_running_is_harmless(server: DiscordServer) -> None:
    adapter = adapter_of(server)
    await adapter.close()
    await adapter.close()
