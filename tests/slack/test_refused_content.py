"""An answer whose form Slack refuses reaches the customer as plain text, and staff hear of it."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.errors import AdapterError
from bot.messages import Button, Offer, Say, Visibility
from bot.ports import UsesAlerts
from tests.common.alerts import KeptAlerts
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, Reply, again, answer, ask, eventually
from tests.slow_reply import Slow

CODES = ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"]


@pytest.fixture
def alerts(adapter: SlackAdapter) -> KeptAlerts:
    kept = KeptAlerts()
    assert isinstance(adapter, UsesAlerts)
    adapter.use_alerts(kept)
    return kept


@pytest.mark.parametrize("code", CODES)
async def test_refused_post_becomes_plain_text_and_staff_are_told(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, alerts: KeptAlerts, code: str
) -> None:
    event = await ask(slack, recorder)
    slack.faults.order("chat.postMessage", Fault(error=code))
    reply = await answer(adapter, event, Say("Send it **back**."), Offer((Button("b", "Ok"),)))
    (post,) = slack.workspace.posts
    assert (post.text, post.blocks, reply.posted) == ("Send it back.", [], (post.ts,))
    ((kind, text),) = alerts.told
    assert (kind, code in text, event.message.id in text) == ("refused content Slack", True, True)
    await again(adapter, reply, Say("Send it **back**."), Offer((Button("b", "Ok"),)))
    assert (post.text, post.edits, len(alerts.told)) == ("Send it back.", 0, 1)


async def test_refused_private_post_becomes_plain_text_for_its_author_alone(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, alerts: KeptAlerts
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    slack.faults.order("chat.postEphemeral", Fault(error="invalid_blocks"))
    await answer(adapter, event, Say("Order **1**.", Visibility.PRIVATE))
    (post,) = slack.workspace.posts
    assert (post.text, post.blocks, post.only_for) == ("Order 1.", [], "U1")
    assert len(alerts.told) == 1


@pytest.mark.parametrize("where", ["D7", "C1"])
async def test_refused_end_of_a_shown_answer_becomes_plain_text_in_its_place(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, alerts: KeptAlerts, where: str
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=where)
    slow, reply = Slow(event), Reply(event)
    slow.say("One. ")

    async def goes_on() -> None:
        await eventually(lambda: slack.workspace.posts)
        for method in ("chat.stopStream", "chat.update"):
            slack.faults.order(method, Fault(error="invalid_blocks"))
        slow.end("**Two.**")

    await asyncio.gather(adapter.post(reply, slow.parts()), goes_on())
    (post,) = slack.workspace.posts
    assert (post.text, post.blocks, post.streaming) == ("One. Two.", [], False)
    assert len(alerts.told) == 1


async def test_text_too_long_for_plain_text_is_shortened(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, alerts: KeptAlerts
) -> None:
    slack.faults.order("chat.postMessage", Fault(error="msg_too_long"))
    await answer(adapter, await ask(slack, recorder), Say("word " * 1_500))
    (post,) = slack.workspace.posts
    assert len(post.text) <= 4_000
    assert post.text.endswith("…")
    assert alerts.told


async def test_plain_text_that_is_refused_too_is_given_up(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, alerts: KeptAlerts
) -> None:
    event = await ask(slack, recorder)
    slack.faults.order("chat.postMessage", Fault(error="invalid_blocks"), times=2)
    with pytest.raises(AdapterError, match="invalid_blocks"):
        await answer(adapter, event, Say("Hello."))
    assert alerts.told == []


async def test_refused_alert_becomes_plain_text_and_causes_no_other(
    slack: SlackServer, adapter: SlackAdapter, alerts: KeptAlerts
) -> None:
    slack.faults.order("chat.postMessage", Fault(error="invalid_blocks"))
    await adapter.notify("C1", "**The queue** is long.")
    assert [post.text for post in slack.workspace.posts] == ["The queue is long."]
    assert alerts.told == []
