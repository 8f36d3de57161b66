"""An answer whose form Discord refuses reaches the customer as plain text, and staff hear of it."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError
from bot.messages import Button, Event, Offer, Say, Visibility
from bot.ports import UsesAlerts
from tests.common.alerts import KeptAlerts
from tests.discord.desk import Attempt, Recorder, answer
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT
from tests.slow_reply import Slow

OFFER = Offer((Button("b", "Ok"),))


@pytest.fixture
def alerts(adapter: DiscordAdapter) -> KeptAlerts:
    kept = KeptAlerts()
    assert isinstance(adapter, UsesAlerts)
    adapter.use_alerts(kept)
    return kept


def refuse(server: DiscordServer, method: str = "POST", times: int = 1) -> None:
    path = r"/messages$" if method == "POST" else r"/messages/"
    server.faults.append(Fault(method, path, 400, code=50035, times=times))


async def direct(server: DiscordServer, recorder: Recorder) -> Event:
    server.world.tell(7, "where is my order?")
    return await recorder.received(len(recorder.events) + 1)


def shown(server: DiscordServer) -> list[str]:
    return [post.message["content"] for post in server.world.posts]


async def test_refused_post_becomes_plain_text_and_staff_are_told(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, alerts: KeptAlerts
) -> None:
    event = await direct(server, recorder)
    refuse(server)
    attempt = await answer(adapter, event, "## Returns\nSend it **back**.", OFFER)
    assert shown(server) == ["Returns\nSend it back."]
    assert server.world.posts[0].message["components"] == []
    assert len(attempt.remembered) == 1
    ((kind, text),) = alerts.told
    assert (kind, "50035" in text, event.message.id in text) == (
        "refused content Discord", True, True,
    )  # fmt: skip


async def test_refused_private_post_becomes_plain_text_in_direct_messages(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    alerts: KeptAlerts,
) -> None:
    server.world.say(channel, 7, f"<@{BOT}> where is my refund?")
    event = await recorder.received()
    refuse(server)
    await answer(adapter, event, Say("On **your** card.", Visibility.PRIVATE))
    assert shown(server)[0] == "On your card."
    assert server.world.posts[0].message["channel_id"] == server.world.direct_channel(7)["id"]
    assert alerts.told


async def test_refused_end_of_a_shown_answer_becomes_plain_text_in_its_place(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, alerts: KeptAlerts
) -> None:
    event = await direct(server, recorder)
    slow = Slow(event)
    posting = asyncio.create_task(adapter.post(Attempt(event), slow.parts()))
    slow.say("One. ")
    while not shown(server):
        await server.requested()
    refuse(server, "PATCH")
    slow.end("**Two.**", OFFER)
    await posting
    assert shown(server) == ["One. Two."]
    assert len(alerts.told) == 1


async def test_plain_text_that_is_refused_too_is_given_up(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, alerts: KeptAlerts
) -> None:
    event = await direct(server, recorder)
    refuse(server, times=2)
    with pytest.raises(AdapterError, match="50035"):
        await answer(adapter, event, "Hello.")
    assert alerts.told == []


async def test_refused_alert_becomes_plain_text_and_causes_no_other(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, alerts: KeptAlerts
) -> None:
    refuse(server)
    await adapter.notify(str(channel), "**The queue** is long.")
    assert shown(server) == ["The queue is long."]
    assert alerts.told == []
