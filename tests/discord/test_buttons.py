"""Buttons: offered, pressed, acknowledged, also after a restart."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import StorageError
from bot.messages import Button, MarkUsed, Offer, Pressed
from tests.discord.desk import Recorder, answer, response_to, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT

OFFER = Offer((Button("b_1", "Track my order"), Button("b_2", "Neither")))
DEFERRED, MESSAGE = 6, 4
EPHEMERAL = 1 << 6


async def offered(server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder) -> int:
    """Have buttons posted in direct messages; return the id of their message."""
    server.world.tell(7, "hm")
    await answer(adapter, await recorder.received(), "Did you mean one of these?", OFFER)
    return int(server.world.posts[0].message["id"])


def pressed(recorder: Recorder) -> Pressed:
    event = recorder.events[-1]
    assert isinstance(event, Pressed)
    return event


async def test_press_is_accepted_then_acknowledged(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    interaction = server.world.press(message, "frontdesk:b_1", 7)
    response = await response_to(server, interaction)
    event = pressed(recorder)
    direct = server.world.direct_channel(7)["id"]
    assert response["type"] == DEFERRED
    assert event.button == "b_1"
    assert event.message.id == f"discord:{BOT}:{direct}:press:{interaction}"
    assert event.message.conversation == f"discord:{BOT}:{direct}"
    assert event.message.text == "Track my order"
    assert event.message.author.key == "discord:discord:7"
    assert event.message.author.locale == "de"


async def test_press_in_a_thread_belongs_to_its_conversation_and_is_answered_there(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> hm")
    event = await recorder.received()
    await answer(adapter, event, "Did you mean one of these?", OFFER)
    server.world.press(int(server.world.posts[0].message["id"]), "frontdesk:b_2", 8)
    await recorder.until(2)
    assert pressed(recorder).message.conversation == event.message.conversation
    await answer(adapter, pressed(recorder), "Then tell me more.")
    first, second = (post.message["channel_id"] for post in server.world.posts)
    assert first == second


async def test_press_under_a_reply_on_the_spot_belongs_to_what_was_answered(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    lounge = server.world.voice_channel()
    server.world.say(lounge, 7, f"<@{BOT}> hm")
    event = await recorder.received()
    await answer(adapter, event, "Did you mean one of these?", OFFER)
    server.world.press(int(server.world.posts[0].message["id"]), "frontdesk:b_1", 7)
    await recorder.until(2)
    assert pressed(recorder).message.conversation == event.message.conversation


async def test_buttons_survive_a_restart(server: DiscordServer, recorder: Recorder) -> None:
    async with serving(server, recorder) as adapter:
        message = await offered(server, adapter, recorder)
    async with serving(server, recorder):
        interaction = server.world.press(message, "frontdesk:b_1", 7)
        assert (await response_to(server, interaction))["type"] == DEFERRED
    assert pressed(recorder).button == "b_1"


async def test_press_that_cannot_be_stored_is_answered_for_their_eyes_only(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    recorder.failures = [StorageError("disk full at /var/lib/frontdesk")]
    interaction = server.world.press(message, "frontdesk:b_1", 7)
    response = await response_to(server, interaction)
    assert response["type"] == MESSAGE
    assert response["data"]["flags"] & EPHEMERAL
    assert "disk" not in response["data"]["content"]


@pytest.mark.usefixtures("adapter")
async def test_unknown_buttons_are_answered_for_their_eyes_only(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    foreign = server.world.press(message, "poll:yes", 7)
    ours = server.world.press(message, "frontdesk:b_2", 7)
    await response_to(server, ours)
    (refused,) = server.world.interactions[foreign].responses
    assert (refused["type"], refused["data"]["flags"]) == (MESSAGE, EPHEMERAL)
    assert refused["data"]["content"] == BUILT_IN["expired"]["de"]
    assert len(recorder.offered) == 2
    assert pressed(recorder).button == "b_2"


async def test_press_that_cannot_be_acknowledged_still_counts(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    server.faults.append(Fault("POST", r"/callback$", 404))
    late = server.world.press(message, "frontdesk:b_1", 7)
    await recorder.until(2)
    intime = server.world.press(message, "frontdesk:b_2", 7)
    await response_to(server, intime)
    assert server.world.interactions[late].responses == []
    assert [event.button for event in recorder.events if isinstance(event, Pressed)] == [
        "b_1",
        "b_2",
    ]


async def test_what_is_said_of_a_press_that_cannot_be_stored_can_be_worded(
    server: DiscordServer, recorder: Recorder
) -> None:
    async with serving(server, recorder, try_again="Once more, please.") as adapter:
        message = await offered(server, adapter, recorder)
        recorder.failures = [StorageError("disk full")]
        response = await response_to(server, server.world.press(message, "frontdesk:b_1", 7))
    assert response["data"]["content"] == "Once more, please."


def row_of(server: DiscordServer, message: int) -> list[tuple[str, bool]]:
    """Return the buttons below a message: what each says, and whether it is switched off."""
    rows = server.world.message(message)["components"]
    buttons = [button for row in rows for button in row["components"]]
    return [(each["label"], bool(each.get("disabled"))) for each in buttons]


MARKED = [("✓ Track my order", True), ("Neither", True)]


async def test_a_used_row_is_switched_off_and_shows_the_choice(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    server.world.press(message, "frontdesk:b_1", 7)
    await answer(adapter, await recorder.until(2), MarkUsed(), "It is on its way.")
    assert row_of(server, message) == MARKED
    assert server.world.message(message)["content"] == "Did you mean one of these?"
    assert server.world.posts[1].message["content"] == "It is on its way."


async def test_a_row_is_marked_alike_when_its_press_is_answered_again(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    server.world.press(message, "frontdesk:b_1", 7)
    event = await recorder.until(2)
    await answer(adapter, event, MarkUsed(), "It is on its way.")
    await answer(adapter, event, MarkUsed(), "It is on its way.", number=2)
    assert row_of(server, message) == MARKED
    assert len(server.world.posts) == 2


async def test_another_process_marks_the_row_that_it_reads(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    server.world.press(message, "frontdesk:b_1", 7)
    event = await recorder.until(2)
    async with serving(server, Recorder()) as other:
        await answer(other, event, MarkUsed(), "It is on its way.")
    assert row_of(server, message) == MARKED


async def test_a_row_that_cannot_be_marked_keeps_no_answer_back(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    message = await offered(server, adapter, recorder)
    server.world.press(message, "frontdesk:b_1", 7)
    event = await recorder.until(2)
    server.faults.append(Fault("PATCH", "/messages/@original$", 404))
    await answer(adapter, event, MarkUsed(), "It is on its way.")
    assert server.world.posts[1].message["content"] == "It is on its way."


async def test_a_row_that_one_person_alone_sees_is_marked_for_them(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    asked = server.world.ask(channel, 7, "hm")
    await answer(adapter, await recorder.until(1), "Did you mean one of these?", OFFER)
    press = server.world.press_ephemeral(asked, "frontdesk:b_1", 7)
    await answer(adapter, await recorder.until(2), MarkUsed(), "It is on its way.")
    used = server.world.interactions[press]
    (edit,) = used.edits
    (row,) = edit["components"]
    assert [button["disabled"] for button in row["components"]] == [True, True]
    assert [each["content"] for each in used.followups] == ["It is on its way."]
    assert server.world.posts == []
