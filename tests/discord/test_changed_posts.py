"""Posts of the outbox are edited, deleted and marked; what is not possible is told in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Event, Readers, Visibility
from tests.discord.desk import Recorder
from tests.discord.outbox import case_root, due, in_thread, place
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT

LONG = "\n\n".join(f"Line {number}. {'x' * 300}" for number in range(12))


@pytest.fixture
async def told(server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder) -> Event:
    """A customer's direct message."""
    server.world.tell(7, "where is it?")
    return await recorder.received()


def standing(server: DiscordServer) -> list[str]:
    return [each["content"] for each in server.world.standing]


async def line(adapter: DiscordAdapter, event: Event, text: str = "On Friday.") -> list[str]:
    """Let a line of staff reach the customer."""
    message = event.message
    fields: dict[str, Any] = {"author": message.author.key, "readers": message.readers}
    return (await adapter.deliver(due(message.conversation, text, **fields))).split()


async def change(
    adapter: DiscordAdapter, event: Event, kind: str, changes: list[str], text: str = ""
) -> str:
    fields: dict[str, Any] = {
        "kind": kind,
        "target": 1,
        "changes": changes,
        "readers": event.message.readers,
    }
    return await adapter.deliver(due(event.message.conversation, text, number=3, **fields))


async def test_a_line_is_edited_and_deleted(
    server: DiscordServer, adapter: DiscordAdapter, told: Event
) -> None:
    made = await line(adapter, told)
    assert await change(adapter, told, "edit", made, "On Monday.") == made[0]
    assert standing(server) == ["On Monday."]
    await change(adapter, told, "delete", made)
    assert standing(server) == []


async def test_an_edit_makes_more_messages_or_fewer(
    server: DiscordServer, adapter: DiscordAdapter, told: Event
) -> None:
    made = await line(adapter, told)
    longer = (await change(adapter, told, "edit", made, LONG)).split()
    assert longer[0] == made[0]
    assert len(longer) == len(standing(server)) > 1
    assert (await change(adapter, told, "edit", longer, "Tomorrow.")).split() == made
    assert standing(server) == ["Tomorrow."]


async def test_an_edit_whose_confirmation_was_lost_is_made_once(
    server: DiscordServer, adapter: DiscordAdapter, told: Event
) -> None:
    made = await line(adapter, told)
    server.faults.append(Fault("POST", r"/messages$", 503, after=True))
    with pytest.raises(ServiceUnavailable):
        await change(adapter, told, "edit", made, LONG)
    await change(adapter, told, "edit", made, LONG)

    assert len(standing(server)) == len(set(standing(server)))


@pytest.mark.parametrize("kind", ["edit", "delete"])
async def test_what_is_gone_can_not_be_changed(
    server: DiscordServer, adapter: DiscordAdapter, told: Event, kind: str
) -> None:
    made = await line(adapter, told)
    server.world.delete(int(made[0]))
    with pytest.raises(AdapterError, match="the message is gone"):
        await change(adapter, told, kind, made, "On Monday.")


async def test_a_deletion_that_is_made_again_finds_it_done(
    server: DiscordServer, adapter: DiscordAdapter, told: Event
) -> None:
    made = await line(adapter, told)
    gone = due(told.message.conversation, "", kind="delete", target=1, changes=made)
    await adapter.deliver(gone)
    assert await adapter.deliver(replace(gone, attempt=2)) == made[0]


