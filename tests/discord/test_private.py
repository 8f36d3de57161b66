"""Private replies reach the person alone."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN, BotWording
from bot.config.responder import ResponderConfig
from bot.errors import ServiceUnavailable
from bot.messages import Button, Decision, DecisionKind, Done, Event, Offer, Say, Visibility
from tests.discord.desk import Recorder, adapter_of, answer, listening, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT

SECRET = Say("Your refund of 12.50 went to the card.", Visibility.PRIVATE)


@pytest.fixture
async def event(
    server: DiscordServer,
    adapter: DiscordAdapter,  # listens
    channel: int,
    recorder: Recorder,
) -> Event:
    server.world.say(channel, 7, f"<@{BOT}> where is my refund?")
    return await recorder.received()


def said_to(server: DiscordServer, channel: int) -> list[str]:
    return [
        post.message["content"]
        for post in server.world.posts
        if post.message["channel_id"] == str(channel)
    ]


async def test_private_answer_goes_into_direct_messages_with_a_public_pointer(
    server: DiscordServer, adapter: DiscordAdapter, event: Event
) -> None:
    await answer(adapter, event, SECRET, Offer((Button("b_1", "Thanks"),)))
    private, pointer = server.world.posts
    thread = int(event.message.conversation.rpartition(":")[2])
    assert private.message["channel_id"] == server.world.direct_channel(7)["id"]
    assert private.message["content"] == SECRET.markdown
    assert private.message["components"]
    assert said_to(server, thread) == [pointer.message["content"]]
    assert "direct message" in pointer.message["content"]


async def test_closed_direct_messages_never_make_it_public(
    server: DiscordServer, adapter: DiscordAdapter, event: Event
) -> None:
    server.world.closed_to.add(7)
    await answer(adapter, event, SECRET)
    (pointer,) = server.world.posts
    assert "write to me" in pointer.message["content"]
    assert SECRET.markdown not in pointer.message["content"]


async def test_public_part_stays_public(
    server: DiscordServer, adapter: DiscordAdapter, event: Event
) -> None:
    await answer(adapter, event, "Refunds take 5 days.", SECRET)
    thread = int(event.message.conversation.rpartition(":")[2])
    assert said_to(server, thread)[0] == "Refunds take 5 days."
    assert not any(SECRET.markdown in text for text in said_to(server, thread))


async def test_private_answer_to_a_direct_message_needs_no_pointer(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "where is my refund?")
    await answer(adapter, await recorder.received(), SECRET)
    assert [post.message["content"] for post in server.world.posts] == [SECRET.markdown]


async def test_interrupted_private_answer_is_finished_not_repeated(
    server: DiscordServer, adapter: DiscordAdapter, event: Event
) -> None:
    server.faults.append(Fault("POST", r"/threads$", 503))
    with pytest.raises(ServiceUnavailable):
        await answer(adapter, event, SECRET)
    (private,) = server.world.posts
    remembered = f"discord:{BOT}:{private.message['channel_id']}:{private.message['id']}"
    server.clock.advance(301)
    await answer(adapter, event, SECRET, posted=[remembered])
    assert len(server.world.posts) == 2
    assert server.world.posts[1].message["channel_id"] != private.message["channel_id"]


async def test_what_points_to_a_private_answer_can_be_worded(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(
        server,
        recorder,
        sent_privately="See your inbox.",
        direct_messages_closed="Open your inbox.",
    ) as adapter:
        for number, (user, said) in enumerate([(7, "See your inbox."), (8, "Open your inbox.")]):
            server.world.say(channel, user, f"<@{BOT}> where is my refund?")
            server.world.closed_to.add(8)
            await answer(adapter, await recorder.received(number + 1), SECRET)
            assert server.world.posts[-1].message["content"] == said


@pytest.mark.parametrize(("user", "key"), [(7, "sent_privately"), (8, "direct_messages_closed")])
async def test_what_points_to_a_private_answer_is_in_the_language_of_the_answer(
    server: DiscordServer, channel: int, recorder: Recorder, user: int, key: str
) -> None:
    own = ResponderConfig.model_validate({"texts": {key: {"zh": "私"}}})
    server.world.closed_to.add(8)
    for language, said in (("de", BUILT_IN[key]["de"]), ("zh-TW", "私")):
        adapter = adapter_of(server)
        adapter.use_wording(BotWording(own, "en"))
        async with listening(adapter, server, recorder):
            server.world.say(channel, user, f"<@{BOT}> wo ist mein Geld?")
            event = await recorder.received(len(recorder.events) + 1)
            done = Done(Decision("d", "m", DecisionKind.INTENT, language=language))
            await answer(adapter, event, SECRET, done)
        assert server.world.posts[-1].message["content"] == said


async def test_internal_text_is_withheld_where_others_read(
    server: DiscordServer, adapter: DiscordAdapter, event: Event
) -> None:
    await answer(adapter, event, Say("the wombat rate", Visibility.INTERNAL))
    assert [post.message["content"] for post in server.world.posts] == [BUILT_IN["withheld"]["en"]]


async def test_internal_text_is_shown_in_direct_messages(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "hello")
    await answer(adapter, await recorder.received(), Say("the wombat", Visibility.INTERNAL))
    assert [post.message["content"] for post in server.world.posts] == ["the wombat"]
