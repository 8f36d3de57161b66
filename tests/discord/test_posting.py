"""Replies become posts: in the right place, once, within the limits, without pings."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AccessLost, AdapterError, ServiceUnavailable
from bot.messages import Button, Cite, Event, Offer, Source
from tests.discord.desk import Attempt, Recorder, adapter_of, answer, parts, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault, RateLimit
from tests.servers.discord.payloads import CREATE_PUBLIC_THREADS, Json
from tests.servers.discord.world import BOT

POSTING = ("POST", r"/messages$")


def shown(server: DiscordServer) -> list[str]:
    return [post.message["content"] for post in server.world.posts]


def places(server: DiscordServer) -> list[int]:
    return [int(post.message["channel_id"]) for post in server.world.posts]


async def mention(server: DiscordServer, channel: int, recorder: Recorder) -> Event:
    server.world.say(channel, 7, f"<@{BOT}> where is my order?")
    return await recorder.received(len(recorder.events) + 1)


async def direct(server: DiscordServer, recorder: Recorder) -> Event:
    server.world.tell(7, "where is my order?")
    return await recorder.received(len(recorder.events) + 1)


async def test_direct_message_is_answered_there(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await direct(server, recorder)
    attempt = await answer(adapter, event, "On ", "Friday.")
    assert shown(server) == ["On Friday."]
    sent = server.world.posts[0].message
    assert attempt.remembered == [f"{event.message.conversation}:{sent['id']}"]


async def test_mention_is_answered_in_a_thread_made_from_it(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    await answer(adapter, event, "On Friday.")
    thread = int(event.message.id.rpartition(":")[2])
    assert places(server) == [thread]
    assert server.world.channels[thread]["parent_id"] == str(channel)
    assert server.world.channels[thread]["name"] == "where is my order?"


async def test_follow_up_in_that_thread_is_the_same_conversation_answered_there(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    await answer(adapter, event, "On Friday.")
    thread = places(server)[0]
    server.world.say(thread, 7, "and the other one?")
    follow_up = await recorder.received(2)
    assert follow_up.message.conversation == event.message.conversation
    await answer(adapter, follow_up, "On Monday.")
    assert places(server) == [thread, thread]


async def test_forum_post_is_answered_inside_it(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    post = server.world.thread(server.world.forum())
    event = await mention(server, post, recorder)
    await answer(adapter, event, "We will replace it.")
    assert places(server) == [post]


async def test_thread_that_exists_already_is_used(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    root = int(event.message.id.rpartition(":")[2])
    emit, server.world.emit = server.world.emit, lambda _name, _data: None
    server.world.thread(channel, root=root)  # somebody else was faster; we were not told
    server.world.emit = emit
    await answer(adapter, event, "On Friday.")
    assert places(server) == [root]


async def test_reply_on_the_spot_where_threads_are_not_allowed(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    strict = server.world.text_channel("strict", denied=CREATE_PUBLIC_THREADS)
    event = await mention(server, strict, recorder)
    await answer(adapter, event, "On Friday.")
    question = int(event.message.id.rpartition(":")[2])
    assert places(server) == [strict]
    assert server.world.posts[0].request["message_reference"]["message_id"] == question
    assert not [path for _, path in server.requests if path.endswith("/threads")]


async def test_reply_on_the_spot_when_discord_refuses_the_thread(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.faults.append(Fault("POST", r"/threads$", 403))
    event = await mention(server, channel, recorder)
    await answer(adapter, event, "On Friday.")
    assert places(server) == [channel]
    assert "message_reference" in server.world.posts[0].request


async def test_archived_thread_is_reopened(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    event = await mention(server, thread, recorder)
    server.world.archive(thread)
    await answer(adapter, event, "On Friday.")
    assert places(server) == [thread]
    assert not server.world.channels[thread]["thread_metadata"]["archived"]


async def test_locked_thread_is_reopened(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    event = await mention(server, thread, recorder)
    server.world.archive(thread, locked=True)
    await answer(adapter, event, "On Friday.")
    assert places(server) == [thread]


async def test_silence_posts_nothing_and_opens_no_thread(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    attempt = await answer(adapter, event)
    assert attempt.remembered == []
    assert not [path for method, path in server.requests if method == "POST"]


async def test_nobody_is_pinged_and_nothing_unfurls(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    await answer(adapter, await direct(server, recorder), "@everyone <@7> https://example.com")
    request = server.world.posts[0].request
    suppress_embeds = 1 << 2
    assert request["allowed_mentions"] == {"parse": []}
    assert request["flags"] & suppress_embeds


async def test_long_reply_is_split_without_breaking_code(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    code = "```python\n" + "print('tent')\n" * 100 + "```"
    event = await direct(server, recorder)
    offer = Offer((Button("b_1", "Track my order"),))
    attempt = await answer(adapter, event, "Intro. " * 150, "\n\n", code, offer)
    assert len(shown(server)) == len(attempt.remembered) == 2
    assert all(text.count("```") % 2 == 0 for text in shown(server))
    assert [bool(post.request.get("components")) for post in server.world.posts] == [False, True]


async def test_sources_are_linked_in_small_print(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    cited = Cite((Source("Returns [EU]", "https://shop.example/returns"), Source("Shipping")))
    await answer(adapter, await direct(server, recorder), "Within 30 days.", cited)
    small_print = "-# Sources: [Returns (EU)](<https://shop.example/returns>), Shipping"
    assert shown(server) == [f"Within 30 days.\n\n{small_print}"]


async def test_posting_again_shows_nothing_twice(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    long = ("word " * 300 + "\n\n") * 2
    first = await answer(adapter, event, long)
    again = await answer(adapter, event, long)  # killed before anything was remembered
    assert len(shown(server)) == 2
    assert again.remembered == first.remembered
    assert [post.repeated for post in server.world.posts] == [1, 1]


async def test_what_was_remembered_is_not_posted_again_even_after_nonces_expired(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await direct(server, recorder)
    long = ("word " * 300 + "\n\n") * 2
    first = await answer(adapter, event, long)
    server.clock.advance(301)
    again = await answer(adapter, event, long, posted=first.remembered[:1])
    assert len(shown(server)) == 3  # the second half alone came again
    assert len(again.remembered) == 1


async def test_answer_that_was_posted_but_not_confirmed_is_shown_once(
    server: DiscordServer, recorder: Recorder
) -> None:
    async with serving(server, recorder) as adapter:
        event = await direct(server, recorder)
        server.faults.append(Fault(*POSTING, 503, after=True))
        with pytest.raises(ServiceUnavailable):
            await answer(adapter, event, "On Friday.")
    async with serving(server, recorder) as adapter:
        await answer(adapter, event, "On Friday.")
    assert shown(server) == ["On Friday."]
    assert server.world.posts[0].repeated == 1


@pytest.mark.parametrize("status", [500, 502, 503, 0])  # 0 hangs
async def test_server_that_fails_or_hangs_is_unavailable(
    server: DiscordServer, recorder: Recorder, status: int
) -> None:
    async with serving(server, recorder, timeout=0.3) as adapter:
        event = await direct(server, recorder)
        server.faults.append(Fault(*POSTING, status, times=9))
        with pytest.raises(ServiceUnavailable, match="posting a message"):
            await answer(adapter, event, "On Friday.")


async def test_channel_that_the_bot_may_not_see_is_refused_for_good(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    thread = server.world.thread(channel)
    event = await mention(server, thread, recorder)
    server.world.hidden.add(thread)
    with pytest.raises(AdapterError, match="50001"):
        await answer(adapter, event, "On Friday.")


async def test_reply_is_kept_while_the_token_is_not_valid(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await direct(server, recorder)
    server.faults.append(Fault(*POSTING, 401))
    with pytest.raises(AccessLost, match="Reset Token"):
        await answer(adapter, event, "On Friday.")


async def test_rate_limited_post_waits_and_is_posted(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await direct(server, recorder)
    server.faults.append(Fault(*POSTING, 429))
    await answer(adapter, event, "On Friday.")
    assert shown(server) == ["On Friday."]


async def test_rate_limit_headers_are_obeyed(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.rate_limit = RateLimit(limit=2, window=0.3)
    event = await direct(server, recorder)
    await answer(adapter, event, ("word " * 300 + "\n\n") * 5)
    assert len(shown(server)) == 5
    assert len([path for _, path in server.requests if path.endswith("/messages")]) == 5


async def test_typing_shows_while_thinking(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    async with adapter.thinking(event):
        while not server.world.typing:
            await server.requested()
    assert server.world.typing == [channel]


async def test_typing_that_fails_or_hangs_does_not_touch_the_answer(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    for status in (403, 0):
        event = await direct(server, recorder)
        server.faults.append(Fault("POST", r"/typing$", status))
        async with adapter.thinking(event):
            await server.requested()
            await answer(adapter, event, f"After {status}.")
    assert shown(server) == ["After 403.", "After 0."]


async def test_posting_without_a_connection_is_worth_another_attempt(
    server: DiscordServer, recorder: Recorder
) -> None:
    async with serving(server, recorder):
        event = await direct(server, recorder)
    with pytest.raises(ServiceUnavailable):
        await adapter_of(server).post(Attempt(event), parts("On Friday."))


def buttons_of(post: Json) -> list[Json]:
    return [button for row in post["components"] for button in row["components"]]


async def test_many_long_buttons_are_taken(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    offered = tuple(Button(f"b_{number}", "long label " * 20) for number in range(30))
    await answer(adapter, await direct(server, recorder), "Which one?", Offer(offered))
    taken = buttons_of(server.world.posts[0].message)
    assert len(taken) == 25
    assert taken[0]["custom_id"] == "frontdesk:b_0"