async def test_a_private_line_is_edited_where_it_stands(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is my refund?")
    message = (await recorder.received()).message
    fields: dict[str, Any] = {"author": message.author.key, "visibility": Visibility.PRIVATE}
    made = await adapter.deliver(due(message.conversation, "Refund: 12.50", **fields))
    direct = server.world.direct_channel(7)["id"]
    fields |= {"kind": "edit", "target": 1, "changes": made.split()}
    await adapter.deliver(due(message.conversation, "Refund: 13.50", number=2, **fields))

    assert made.startswith(f"{direct}/")
    said = [(each["channel_id"], each["content"]) for each in server.world.standing]
    assert said[0] == (direct, "Refund: 13.50")
    assert "direct message" in said[1][1]  # the pointer in the thread
    assert len(said) == 2


async def test_a_line_for_closed_direct_messages_is_told_and_says_nothing_in_public(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is my refund?")
    message = (await recorder.received()).message
    server.world.closed_to.add(7)
    fields: dict[str, Any] = {"author": message.author.key, "visibility": Visibility.PRIVATE}
    with pytest.raises(AdapterError, match="direct messages are closed"):
        await adapter.deliver(due(message.conversation, "Refund: 12.50", **fields))
    assert standing(server) == []


async def test_closed_direct_messages_are_told(
    server: DiscordServer, adapter: DiscordAdapter, told: Event
) -> None:
    server.world.closed_to.add(7)
    with pytest.raises(AdapterError, match="direct messages are closed"):
        await line(adapter, told)


async def test_a_customer_who_left_the_server_is_told(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    event = await recorder.received()
    server.world.left.add(7)
    with pytest.raises(AdapterError, match="no longer in the server"):
        await line(adapter, event)
    assert standing(server) == []


async def test_a_bot_that_may_see_the_channel_no_more_is_told(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    event = await recorder.received()
    await line(adapter, event)
    server.world.hidden.add(int(event.message.conversation.rpartition(":")[2]))
    with pytest.raises(AdapterError, match="may not see it"):
        await line(adapter, event, "Hello?")


async def test_a_deleted_channel_is_told(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    event = await recorder.received()
    server.world.drop(channel)
    with pytest.raises(AdapterError, match="the channel or thread is gone"):
        await line(adapter, event)


async def test_an_archived_thread_that_is_locked_is_told(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    event = await recorder.received()
    made = await line(adapter, event)
    server.world.archive(int(event.message.conversation.rpartition(":")[2]), locked=True)
    server.world.may_manage_threads = False
    with pytest.raises(AdapterError, match="archived and locked"):
        await line(adapter, event, "Hello?")
    with pytest.raises(AdapterError, match="archived and locked"):
        await change(adapter, event, "edit", made, "On Monday.")


async def test_an_archived_thread_is_reopened_for_an_edit(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    event = await recorder.received()
    made = await line(adapter, event)
    server.world.archive(int(event.message.conversation.rpartition(":")[2]))
    await change(adapter, event, "edit", made, "On Monday.")

    assert standing(server) == ["On Monday."]


async def test_a_deleted_thread_whose_message_is_deleted_as_well_gets_nothing_in_the_open(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    said = server.world.say(channel, 7, f"<@{BOT}> where is it?")
    event = await recorder.received()
    server.world.delete(said)
    with pytest.raises(AdapterError, match="the message is gone"):
        await line(adapter, event)
    assert standing(server) == []


async def test_a_mark_takes_the_place_of_an_earlier_one(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    root = await adapter.deliver(case_root(channel))
    said = server.world.say(int(root), 8, "!send On Friday.")
    marked = f"discord:{BOT}:{root}:{said}"
    failed = in_thread(channel, root, "", kind="mark", marked=marked, mark="failed")
    await adapter.deliver(failed)
    assert server.world.reactions[said] == ["❌"]
    sent = in_thread(channel, root, "", kind="mark", marked=marked, mark="sent")
    await adapter.deliver(sent)
    assert server.world.reactions[said] == ["✅"]
    server.world.archive(int(root))
    await adapter.deliver(failed)
    assert server.world.reactions[said] == ["❌"]


async def test_a_post_of_our_own_is_marked_by_its_number(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    root = await adapter.deliver(case_root(channel))
    copy = await adapter.deliver(in_thread(channel, root, "**Grace:** On Friday."))
    await adapter.deliver(in_thread(channel, root, "", kind="mark", target=2, changes=[copy]))

    assert server.world.reactions == {int(copy): ["✅"]}


async def test_a_line_that_was_deleted_can_not_be_marked(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    root = await adapter.deliver(case_root(channel))
    gone = f"discord:{BOT}:{root}:{root}9"
    with pytest.raises(AdapterError, match="the message is gone"):
        await adapter.deliver(in_thread(channel, root, "", kind="mark", marked=gone))
    act = f"discord:{BOT}:{root}:command:5"
    with pytest.raises(AdapterError, match="no message that can be marked"):
        await adapter.deliver(in_thread(channel, root, "", kind="mark", marked=act))


async def test_what_staff_alone_may_read_is_withheld_from_an_edit(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> how much?")
    event = await recorder.received()
    made = await line(adapter, event)
    fields: dict[str, Any] = {
        "kind": "edit",
        "target": 1,
        "changes": made,
        "readers": Readers.OTHERS,
    }
    internal: dict[str, Any] = {"visibility": Visibility.INTERNAL} | fields
    await adapter.deliver(due(event.message.conversation, "Internally 5.", number=2, **internal))

    assert "Internally" not in standing(server)[0]


def test_places_are_written_as_conversations() -> None:
    assert place(20, 21) == f"discord:{BOT}:20:21"
