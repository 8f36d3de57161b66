"""A reply that was interrupted is finished and not repeated, also when nonces are forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Button, Cite, Event, Offer, Say, Source, Visibility
from tests.discord.desk import Memory, Recorder, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.payloads import CREATE_PUBLIC_THREADS
from tests.servers.discord.world import BOT

LATER = 301  # seconds; Discord remembers a nonce for 300


@pytest.fixture
def memory(recorder: Recorder) -> Memory:
    return Memory(recorder)


@pytest.fixture
async def adapter(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> AsyncIterator[DiscordAdapter]:
    async with serving(server, recorder, past=memory) as running:
        yield running


def shown(server: DiscordServer) -> list[str]:
    return [post.message["content"] for post in server.world.posts]


async def told(server: DiscordServer, recorder: Recorder, text: str = "where is it?") -> Event:
    server.world.tell(7, text)
    return await recorder.received(len(recorder.events) + 1)


async def mentioned(server: DiscordServer, channel: int, recorder: Recorder) -> Event:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    return await recorder.received(len(recorder.events) + 1)


async def test_post_that_was_not_remembered_is_found_after_nonces_expired(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    for event in (await told(server, recorder), await mentioned(server, channel, recorder)):
        first = await answer(adapter, event, "On Friday.")
        server.clock.advance(LATER)
        again = await answer(adapter, event, "On Friday.", number=2)
        assert again.remembered == first.remembered
    assert shown(server) == ["On Friday."] * 2


async def test_reply_of_several_posts_goes_on_where_it_was_interrupted(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await told(server, recorder)
    long = ("word " * 300 + "\n\n") * 3
    first = await answer(adapter, event, long)
    last = server.world.posts.pop()  # was never posted
    del server.world.messages[int(last.message["channel_id"])][int(last.message["id"])]
    server.clock.advance(LATER)
    await answer(adapter, event, long, posted=first.remembered[:1], number=2)
    assert len(shown(server)) == 3


async def test_reply_in_other_words_takes_the_place_of_the_one_that_stands(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await told(server, recorder)
    await answer(adapter, event, "On Friday.")
    server.clock.advance(LATER)
    await answer(adapter, event, "It will be there by Friday.", number=2)
    assert shown(server) == ["It will be there by Friday."]


async def test_equal_answer_to_an_earlier_question_is_not_taken_for_this_one(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, memory: Memory
) -> None:
    first, second = await told(server, recorder), await told(server, recorder, "and the other?")
    await answer(adapter, first, "On Friday.")
    memory.said = ["On Friday."]
    await answer(adapter, second, "On Friday.", number=2)
    assert shown(server) == ["On Friday."] * 2
    server.clock.advance(LATER)
    await answer(adapter, second, "On Friday.", number=3)
    assert shown(server) == ["On Friday."] * 2


async def test_answer_with_sources_counts_as_the_finished_one_that_it_is(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, memory: Memory
) -> None:
    cited = Cite((Source("Shipping"),))
    first, second = await told(server, recorder), await told(server, recorder, "and the other?")
    await answer(adapter, first, "On Friday.", cited)
    memory.said = ["On Friday."]
    await answer(adapter, second, "On Friday.", cited, number=2)
    assert len(shown(server)) == 2


async def test_post_with_buttons_is_known_by_them(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, memory: Memory
) -> None:
    memory.said = ["something else"]
    first, second = await told(server, recorder), await told(server, recorder, "and the other?")
    await answer(adapter, first, "Which one?", Offer((Button("b_1", "Boots"),)))
    server.clock.advance(LATER)
    await answer(adapter, second, "Which one?", Offer((Button("b_2", "Boots"),)), number=2)
    assert len(shown(server)) == 2
    server.clock.advance(LATER)
    await answer(adapter, second, "Which one now?", Offer((Button("b_2", "Boots"),)), number=3)
    assert len(shown(server)) == 2


async def test_where_answers_are_replies_only_those_to_the_question_count(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    strict = server.world.text_channel("strict", denied=CREATE_PUBLIC_THREADS)
    first = await mentioned(server, strict, recorder)
    second = await mentioned(server, strict, recorder)
    await answer(adapter, second, "On Friday.")
    server.clock.advance(LATER)
    await answer(adapter, first, "On Friday.", number=2)
    await answer(adapter, second, "On Friday.", number=2)
    assert shown(server) == ["On Friday."] * 2


async def test_private_answer_is_found_in_the_direct_messages(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mentioned(server, channel, recorder)
    private = Say("Order 1 is late.", Visibility.PRIVATE)
    await answer(adapter, event, private)
    server.clock.advance(LATER)
    await answer(adapter, event, private, number=2)
    assert len(shown(server)) == 2  # the answer, and the pointer to it


async def test_first_attempt_looks_nowhere(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    await answer(adapter, await told(server, recorder), "On Friday.")
    assert not [
        path for method, path in server.requests if (method, path[-9:]) == ("GET", "/messages")
    ]


async def test_history_that_may_not_be_read_leaves_the_nonce(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await told(server, recorder)
    await answer(adapter, event, "On Friday.")
    server.faults.append(Fault("GET", r"/messages$", 403))
    await answer(adapter, event, "On Friday.", number=2)
    assert shown(server) == ["On Friday."]
