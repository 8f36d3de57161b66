"""`/ask`: a question that nobody else sees, nor its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Addressing, Button, Cite, Event, Offer, Pressed, Readers, Say, Source
from bot.messages import Visibility as Seen
from tests.discord.desk import Attempt, Recorder, answer, parts, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT

DEFERRED, DEFERRED_UPDATE = 5, 6
EPHEMERAL = 1 << 6
OFFER = Offer((Button("b_1", "Returns"),))


async def asked(
    server: DiscordServer, recorder: Recorder, channel: int, question: str = "how do I pay?"
) -> tuple[int, Event]:
    interaction = server.world.ask(channel, 7, question)
    return interaction, await recorder.until(len(recorder.events) + 1)


def labels(body: Json) -> Sequence[str]:
    return [button["label"] for row in body["components"] for button in row["components"]]


async def until_registered(server: DiscordServer) -> Sequence[Json]:
    async with asyncio.timeout(10):
        while not server.world.commands:
            await server.requested()
    return server.world.commands


async def test_the_command_is_registered_for_everybody(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    commands = await until_registered(server)
    ask = next(each for each in commands if each["name"] == "ask")
    assert ask["default_member_permissions"] is None
    (option,) = ask["options"]
    assert (option["name"], option["required"]) == ("question", True)


async def test_commands_that_discord_knows_are_not_registered_again(
    server: DiscordServer, recorder: Recorder
) -> None:
    async with serving(server, recorder):
        await until_registered(server)
    async with serving(server, recorder) as adapter:
        async with asyncio.timeout(10):
            while ("GET", f"/applications/{BOT}/commands") not in server.requests[-3:]:
                await server.requested()
        assert adapter.connected
    writes = [each for each in server.requests if each == ("PUT", f"/applications/{BOT}/commands")]
    assert len(writes) == 1


async def test_commands_that_have_changed_are_registered_again(
    server: DiscordServer, recorder: Recorder
) -> None:
    async with serving(server, recorder):
        await until_registered(server)
    server.world.commands[0]["description"] = "of an earlier version"
    async with serving(server, recorder):
        async with asyncio.timeout(10):
            while server.world.commands[0]["description"] == "of an earlier version":
                await server.requested()


async def test_a_question_comes_as_a_message_that_nobody_else_sees(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    message = event.message
    assert message.id == f"discord:{BOT}:{channel}:command:{interaction}"
    assert message.conversation == f"discord:{BOT}:{channel}"
    assert (message.text, message.addressing) == ("how do I pay?", Addressing.EPHEMERAL)
    assert (message.readers, message.unseen) == (Readers.OTHERS, True)


@pytest.mark.parametrize("visibility", [*Seen])
async def test_the_answer_is_seen_by_its_asker_alone_with_buttons_and_sources(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    visibility: Seen,
) -> None:
    interaction, event = await asked(server, recorder, channel)
    cite = Cite((Source("Paying", "https://shop.example.org/pay"),))
    await answer(adapter, event, Say("By card.", visibility), cite, OFFER)
    used = server.world.interactions[interaction]
    assert (used.responses[0]["type"], used.responses[0]["data"]["flags"]) == (DEFERRED, EPHEMERAL)
    (edit,) = used.edits
    assert edit["content"].startswith("By card.")
    assert "https://shop.example.org/pay" in edit["content"]
    assert labels(edit) == ["Returns"]
    assert server.world.posts == []


async def test_a_long_answer_goes_on_for_the_same_eyes(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    await answer(adapter, event, "\n\n".join(["word " * 300] * 3), OFFER)
    used = server.world.interactions[interaction]
    assert len(used.edits) == 1
    assert len(used.followups) == 2
    assert all(each["flags"] & EPHEMERAL for each in used.followups)
    assert labels(used.followups[-1]) == ["Returns"]
    assert server.world.posts == []


async def test_a_press_on_an_answer_that_one_person_sees_is_answered_as_privately(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    await answer(adapter, event, "Which?", OFFER)
    press = server.world.press_ephemeral(interaction, "frontdesk:b_1", 7)
    pressed = await recorder.until(2)
    assert isinstance(pressed, Pressed)
    assert pressed.message.addressing is Addressing.EPHEMERAL
    assert pressed.message.conversation == event.message.conversation
    await answer(adapter, pressed, "This one.", OFFER)
    used = server.world.interactions[press]
    assert used.responses[0]["type"] == DEFERRED_UPDATE
    (said,) = used.followups
    assert (said["content"], said["flags"] & EPHEMERAL) == ("This one.", EPHEMERAL)
    assert labels(said) == ["Returns"]
    assert server.world.posts == []


async def test_another_process_answers_as_privately(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    async with serving(server, Recorder()) as other:
        await answer(other, event, "By card.", OFFER)
    (edit,) = server.world.interactions[interaction].edits
    assert (edit["content"], labels(edit)) == ("By card.", ["Returns"])
    assert server.world.posts == []


async def test_an_answer_after_a_crash_takes_the_place_of_the_one_that_stands(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    await answer(adapter, event, "By card.")
    async with serving(server, Recorder()) as other:  # it died before it noted that
        await answer(other, event, "By card.", number=2)
    edits = server.world.interactions[interaction].edits
    assert [edit["content"] for edit in edits] == ["By card.", "By card."]
    assert server.world.interactions[interaction].followups == []
    assert server.world.posts == []


async def test_an_answer_that_comes_too_late_is_a_direct_message(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    long_ago = event.message.sent_at - timedelta(minutes=15)
    late = replace(event, message=replace(event.message, sent_at=long_ago))
    await answer(adapter, late, "By card.", OFFER)
    (post,) = server.world.posts
    assert post.message["channel_id"] == server.world.direct_channel(7)["id"]
    assert server.world.interactions[interaction].edits == []


async def test_a_question_that_config_does_not_let_the_bot_hear_leaves_nobody_waiting(
    server: DiscordServer, channel: int
) -> None:
    class Deaf(Recorder):
        async def accept(self, event: Event) -> bool:
            await super().accept(event)
            return False

    deaf = Deaf()
    async with serving(server, deaf):
        interaction, _ = await asked(server, deaf, channel)
        async with asyncio.timeout(10):
            while not server.world.interactions[interaction].dismissed:
                await server.requested()


async def test_an_answer_that_was_given_is_not_given_again(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    first = await answer(adapter, event, "By card.")
    again = Attempt(event, 2, tuple(first.remembered))
    await adapter.post(again, parts("By card."))
    assert len(server.world.interactions[interaction].edits) == 1
    assert server.world.posts == []


async def test_where_the_bot_is_silent_nobody_is_left_waiting(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction, event = await asked(server, recorder, channel)
    await answer(adapter, event)
    assert server.world.interactions[interaction].dismissed
    assert server.world.posts == []


async def test_a_question_in_direct_messages_belongs_to_them(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    direct = int(server.world.direct_channel(7)["id"])
    _, event = await asked(server, recorder, direct)
    assert event.message.conversation == f"discord:{BOT}:{direct}"
    assert event.message.readers is Readers.AUTHOR


async def test_a_press_between_two_people_is_none_in_direct_messages(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    direct = int(server.world.direct_channel(7)["id"])
    interaction, event = await asked(server, recorder, direct)
    await adapter.post(Attempt(event), parts("Which?", OFFER))
    server.world.press_ephemeral(interaction, "frontdesk:b_1", 7)
    alone = await recorder.until(len(recorder.events) + 1)
    server.world.between_two.add(direct)
    server.world.press_ephemeral(interaction, "frontdesk:b_1", 7)
    between = await recorder.until(len(recorder.events) + 1)
    assert [each.message.readers for each in (alone, between)] == [Readers.AUTHOR, Readers.OTHERS]
    assert between.message.apart
