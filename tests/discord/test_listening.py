"""What people write becomes events; what concerns nobody does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import StorageError
from bot.messages import Addressing, Attachment
from tests.discord.desk import Recorder, answer, named
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT, BOT_ROLE

pytestmark = pytest.mark.usefixtures("adapter")


async def test_direct_message_is_one_conversation(
    server: DiscordServer, recorder: Recorder
) -> None:
    first = server.world.tell(7, "where is my order?")
    server.world.tell(7, "hello?")
    event = await recorder.received(1)
    later = await recorder.received(2)

    direct = server.world.direct_channel(7)["id"]
    assert event.message.id == f"discord:{BOT}:{direct}:{first}"
    assert event.message.conversation == f"discord:{BOT}:{direct}"
    assert event.message.addressing is Addressing.DIRECT
    assert event.message.text == "where is my order?"
    assert event.message.author.key == "discord:discord:7"
    assert event.message.author.name == "User7"
    assert later.message.conversation == event.message.conversation


async def test_message_is_dated_in_utc(server: DiscordServer, recorder: Recorder) -> None:
    server.world.tell(7, "hello")
    event = await recorder.received()
    assert event.message.sent_at.tzinfo == UTC
    assert abs((datetime.now(UTC) - event.message.sent_at).total_seconds()) < 60


async def test_mention_belongs_to_the_thread_that_it_will_open(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    said = server.world.say(channel, 7, f"<@{BOT}> where is my order?")
    event = await recorder.received()
    assert event.message.id == f"discord:{BOT}:{channel}:{said}"
    assert event.message.conversation == f"discord:{BOT}:{channel}:{said}"
    assert event.message.addressing is Addressing.MENTION
    assert event.message.text == "where is my order?"


async def test_roles_are_told_where_the_person_has_them(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.world.roles_of[7] = (BOT_ROLE,)
    server.world.say(channel, 7, f"<@{BOT}> /frontdesk pause")
    server.world.tell(7, "/frontdesk pause")

    in_channel, direct = await recorder.received(1), await recorder.received(2)
    assert in_channel.message.author.roles == (str(BOT_ROLE),)
    assert direct.message.author.roles == ()


async def test_mention_of_the_bots_own_role_is_a_mention(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@&{BOT_ROLE}> are you there?")
    event = await recorder.received()
    assert event.message.addressing is Addressing.MENTION
    assert event.message.text == "are you there?"


async def test_mention_in_a_thread_is_a_mention_there(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    server.world.say(thread, 7, f"and you, <@{BOT}>?")
    event = await recorder.received()
    assert event.message.addressing is Addressing.MENTION
    assert event.message.conversation == f"discord:{BOT}:{channel}:{thread}"


async def test_message_in_a_thread_belongs_to_the_thread(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    said = server.world.say(thread, 7, "and the other one?")
    event = await recorder.received()
    assert event.message.id == f"discord:{BOT}:{thread}:{said}"
    assert event.message.conversation == f"discord:{BOT}:{channel}:{thread}"
    assert event.message.addressing is Addressing.THREAD


async def test_first_message_of_a_forum_post_belongs_to_the_post(
    server: DiscordServer, recorder: Recorder
) -> None:
    forum = server.world.forum()
    post = server.world.thread(forum, name="Broken zip")
    server.world.say(post, 7, f"<@{BOT}> the zip of my tent is broken")
    event = await recorder.received()
    assert event.message.conversation == f"discord:{BOT}:{forum}:{post}"
    assert event.message.addressing is Addressing.MENTION


async def test_thread_that_the_bot_never_saw_is_recognised(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    emit, server.world.emit = server.world.emit, lambda _name, _data: None
    thread = server.world.thread(channel)
    server.world.emit = emit
    server.world.say(thread, 7, "still broken")
    event = await recorder.received()
    assert event.message.conversation == f"discord:{BOT}:{channel}:{thread}"
    assert event.message.addressing is Addressing.THREAD


async def test_message_between_others_is_ambient(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, "nice weather")
    event = await recorder.received()
    assert event.message.addressing is Addressing.AMBIENT


async def test_reply_to_the_bot_is_a_mention_also_without_a_ping(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    lounge = server.world.voice_channel()
    asked = server.world.say(lounge, 7, f"<@{BOT}> hello")
    await answer(adapter, await recorder.received(1), "Hello!")
    shown = int(server.world.posts[0].message["id"])

    server.world.say(lounge, 7, "and where is my order?", reply_to=shown)
    event = await recorder.received(2)

    assert event.message.addressing is Addressing.MENTION
    assert event.message.conversation == f"discord:{BOT}:{lounge}:{asked}"


async def test_a_chain_of_replies_stays_one_conversation(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    lounge = server.world.voice_channel()
    first = server.world.say(lounge, 7, f"<@{BOT}> hello")
    for turn in range(1, 4):
        event = await recorder.received(turn)
        assert event.message.conversation == f"discord:{BOT}:{lounge}:{first}"
        await answer(adapter, event, f"answer {turn}")
        shown = int(server.world.posts[-1].message["id"])
        server.world.say(lounge, 7, f"question {turn}", reply_to=shown)
    await recorder.received(4)


async def test_reply_to_somebody_else_begins_its_own_conversation(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    other = server.world.say(channel, 8, "my tent leaks")
    said = server.world.say(channel, 7, f"<@{BOT}> can you help?", reply_to=other)
    await recorder.until(2)
    assert recorder.events[1].message.conversation == f"discord:{BOT}:{channel}:{said}"


async def test_other_mentions_become_names(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.world.user(8, "bob")
    server.world.say(channel, 7, f"<@{BOT}> ask <@8> in <#{channel}> about <@!8>")
    event = await recorder.received()
    assert event.message.text == "ask @Bob in #help about @Bob"


async def test_attachments_are_described(server: DiscordServer, recorder: Recorder) -> None:
    photo = {
        "id": "77",
        "filename": "tent.jpg",
        "size": 4096,
        "content_type": "image/jpeg",
        "url": "http://127.0.0.1/tent.jpg",
        "proxy_url": "http://127.0.0.1/tent.jpg",
    }
    direct = int(server.world.direct_channel(7)["id"])
    server.world.say(direct, 7, "", attachments=(photo,))
    event = await recorder.received()
    assert event.message.text == ""
    assert named(event.message.attachments) == (Attachment("tent.jpg", "image/jpeg", 4096),)


async def test_bots_webhooks_and_system_messages_are_ignored(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.world.user(66, "otherbot", bot=True)
    server.world.say(channel, 66, f"<@{BOT}> hello from a bot")
    server.world.say(channel, BOT, "said by the bot itself")
    server.world.say(channel, 7, f"<@{BOT}> through a webhook", webhook=True)
    pin, join, boost, thread_created, thread_starter = 6, 7, 8, 18, 21
    for kind in (pin, join, boost, thread_created, thread_starter):
        server.world.say(channel, 7, "made by Discord", kind=kind)
    server.world.say(channel, 7, "")  # without its content: a sticker, or no privileged intent
    heard = server.world.say(channel, 7, f"<@{BOT}> hello")
    last = server.world.tell(7, "done")

    await recorder.until(2)
    direct = server.world.direct_channel(7)["id"]
    assert recorder.offered == [
        f"discord:{BOT}:{channel}:{heard}",
        f"discord:{BOT}:{direct}:{last}",
    ]


async def test_event_that_could_not_be_stored_waits_and_keeps_its_place(
    server: DiscordServer, recorder: Recorder
) -> None:
    recorder.failures = [StorageError("the database is away") for _ in range(3)]
    for number in range(3):
        server.world.tell(7, f"message {number}")
    await recorder.until(3)
    assert [event.message.text for event in recorder.events] == [
        "message 0",
        "message 1",
        "message 2",
    ]


async def test_a_bug_in_accept_does_not_end_the_connection(
    server: DiscordServer, recorder: Recorder
) -> None:
    recorder.failures = [ZeroDivisionError("a bug")]
    server.world.tell(7, "first")
    server.world.tell(7, "second")
    event = await recorder.received()
    assert event.message.text == "second"
