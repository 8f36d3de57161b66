"""What a message says beside its text: forwards, titles of forum posts, files, polls, stickers."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Addressing, Attachment, Message
from tests.discord.desk import Recorder, answer, named
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT, GUILD


def file(name: str, media_type: str, size: int = 7) -> Json:
    return {
        "id": "1",
        "filename": name,
        "content_type": media_type,
        "size": size,
        "url": f"https://cdn.example.org/{name}",
        "proxy_url": f"https://cdn.example.org/{name}",
    }


def forward(content: str, channel: int, message: int, **more: object) -> Json:
    """Return the fields of a message that forwards another."""
    inner = {
        "type": 0,
        "content": content,
        "embeds": [],
        "attachments": [],
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "flags": 0,
        "mentions": [],
        "mention_roles": [],
        "sticker_items": [],
        "components": [],
    }
    return {
        "flags": 1 << 14,
        "message_reference": {
            "type": 1,
            "channel_id": str(channel),
            "message_id": str(message),
            "guild_id": str(GUILD),
        },
        "message_snapshots": [{"message": inner | more}],
    }


async def told(server: DiscordServer, recorder: Recorder, content: str, more: Json) -> Message:
    """Have a direct message arrive."""
    direct = int(server.world.direct_channel(7)["id"])
    server.world.say(direct, 7, content, more=more)
    return (await recorder.received(len(recorder.events) + 1)).message


@pytest.mark.parametrize(
    ("comment", "text"),
    [("", "where is my parcel?"), ("can you help?", "can you help?\n\nwhere is my parcel?")],
)
async def test_a_forwarded_message_is_read_below_what_was_typed(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    comment: str,
    text: str,
) -> None:
    fields = forward(
        "where is my parcel?", channel, 1, attachments=[file("tent.jpg", "image/jpeg")]
    )
    message = await told(server, recorder, comment, fields)
    assert message.text == text
    assert named(message.attachments) == (Attachment("tent.jpg", "image/jpeg", 7),)


async def test_a_forward_of_the_bots_own_answer_is_no_reply_to_it(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> hi")
    event = await recorder.received(1)
    await answer(adapter, event, "Hello.")
    said = int(server.world.posts[0].message["id"])
    fields = forward("Hello.", int(server.world.posts[0].message["channel_id"]), said)
    server.world.say(channel, 8, "look what it said", more=fields)
    forwarded = (await recorder.received(2)).message
    assert forwarded.addressing is Addressing.AMBIENT
    assert forwarded.conversation != event.message.conversation


async def test_the_title_of_a_forum_post_is_part_of_its_first_message(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    forum = server.world.forum()
    post = server.world.thread(forum, owner=7, name="Where is my  parcel?")
    server.world.say(post, 7, f"<@{BOT}> it was due on Monday", number=post)
    server.world.say(post, 7, f"<@{BOT}> hello?")
    await recorder.until(2)
    assert [each.message.text for each in recorder.events] == [
        "Where is my parcel?\n\nit was due on Monday",
        "hello?",
    ]


async def test_a_title_that_the_message_repeats_is_said_once(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    post = server.world.thread(server.world.forum(), owner=7, name="Where is my parcel?")
    server.world.say(post, 7, f"<@{BOT}> Where is my parcel? It was due.", number=post)
    assert (await recorder.received()).message.text == "Where is my parcel? It was due."


async def test_a_thread_that_was_made_from_a_message_has_no_title_of_its_own(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    root = server.world.say(channel, 8, "my tent is torn")
    thread = server.world.thread(channel, root=root, name="my tent is torn")
    server.world.say(thread, 7, f"<@{BOT}> what now?")
    await recorder.until(1)
    assert recorder.events[-1].message.text == "what now?"


async def test_voice_stickers_and_polls_are_named(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    fields: Json = {
        "flags": 1 << 13,
        "attachments": [file("voice-message.ogg", "audio/ogg")],
        "sticker_items": [{"id": "5", "name": "Wave", "format_type": 1}],
        "poll": {
            "question": {"text": "Which tent?"},
            "answers": [
                {"answer_id": 1, "poll_media": {"text": "for two"}},
                {"answer_id": 2, "poll_media": {"text": "for four"}},
            ],
            "expiry": "2026-12-01T00:00:00+00:00",
            "allow_multiselect": False,
            "layout_type": 1,
        },
    }
    direct = int(server.world.direct_channel(7)["id"])
    sent = tuple(fields.pop("attachments"))
    server.world.say(direct, 7, "", attachments=sent, more=fields)
    message = (await recorder.received()).message
    assert named(message.attachments) == (
        Attachment("voice-message.ogg", "audio/ogg", 7),
        Attachment("Wave", "sticker"),
        Attachment("Which tent? (for two, for four)", "poll"),
    )
