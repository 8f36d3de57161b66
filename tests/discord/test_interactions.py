"""Commands, presses and modals reach one router, and are acknowledged in time."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import StorageError
from bot.messages import Button, Offer
from tests.discord.desk import Recorder, answer, response_to, serving
from tests.servers.discord import DiscordServer

OFFER = Offer((Button("b_1", "This"),))
MESSAGE, DEFERRED, DEFERRED_UPDATE, COMPLETED = 4, 5, 6, 8
EPHEMERAL = 1 << 6


async def used(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, kind: str
) -> int:
    """Let somebody press a button that was offered before, or use a command."""
    server.world.tell(7, "hm")
    await answer(adapter, await recorder.received(), "Which?", OFFER)
    post = server.world.posts[0].message
    recorder.gate = asyncio.Event()
    if kind == "press":
        return server.world.press(int(post["id"]), "frontdesk:b_1", 7)
    return server.world.command(int(post["channel_id"]), 7, "status")


@pytest.mark.parametrize("kind", ["context menu", "modal"])
async def test_what_is_unknown_is_answered_for_their_eyes_only(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder, kind: str
) -> None:
    if kind == "modal":
        interaction = server.world.submit(channel, 7, "return:42")
    else:
        message = server.world.say(channel, 8, "hello")
        interaction = server.world.context_command(message, 7, "Make a ticket")
    response = await response_to(server, interaction)

    assert (response["type"], response["data"]["flags"]) == (MESSAGE, EPHEMERAL)
    assert response["data"]["content"] == BUILT_IN["unknown_command"]["de"]
    assert not any(str(interaction) in identity for identity in recorder.offered)


async def test_options_of_an_unknown_command_are_completed_with_nothing(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    response = await response_to(server, server.world.complete(channel, 7, "order"))

    assert response["type"] == COMPLETED
    assert response["data"]["choices"] == []
    assert recorder.offered == []


@pytest.mark.parametrize(("kind", "deferred"), [("press", DEFERRED_UPDATE), ("command", DEFERRED)])
async def test_slow_storage_delays_no_acknowledgement(
    server: DiscordServer,
    adapter: DiscordAdapter,
    recorder: Recorder,
    kind: str,
    deferred: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.common.interactions.ACKNOWLEDGE_WITHIN", 0.05)
    interaction = await used(server, adapter, recorder, kind)
    response = await response_to(server, interaction)
    before = len(recorder.events)
    assert recorder.gate is not None
    recorder.gate.set()
    await recorder.until(2)

    assert response["type"] == deferred
    assert before == 1
    assert server.world.interactions[interaction].followups == []


@pytest.mark.parametrize("kind", ["press", "command"])
async def test_who_was_acknowledged_hears_when_storing_fails_later(
    server: DiscordServer, recorder: Recorder, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.common.interactions.ACKNOWLEDGE_WITHIN", 0.05)
    async with serving(server, recorder) as adapter:
        interaction = await used(server, adapter, recorder, kind)
        recorder.failures = [StorageError("away")]
        await response_to(server, interaction)
        assert recorder.gate is not None
        recorder.gate.set()
        async with asyncio.timeout(10):
            while not server.world.interactions[interaction].followups:
                await server.requested()

    (told,) = server.world.interactions[interaction].followups
    assert told["content"] == BUILT_IN["try_again"]["de"]
    assert told["flags"] & EPHEMERAL
