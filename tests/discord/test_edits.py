"""Edits and deletions reach the core as what they are; previews of links do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Addressing, Deleted, Edited, Event, Readers, Received
from tests.discord.desk import Attempt, Memory, Recorder, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT


@pytest.fixture
def _serving(adapter: DiscordAdapter) -> None:
    """Run the adapter."""


async def _edit(recorder: Recorder, number: int) -> Edited:
    await recorder.until(number)
    event = recorder.events[number - 1]
    assert isinstance(event, Edited)
    return event


async def _deletion(recorder: Recorder, number: int) -> Deleted:
    await recorder.until(number)
    event = recorder.events[number - 1]
    assert isinstance(event, Deleted)
    return event


@pytest.mark.usefixtures("_serving")
async def test_an_edit_names_the_message_and_says_what_it_says_now(
    server: DiscordServer, recorder: Recorder
) -> None:
    said = server.world.tell(7, "where is my oder?")
    await recorder.received(1)
    server.world.edit(said, "where is my order?", after=20)
    edit = await _edit(recorder, 2)
    original = recorder.events[0].message
    assert edit.original == original.id
    assert edit.message.text == "where is my order?"
    assert edit.message.author.key == "discord:discord:7"
    assert edit.message.conversation == original.conversation
    assert edit.message.addressing is Addressing.DIRECT
    assert edit.message.sent_at == original.sent_at
    assert (edit.edited_at - original.sent_at).total_seconds() == pytest.approx(20, abs=0.01)


@pytest.mark.usefixtures("_serving")
async def test_each_edit_is_an_event_of_its_own_and_known_when_it_comes_again(
    server: DiscordServer, recorder: Recorder
) -> None:
    said = server.world.tell(7, "hi")
    await recorder.received(1)
    server.world.edit(said, "hello")
    await _edit(recorder, 2)
    server.world.unfurl(said)
    server.world.edit(said, "hello there", after=5)
    await _edit(recorder, 3)
    assert [event.message.text for event in recorder.events] == ["hi", "hello", "hello there"]


@pytest.mark.usefixtures("_serving")
async def test_a_preview_of_a_link_is_no_edit(server: DiscordServer, recorder: Recorder) -> None:
    said = server.world.tell(7, "see https://shop.example")
    server.world.unfurl(said)
    server.world.tell(7, "well?")
    await recorder.until(2, offered=2)
    assert len(recorder.offered) == 2


@pytest.mark.usefixtures("_serving")
async def test_an_edit_in_a_thread_belongs_to_the_thread(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    said = server.world.say(thread, 7, "and to Noway?")
    await recorder.received(1)
    server.world.edit(said, "and to Norway?")
    edit = await _edit(recorder, 2)
    assert edit.message.conversation == f"discord:{BOT}:{channel}:{thread}"
    assert edit.message.addressing is Addressing.THREAD


@pytest.mark.usefixtures("_serving")
async def test_an_edit_that_mentions_the_bot_says_so(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    said = server.world.say(channel, 7, "where is my order?")
    await recorder.received(1)
    server.world.edit(said, f"<@{BOT}> where is my order?")
    edit = await _edit(recorder, 2)
    assert edit.message.addressing is Addressing.MENTION
    assert edit.message.text == "where is my order?"


@pytest.mark.usefixtures("_serving")
async def test_a_deletion_names_the_message_and_holds_nothing_of_it(
    server: DiscordServer, recorder: Recorder
) -> None:
    said = server.world.tell(7, "my secret")
    await recorder.received(1)
    server.world.delete(said)
    deletion = await _deletion(recorder, 2)
    original = recorder.events[0].message
    assert deletion.original == original.id
    assert deletion.message.text == ""
    assert deletion.message.conversation == original.conversation
    assert deletion.message.addressing is Addressing.DIRECT
    assert deletion.message.readers is Readers.AUTHOR


@pytest.mark.usefixtures("_serving")
async def test_deletions_in_channels_and_threads_tell_their_place(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    asked = server.world.say(channel, 7, f"<@{BOT}> my secret")
    more = server.world.say(thread, 7, "my secret")
    await recorder.until(2)
    server.world.delete(asked)
    server.world.delete(more)
    first, second = await _deletion(recorder, 3), await _deletion(recorder, 4)
    assert {first.original, second.original} == {each.message.id for each in recorder.events[:2]}
    assert {first.message.addressing, second.message.addressing} == {
        Addressing.AMBIENT,
        Addressing.THREAD,
    }
    places = {each.message.conversation for each in (first, second)}
    assert places == {each.message.conversation for each in recorder.events[:2]}


@pytest.mark.usefixtures("_serving")
async def test_messages_that_a_moderator_deletes_together_are_deleted_one_by_one(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    said = [server.world.say(channel, 7, f"<@{BOT}> secret {n}") for n in range(3)]
    await recorder.until(3)
    server.world.delete(*said)
    deletions = [await _deletion(recorder, number) for number in (4, 5, 6)]
    originals = [event.message.id for event in recorder.events[:3]]
    assert sorted(each.original for each in deletions) == sorted(originals)


async def test_what_the_bot_itself_deletes_is_no_event(
    server: DiscordServer, recorder: Recorder, adapter: DiscordAdapter
) -> None:
    server.world.tell(7, "hi")
    await answer(adapter, await recorder.received(1), "Hello.")
    server.world.delete(int(server.world.posts[0].message["id"]))
    server.world.tell(7, "well?")
    await recorder.until(2)
    assert len(recorder.offered) == 2


async def test_edits_and_deletions_that_were_missed_are_found(
    server: DiscordServer, channel: int
) -> None:
    before = Recorder()
    async with serving(server, before):
        kept = server.world.tell(7, "as it was")
        changed = server.world.tell(7, "where is my oder?")
        gone = server.world.tell(7, "my secret")
        asked = server.world.say(channel, 7, f"<@{BOT}> my secret")
        await before.until(4)
    server.world.edit(changed, "where is my order?", tell=False)
    server.world.delete(gone, asked, tell=False)

    memory = Memory(before)
    memory.kept = before.ids
    recorder = Recorder()
    async with serving(server, recorder, past=memory):
        await recorder.until(5)

    edits = [each for each in recorder.events if isinstance(each, Edited)]
    deletions = {each.original for each in recorder.events if isinstance(each, Deleted)}
    assert [(each.original.split(":")[-1], each.message.text) for each in edits] == [
        (str(changed), "where is my order?")
    ]
    assert {each.split(":")[-1] for each in deletions} == {str(gone), str(asked)}
    assert str(kept) not in str(deletions)


# --- what becomes of the answer ----------------------------------------------------------------


def _revised(event: Event, revision: int = 1) -> Event:
    return Received(replace(event.message, revision=revision))


def _said(server: DiscordServer) -> list[str]:
    return [each["content"] for each in server.world.standing]


@pytest.mark.parametrize("direct", [True, False], ids=["direct", "thread"])
async def test_an_answer_that_is_made_again_is_edited_and_gets_the_posts_it_needs(
    server: DiscordServer, channel: int, recorder: Recorder, adapter: DiscordAdapter, direct: bool
) -> None:
    if direct:
        server.world.tell(7, "hi")
    else:
        server.world.say(channel, 7, f"<@{BOT}> hi")
    event = await recorder.received(1)
    first = await answer(adapter, event, "Two days.")
    long = "\n\n".join(["Word. " * 300] * 3)
    second = await answer(adapter, _revised(event), long, posted=first.remembered)
    assert [each.strip() for each in _said(server)] == [("Word. " * 300).strip()] * 3
    assert server.world.standing[0]["id"] == server.world.posts[0].message["id"]

    standing = [*first.remembered, *second.remembered]
    third = await answer(adapter, _revised(event, 2), "Three days.", posted=standing)
    assert _said(server) == ["Three days."]

    kept = [each for each in standing if each not in third.gone]
    await answer(adapter, _revised(event, 3), long, posted=kept)
    assert len(_said(server)) == 3, "a nonce of a deleted post would bring nothing"


async def test_an_answer_that_becomes_silence_is_deleted(
    server: DiscordServer, recorder: Recorder, adapter: DiscordAdapter
) -> None:
    server.world.tell(7, "hi")
    event = await recorder.received(1)
    first = await answer(adapter, event, "Two days.")
    await answer(adapter, _revised(event), posted=first.remembered)
    assert _said(server) == []


async def test_a_withdrawn_answer_leaves_no_post(
    server: DiscordServer, channel: int, recorder: Recorder, adapter: DiscordAdapter
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> hi")
    event = await recorder.received(1)
    first = await answer(adapter, event, "\n\n".join(["Word. " * 300] * 3))
    await adapter.withdraw(Attempt(event, posted=tuple(first.remembered)))
    assert _said(server) == []


@pytest.mark.parametrize("root_deleted", [False, True])
@pytest.mark.parametrize("direct", [True, False], ids=["direct", "thread"])
async def test_a_withdrawn_answer_that_nobody_noted_is_found_and_deleted(
    server: DiscordServer,
    channel: int,
    recorder: Recorder,
    direct: bool,
    root_deleted: bool,
) -> None:
    memory = Memory(recorder)
    memory.said = ["An earlier answer."]
    async with serving(server, recorder, past=memory) as adapter:
        if direct:
            asked = server.world.tell(7, "hi")
        else:
            asked = server.world.say(channel, 7, f"<@{BOT}> hi")
        event = await recorder.received(1)
        await answer(adapter, event, "An earlier answer.")
        other = Received(replace(event.message, id=f"{event.message.id}9"))
        await answer(adapter, other, "Nobody noted this one.")
        if root_deleted:
            server.world.delete(asked)
        await adapter.withdraw(Attempt(event, attempt=2))
    assert _said(server) == ["An earlier answer."]


async def test_an_answer_that_nobody_noted_is_changed_into_the_one_to_the_new_wording(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    memory = Memory(recorder)
    memory.said = ["An earlier answer."]
    async with serving(server, recorder, past=memory) as adapter:
        server.world.say(channel, 7, f"<@{BOT}> hi")
        event = await recorder.received(1)
        await answer(adapter, event, "An earlier answer.")
        other = Received(replace(event.message, id=f"{event.message.id}9"))
        await answer(adapter, other, "Nobody noted this one.")
        revised = Received(replace(event.message, revision=1))
        await answer(adapter, revised, "What stands at last.", number=2)
    assert _said(server) == ["An earlier answer.", "What stands at last."]


async def test_a_post_that_a_moderator_has_deleted_is_no_obstacle(
    server: DiscordServer, recorder: Recorder, adapter: DiscordAdapter
) -> None:
    server.world.tell(7, "hi")
    event = await recorder.received(1)
    first = await answer(adapter, event, "Hello.")
    server.world.delete(int(server.world.posts[0].message["id"]))
    await adapter.withdraw(Attempt(event, posted=tuple(first.remembered)))
    await answer(adapter, _revised(event), "Hello again.", posted=first.remembered)
    assert _said(server) == []
