"""Thumbs under answers: pressed, changed, and explained in a modal."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import StorageError
from bot.messages import AskFeedback, Button, Event, Offer, Say, Visibility, Voted
from tests.discord.desk import Recorder, answer, response_to, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT

THUMBS = ("Helpful", "Not helpful", "en")
MESSAGE, DEFERRED_UPDATE, MODAL = 4, 6, 9
EPHEMERAL = 1 << 6


async def answered(
    server: DiscordServer, recorder: Recorder, adapter: DiscordAdapter, channel: int
) -> Event:
    """Have an answer with thumbs posted into a thread."""
    server.world.say(channel, 7, f"<@{BOT}> hi")
    event = await recorder.until(1)
    await answer(adapter, event, "Hello.", AskFeedback(event.message.id, *THUMBS))
    return event


def thumb(server: DiscordServer, verdict: str, user: int = 7) -> int:
    """Let somebody press a thumb below the first post."""
    post = server.world.posts[0].message
    buttons = [button for row in post["components"] for button in row["components"]]
    (custom_id,) = (
        each["custom_id"] for each in buttons if f"vote:{verdict}:" in each["custom_id"]
    )
    return server.world.press(int(post["id"]), custom_id, user)


def last(recorder: Recorder) -> Voted:
    event = recorder.events[-1]
    assert isinstance(event, Voted)
    return event


async def test_thumbs_stand_in_a_row_of_their_own_below_the_buttons(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> hi")
    event = await recorder.until(1)
    offer = Offer(tuple(Button(f"b_{number}", f"Choice {number}") for number in range(25)))
    await answer(adapter, event, "Hello.", offer, AskFeedback(event.message.id, *THUMBS))
    rows = server.world.posts[0].message["components"]
    assert [len(row["components"]) for row in rows] == [5, 5, 5, 5, 2]
    assert [button["label"] for button in rows[-1]["components"]] == ["Helpful", "Not helpful"]


async def test_a_thumb_up_comes_back_with_the_answer_that_it_judges(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await answered(server, recorder, adapter, channel)
    interaction = thumb(server, "up", user=8)
    await recorder.until(2)
    vote = last(recorder)
    assert (vote.verdict, vote.answer, vote.message.text) == ("up", event.message.id, "")
    assert vote.message.author.key == "discord:discord:8"
    assert vote.message.conversation == event.message.conversation
    assert (await response_to(server, interaction))["type"] == DEFERRED_UPDATE
    await answer(adapter, vote, Say("Thanks.", Visibility.PRIVATE))
    (said,) = server.world.interactions[interaction].followups
    assert (said["content"], said["flags"] & EPHEMERAL) == ("Thanks.", EPHEMERAL)
    assert len(server.world.posts) == 1


async def test_a_thumb_down_opens_a_modal_whose_reason_comes_back(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await answered(server, recorder, adapter, channel)
    pressed = thumb(server, "down")
    await recorder.until(2)
    assert last(recorder).message.text == ""
    opened = await response_to(server, pressed)
    assert opened["type"] == MODAL
    assert opened["data"]["title"] == BUILT_IN["feedback_title"]["de"]
    given = server.world.give_reason(pressed, " it is 30 days ", 7)
    await recorder.until(3)
    reason = last(recorder)
    assert (reason.verdict, reason.answer) == ("down", event.message.id)
    assert reason.message.text == "it is 30 days"
    assert reason.message.conversation == event.message.conversation
    assert (await response_to(server, given))["type"] == DEFERRED_UPDATE
    await answer(adapter, reason, Say("Thanks.", Visibility.PRIVATE))
    (said,) = server.world.interactions[given].followups
    assert (said["content"], said["flags"] & EPHEMERAL) == ("Thanks.", EPHEMERAL)
    assert len(server.world.posts) == 1


async def test_thumbs_and_modals_outlive_a_restart(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(server, recorder) as adapter:
        await answered(server, recorder, adapter, channel)
    async with serving(server, recorder):
        pressed = thumb(server, "down")
        await recorder.until(2)
        await response_to(server, pressed)
    async with serving(server, recorder):
        server.world.give_reason(pressed, "too long", 7)
        await recorder.until(3)
    assert last(recorder).message.text == "too long"


@pytest.mark.parametrize("verdict", ["up", "down"])
async def test_a_vote_that_cannot_be_stored_is_said_to_have_failed(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder, verdict: str
) -> None:
    await answered(server, recorder, adapter, channel)
    recorder.failures.append(StorageError("away"))
    told = await response_to(server, thumb(server, verdict))
    assert (told["type"], told["data"]["flags"]) == (MESSAGE, EPHEMERAL)
    assert told["data"]["content"] == BUILT_IN["try_again"]["de"]


async def test_an_answer_with_thumbs_that_stands_is_not_posted_again(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await answered(server, recorder, adapter, channel)
    server.clock.advance(301)  # Discord has forgotten the nonce
    await answer(adapter, event, "Hello.", AskFeedback(event.message.id, *THUMBS), number=2)
    assert len(server.world.posts) == 1
