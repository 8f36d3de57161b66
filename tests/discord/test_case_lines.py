"""Lines, edits and deletions in case threads reach the core, whether it listened or was away."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Addressing, Deleted, Edited, Received
from tests.discord.desk import Memory, Recorder, named, serving
from tests.discord.outbox import case_root, in_thread, place
from tests.servers.discord import DiscordServer
from tests.servers.discord.gateway import MESSAGE_CONTENT
from tests.servers.discord.world import BOT, BOT_ROLE

AGENT = 8


@pytest.fixture(params=["text", "forum"])
def cases(server: DiscordServer, request: pytest.FixtureRequest) -> int:
    """A channel of cases."""
    return server.world.text_channel() if request.param == "text" else server.world.forum()


async def test_a_line_an_edit_and_a_deletion_come_in_order(
    server: DiscordServer, cases: int, recorder: Recorder
) -> None:
    server.world.roles_of[AGENT] = (BOT_ROLE,)
    async with serving(server, recorder) as adapter:
        root = int(await adapter.deliver(case_root(cases)))
        await adapter.deliver(in_thread(cases, str(root), "**Ada:** where is it?"))
        sent = server.world.files.add("bill.pdf", b"12.50", "application/pdf")
        line = server.world.say(root, AGENT, "!send On **Friday**, <@7>", attachments=(sent,))
        await recorder.until(1)
        server.world.edit(line, "!send On **Monday**")
        server.world.delete(line)
        await recorder.until(3)

    said, edited, deleted = recorder.events
    where = place(cases, root)
    assert [each.message.conversation for each in recorder.events] == [where] * 3
    assert [each.message.addressing for each in recorder.events] == [Addressing.THREAD] * 3
    assert isinstance(said, Received)
    assert said.message.text == "!send On **Friday**, @User7"
    assert said.message.author.roles == (str(BOT_ROLE),)
    assert [each.name for each in named(said.message.attachments)] == ["bill.pdf"]
    assert isinstance(edited, Edited)
    assert (edited.original, edited.message.text) == (said.message.id, "!send On **Monday**")
    assert isinstance(deleted, Deleted)
    assert deleted.original == said.message.id


async def test_what_the_bot_posts_into_a_case_thread_or_deletes_is_no_line(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    root = await adapter.deliver(case_root(channel))
    line = await adapter.deliver(in_thread(channel, root, "!send **Ada:** I typed that"))
    gone = in_thread(channel, root, "", kind="delete", target=2, changes=[line])
    await adapter.deliver(gone)
    server.world.say(int(root), AGENT, "talk")
    await recorder.until(1)

    assert [each.message.text for each in recorder.events] == ["talk"]


async def test_a_root_that_a_moderator_deletes_is_told_as_a_deletion_of_its_own(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(server, Recorder()) as first:
        root = int(await first.deliver(case_root(channel)))
    async with serving(server, recorder):
        server.world.delete(root)
        server.world.say(root, AGENT, "!send On Friday")
        await recorder.until(2)

    deleted, line = recorder.events
    assert isinstance(deleted, Deleted)
    assert deleted.original == f"discord:{BOT}:{channel}:{root}"
    assert line.message.conversation == place(channel, root)


async def test_lines_that_were_written_while_the_bot_was_away_are_caught_up_in_order(
    server: DiscordServer, cases: int, recorder: Recorder
) -> None:
    memory = Memory(recorder)
    async with serving(server, recorder, past=memory) as adapter:
        root = int(await adapter.deliver(case_root(cases)))
        server.world.say(root, AGENT, "talk")
        await recorder.until(1)
    for number in range(3):
        server.world.say(root, AGENT, f"!send line {number}")
    changed = server.world.say(root, AGENT, "!send typo")
    server.world.edit(changed, "!send no typo", tell=False)
    async with serving(server, recorder, past=memory):
        server.world.say(root, AGENT, "!send live")
        await recorder.until(6)

    said = [each for each in recorder.events if isinstance(each, Received)]
    assert [each.message.text for each in said] == [
        "talk",
        *(f"!send line {number}" for number in range(3)),
        "!send no typo",
        "!send live",
    ]
    assert {each.message.conversation for each in said} == {place(cases, root)}


async def test_without_message_content_a_line_is_not_seen_and_buttons_work(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.gateway.portal_intents &= ~MESSAGE_CONTENT
    async with serving(server, recorder) as adapter:
        root = int(await adapter.deliver(case_root(channel)))
        server.world.say(root, AGENT, "!send On Friday")
        line = server.world.say(root, AGENT, "On Monday")
        server.world.press(root, "frontdesk-case:claim:7", AGENT)
        await recorder.until(1)
        server.world.context_command(line, AGENT, "Send to customer")
        await recorder.until(2)
        (limitation,) = adapter.limitations or ()

    assert [each.message.text for each in recorder.events] == ["", "On Monday"]
    assert "lines of staff in case threads" in limitation
