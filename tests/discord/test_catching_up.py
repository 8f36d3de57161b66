"""What was written while nobody listened is found, in order, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.catchup import CatchUp
from adapters.discord.client import FrontdeskClient
from adapters.discord.config import DiscordConfig
from adapters.discord.retrying_intake import RetryingIntake
from bot.errors import StorageError
from bot.messages import Event
from tests.discord.desk import Memory, Recorder, serving
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.payloads import READ_MESSAGE_HISTORY
from tests.servers.discord.world import BOT


@pytest.fixture
def memory(recorder: Recorder) -> Memory:
    return Memory(recorder)


@asynccontextmanager
async def desk(
    server: DiscordServer, recorder: Recorder, memory: Memory, **settings: object
) -> AsyncIterator[None]:
    async with serving(server, recorder, past=memory, **settings):
        yield


def texts(events: Sequence[Event]) -> list[str]:
    return [event.message.text for event in events]


async def once(server: DiscordServer, recorder: Recorder, memory: Memory) -> None:
    """Let the desk hear one direct message of user 7, and leave."""
    async with desk(server, recorder, memory):
        server.world.tell(7, "first")
        await recorder.until(1)


async def test_all_places_are_read_and_what_was_missed_comes_in_order(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> None:
    world = server.world
    voice, post = world.voice_channel(), world.thread(world.forum())
    await once(server, recorder, memory)
    for number in range(3):
        world.tell(7, f"direct {number}")
        world.say(channel, 8, f"<@{BOT}> mention {number}")
        world.say(channel, 8, "small talk")
        world.say(post, 9, f"<@{BOT}> post {number}")
        world.say(voice, 9, f"<@{BOT}> voice {number}")
    async with desk(server, recorder, memory):
        world.tell(7, "live")
        await recorder.until(14)
    kinds = ("direct", "mention", "post", "voice")
    missed = [f"{kind} {number}" for number in range(3) for kind in kinds]
    assert texts(recorder.events) == ["first", *missed, "live"]


async def test_first_start_ever_reads_nothing(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> None:
    server.world.say(channel, 8, f"<@{BOT}> before you came")
    async with desk(server, recorder, memory):
        server.world.tell(7, "live")
        await recorder.until(1)
    assert texts(recorder.events) == ["live"]


async def test_nothing_is_read_when_that_is_switched_off(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    await once(server, recorder, memory)
    server.world.tell(7, "meanwhile")
    async with desk(server, recorder, memory, catch_up_hours=0):
        server.world.tell(7, "live")
        await recorder.until(2)
    assert texts(recorder.events) == ["first", "live"]


async def test_what_is_older_than_the_limit_is_left_alone(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> None:
    yesterday = datetime.now(UTC) - timedelta(hours=30)
    server.world.say(channel, 8, f"<@{BOT}> two days ago", at=yesterday - timedelta(hours=9))
    server.world.say(channel, 8, f"<@{BOT}> yesterday", at=yesterday)
    server.world.say(channel, 8, f"<@{BOT}> today", at=yesterday + timedelta(hours=20))
    await once(server, recorder, memory)
    recorder.events[0] = old(recorder.events[0])
    async with desk(server, recorder, memory):
        await recorder.until(3)
    assert texts(recorder.events) == ["first", "today", "first"]


def old(event: Event) -> Event:
    """Pretend that an event is of another year."""
    message = event.message
    identity = f"{message.id.rpartition(':')[0]}:1"
    return replace(event, message=replace(message, id=identity))


async def test_talk_in_a_thread_from_before_the_bot_was_asked_in_is_left_alone(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    post = server.world.thread(server.world.forum())
    async with desk(server, recorder, memory):
        earlier = datetime.now(UTC) - timedelta(minutes=1)
        server.world.say(post, 8, "among ourselves", at=earlier)
        server.world.say(post, 8, f"<@{BOT}> what do you think?")
        await recorder.until(2)
    del recorder.events[0]  # the reception had no use for it
    server.world.say(post, 8, "and now?")
    async with desk(server, recorder, memory):
        await recorder.until(2)
        server.world.tell(7, "live")
        await recorder.until(3)
    assert texts(recorder.events) == ["what do you think?", "and now?", "live"]


async def test_thread_that_was_archived_meanwhile_is_read(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    post = server.world.thread(server.world.forum())
    async with desk(server, recorder, memory):
        server.world.say(post, 8, f"<@{BOT}> hello?")
        await recorder.until(1)
    server.world.say(post, 8, "are you there?")
    server.world.archive(post)
    async with desk(server, recorder, memory):
        await recorder.until(2)
    assert texts(recorder.events) == ["hello?", "are you there?"]
    assert len({event.message.conversation for event in recorder.events}) == 1


async def test_hundreds_of_messages_of_one_place_are_read_page_by_page(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    await once(server, recorder, memory)
    for number in range(250):
        server.world.tell(7, f"{number}")
    async with desk(server, recorder, memory):
        await recorder.until(251)
    assert texts(recorder.events[1:]) == [str(number) for number in range(250)]


async def test_channel_whose_history_is_hidden_is_not_asked_for_it(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    hidden = server.world.text_channel("hidden", denied=READ_MESSAGE_HISTORY)
    await once(server, recorder, memory)
    server.world.say(hidden, 8, f"<@{BOT}> hello?")
    async with desk(server, recorder, memory):
        server.world.tell(7, "live")
        await recorder.until(2)
    assert not [path for _, path in server.requests if str(hidden) in path]


@pytest.mark.parametrize("status", [403, 502])
async def test_place_that_cannot_be_read_keeps_nobody_waiting_for_ever(
    server: DiscordServer, recorder: Recorder, memory: Memory, status: int
) -> None:
    await once(server, recorder, memory)
    server.world.tell(7, "meanwhile")
    server.faults.append(Fault("GET", r"/messages$", status))
    async with desk(server, recorder, memory):
        server.world.tell(7, "live")
        await recorder.until(2)
        expected = ["live"] if status == 403 else ["meanwhile", "live"]
        await recorder.until(1 + len(expected))
    assert texts(recorder.events[1:]) == expected


async def test_place_that_cannot_be_read_in_time_is_told_and_found_later(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    await once(server, recorder, memory)
    server.world.tell(7, "meanwhile")
    intake = RetryingIntake(recorder.accept)
    async with FrontdeskClient(intake, DiscordConfig()) as client:
        await client.login(TOKEN)
        catch_up = CatchUp(client, intake, memory, 24.0, patience=0.2)
        assert client.user is not None
        server.faults.append(Fault("GET", r"/messages$", 0))
        missed = await catch_up.missed(client.user, BOT)
        assert list(missed.events) == []
        assert missed.unread_since is not None
        late = await catch_up.missed(client.user, BOT, missed.unread_since)
    assert [event.message.text for event in late.events] == ["first", "meanwhile"]
    assert late.unread_since is None


async def test_live_messages_wait_while_storage_cannot_tell_where_to_go_on(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    await once(server, recorder, memory)
    server.world.tell(7, "meanwhile")
    memory.failures.append(StorageError("away"))
    async with desk(server, recorder, memory):
        server.world.tell(7, "live")
        await recorder.until(3)
    assert texts(recorder.events) == ["first", "meanwhile", "live"]


async def test_what_was_missed_is_found_when_a_session_is_lost(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> None:
    async with desk(server, recorder, memory):
        server.world.tell(7, "before")
        await recorder.until(1)
        emit, server.world.emit = server.world.emit, lambda _name, _data: None
        server.world.tell(7, "meanwhile")
        server.world.say(channel, 8, f"<@{BOT}> in public")
        server.world.emit = emit
        server.gateway.invalidate()
        await recorder.until(3)
    assert texts(recorder.events) == ["before", "meanwhile", "in public"]


async def test_leaving_while_messages_wait_leaves_them_to_the_next_start(
    server: DiscordServer, recorder: Recorder, memory: Memory
) -> None:
    await once(server, recorder, memory)
    memory.failures += [StorageError("away")] * 99
    async with desk(server, recorder, memory):
        server.world.tell(7, "waits")
    memory.failures.clear()
    assert texts(recorder.events) == ["first"]
    async with desk(server, recorder, memory):
        await recorder.until(2)
    assert texts(recorder.events) == ["first", "waits"]


async def test_in_support_channels_what_nobody_put_to_the_bot_is_found_as_well(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> None:
    world = server.world
    other, forum = world.text_channel(), world.forum()
    await once(server, recorder, memory)
    world.say(channel, 8, "is it in stock?")
    world.say(other, 8, "small talk")
    post = world.thread(forum, name="Zip")
    world.say(post, 9, "is it broken?", number=post)
    keys = {str(each): {"support": True} for each in (channel, forum)}
    async with desk(server, recorder, memory, channels=keys):
        world.tell(7, "live")
        await recorder.until(4)
    assert texts(recorder.events) == ["first", "is it in stock?", "Zip\n\nis it broken?", "live"]
