"""A reply is shown while it is made, in a thread that opens at once, and always to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import ServiceUnavailable, StateChanged
from bot.messages import AskFeedback, Button, Event, Offer, Part, Say, Visibility
from tests.discord.desk import PATIENCE, Attempt, Memory, Recorder, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault, RateLimit
from tests.servers.discord.payloads import CREATE_PUBLIC_THREADS
from tests.servers.discord.world import BOT
from tests.slow_reply import Slow

LATER = 301  # seconds; Discord remembers a nonce for 300
FIRST = "Within thirty days, in every country."


@pytest.fixture
async def adapter(
    server: DiscordServer, channel: int, recorder: Recorder
) -> AsyncIterator[DiscordAdapter]:
    async with serving(server, recorder, past=Memory(recorder)) as running:
        yield running


def shown(server: DiscordServer) -> list[str]:
    return [post.message["content"] for post in server.world.posts]


def edits(server: DiscordServer) -> int:
    return [method for method, path in server.requests if "/messages/" in path].count("PATCH")


class Streaming:
    """A reply that is being posted."""

    def __init__(self, server: DiscordServer, adapter: DiscordAdapter, event: Event) -> None:
        self.slow, self.attempt = Slow(event), Attempt(event)
        self._server = server
        self._task = asyncio.create_task(adapter.post(self.attempt, self.slow.parts()))

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not (self._task.done() or condition()):
                await self._server.requested()
        if self._task.done():
            self._task.result()

    async def shows(self, text: str) -> None:
        await self.until(lambda: shown(self._server) == [text])

    async def ends(self, *parts: Part | str) -> None:
        self.slow.end(*parts)
        await self._task

    async def fails(self) -> None:
        await self._task


async def direct(server: DiscordServer, recorder: Recorder) -> Event:
    server.world.tell(7, "where is my order?")
    return await recorder.received(len(recorder.events) + 1)


async def mention(server: DiscordServer, channel: int, recorder: Recorder) -> Event:
    server.world.say(channel, 7, f"<@{BOT}> where is my order?")
    return await recorder.received(len(recorder.events) + 1)


def thread_of(event: Event) -> int:
    return int(event.message.conversation.rpartition(":")[2])


async def test_thread_opens_before_there_is_an_answer(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    streaming = Streaming(server, adapter, event)
    await streaming.until(lambda: thread_of(event) in server.world.typing)
    assert shown(server) == []
    await streaming.ends("On Friday.")
    assert server.world.posts[0].message["channel_id"] == str(thread_of(event))
    assert [path for _, path in server.requests if path.endswith("/threads")] == [
        f"/channels/{channel}/messages/{thread_of(event)}/threads"
    ]


async def test_thread_that_cannot_be_opened_yet_is_opened_with_the_answer(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.faults.append(Fault("POST", r"/threads$", 503))
    event = await mention(server, channel, recorder)
    streaming = Streaming(server, adapter, event)
    await streaming.until(lambda: not any(fault.times for fault in server.faults))
    await streaming.ends("On Friday.")
    assert server.world.posts[0].message["channel_id"] == str(thread_of(event))


async def test_first_text_stands_before_the_rest_is_known_and_grows_in_place(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    for event in (await direct(server, recorder), await mention(server, channel, recorder)):
        streaming = Streaming(server, adapter, event)
        streaming.slow.say("Within 30 days. ")
        await streaming.shows("Within 30 days.")
        streaming.slow.say("Shipping is free. ")
        await streaming.shows("Within 30 days. Shipping is free.")
        await streaming.ends("Always.", Offer((Button("b", "Ok"),)))
        (post,) = server.world.posts
        assert post.message["content"] == "Within 30 days. Shipping is free. Always."
        assert post.message["components"][0]["components"][0]["custom_id"] == "frontdesk:b"
        assert len(streaming.attempt.remembered) == 1
        server.world.posts.clear()


async def test_reply_that_is_ready_at_once_is_posted_once(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    async with adapter.thinking(event):
        await answer(adapter, event, "One. ", "Two.", Offer((Button("b", "Ok"),)))
    assert shown(server) == ["One. Two."]
    assert (edits(server), server.world.typing) == (0, [])


@pytest.mark.parametrize("later", [0, LATER])
@pytest.mark.parametrize("remembered", [True, False])
async def test_restart_in_the_middle_finishes_the_post_that_stands(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    remembered: bool,
    later: int,
) -> None:
    for event in (await direct(server, recorder), await mention(server, channel, recorder)):
        streaming = Streaming(server, adapter, event)
        streaming.slow.say(FIRST)
        await streaming.shows(FIRST)
        streaming.slow.say(ServiceUnavailable("the worker died"))
        with pytest.raises(ServiceUnavailable):
            await streaming.fails()
        server.clock.advance(later)
        posted = streaming.attempt.remembered if remembered else []
        offer = Offer((Button("b", "Ok"),))
        again = await answer(adapter, event, FIRST, " Free.", offer, posted=posted, number=2)
        assert shown(server) == [f"{FIRST} Free."]
        assert server.world.posts[0].message["components"]
        assert {*posted, *again.remembered} == set(streaming.attempt.remembered)
        server.world.posts.clear()


async def test_reply_that_turns_out_shorter_leaves_no_remains(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await direct(server, recorder)
    first = await answer(adapter, event, ("word " * 300 + "\n\n") * 2)
    await answer(adapter, event, "Short.", posted=first.remembered, number=2)
    where = int(server.world.posts[0].message["channel_id"])
    _question, left = server.world.messages[where].values()
    assert left["content"] == "Short."


async def test_first_text_that_discord_took_but_did_not_confirm_is_finished(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.faults.append(Fault("POST", r"/messages$", 503, after=True))
    streaming = Streaming(server, adapter, await direct(server, recorder))
    streaming.slow.say("One. ")
    await streaming.until(lambda: not any(fault.times for fault in server.faults))
    await streaming.ends("Two.")
    assert shown(server) == ["One. Two."]


async def test_rate_limit_in_the_middle_loses_nothing(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    streaming = Streaming(server, adapter, await direct(server, recorder))
    streaming.slow.say("One. ")
    await streaming.shows("One.")
    server.rate_limit = RateLimit(limit=1, window=0.5)
    for number in range(3):
        server.faults.append(Fault("PATCH", r"/messages/", 429))
        streaming.slow.say(f"{number}. ")
        await streaming.until(lambda: not any(fault.times for fault in server.faults))
    await streaming.ends("Two.")
    assert shown(server) == ["One. 0. 1. 2. Two."]


async def test_take_over_in_the_middle_leaves_what_is_shown_and_adds_nothing(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    streaming = Streaming(server, adapter, await direct(server, recorder))
    streaming.slow.say("One. ")
    await streaming.shows("One.")

    async def taken() -> None:
        raise StateChanged("a person took over")

    streaming.attempt.reserve = taken  # type: ignore[method-assign]
    streaming.slow.end("Two.")
    with pytest.raises(StateChanged):
        await streaming.fails()
    assert (shown(server), edits(server)) == (["One."], 0)


async def test_take_over_before_the_first_post_shows_nothing(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    attempt = Attempt(await direct(server, recorder))

    async def taken() -> None:
        raise StateChanged("a person took over")

    attempt.reserve = taken  # type: ignore[method-assign]
    slow = Slow(attempt.event)
    slow.end("One.")
    with pytest.raises(StateChanged):
        await adapter.post(attempt, slow.parts())
    assert shown(server) == []


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.INTERNAL])
async def test_what_others_may_not_read_is_never_shown_before_its_end(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    visibility: Visibility,
) -> None:
    event = await mention(server, channel, recorder)
    streaming = Streaming(server, adapter, event)
    await streaming.until(lambda: thread_of(event) in server.world.typing)
    streaming.slow.say(Say("Order 1 ", visibility))
    await asyncio.sleep(0.3)  # longer than the first text waits for more
    assert shown(server) == []
    await streaming.ends(Say("is late.", visibility))
    private = visibility is Visibility.PRIVATE
    thread = [p for p in server.world.posts if p.message["channel_id"] == str(thread_of(event))]
    expected = "sent_privately" if private else "withheld"
    assert [post.message["content"] for post in thread] == [BUILT_IN[expected]["en"]]


async def test_private_text_after_a_public_beginning_goes_into_direct_messages(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    streaming = Streaming(server, adapter, event)
    streaming.slow.say("Orders take a week. ")
    await streaming.shows("Orders take a week.")
    await streaming.ends(Say("Yours is late.", Visibility.PRIVATE))
    thread = str(thread_of(event))
    told = [p.message["content"] for p in server.world.posts if p.message["channel_id"] == thread]
    assert told == ["Orders take a week.", BUILT_IN["sent_privately"]["en"]]
    assert "Yours is late." in shown(server)


async def test_text_that_outgrows_a_post_goes_on_in_the_next(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    streaming = Streaming(server, adapter, await direct(server, recorder))
    paragraph = "Read this with care. " * 60 + "\n\n"
    streaming.slow.say(paragraph)
    await streaming.shows(paragraph.strip())
    await streaming.ends(paragraph, paragraph, Offer((Button("b", "Ok"),)))
    assert "".join(shown(server)).count("Read this") == 180
    assert [bool(p.message["components"]) for p in server.world.posts] == [False, False, True]


async def test_where_threads_are_not_allowed_the_reply_on_the_spot_grows(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    strict = server.world.text_channel("strict", denied=CREATE_PUBLIC_THREADS)
    streaming = Streaming(server, adapter, await mention(server, strict, recorder))
    streaming.slow.say("One. ")
    await streaming.shows("One.")
    await streaming.ends("Two.")
    assert shown(server) == ["One. Two."]
    assert "message_reference" in server.world.posts[0].request


async def test_thumbs_stand_below_what_was_streamed(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mention(server, channel, recorder)
    streaming = Streaming(server, adapter, event)
    streaming.slow.say(FIRST)
    await streaming.shows(FIRST)
    await streaming.ends(AskFeedback(event.message.id, "Helpful", "Not helpful", "en"))
    (row,) = server.world.posts[0].message["components"]
    assert [button["label"] for button in row["components"]] == ["Helpful", "Not helpful"]
    assert len(server.world.posts) == 1
