"""Whom a message speaks to beside the bot, and what counts as said to it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Addressing, Edited
from tests.servers.slack import SlackServer
from tests.servers.slack.events import message_event
from tests.slack.conftest import Recorder, connected


def changed(slack: SlackServer, before: str, after: str, editor: str = "U1") -> dict[str, Any]:
    """The event of an edit, of a message that was written a moment ago."""
    old = message_event(slack.workspace, slack.write(before, user="U1", channel="C1"))
    edited = {"user": editor, "ts": slack.workspace.new_ts()}
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "C1",
        "channel_type": "channel",
        "ts": edited["ts"],
        "event_ts": edited["ts"],
        "message": old | {"text": after, "edited": edited},
        "previous_message": old,
    }


@pytest.mark.usefixtures("adapter")
async def test_people_and_groups_that_a_text_names_are_told(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.say("<@UBOT> ask <@U2|ben> or <!subteam^S7|@crew>, not <#C2|news> or <@U2>", channel="C1")
    await slack.sockets.settled()
    assert recorder.received[0].message.to.people == ("slack:T1:U2", "slack:T1:S7")


@pytest.mark.usefixtures("adapter")
async def test_a_mention_that_an_edit_adds_is_a_new_question(
    slack: SlackServer, recorder: Recorder
) -> None:
    event = changed(slack, "can I return a tent?", "<@UBOT> can I return a tent?")
    slack.deliver(event)
    slack.deliver(event)
    await slack.sockets.settled()
    (edit,) = recorder.events
    assert isinstance(edit, Edited)
    assert edit.original == f"slack:A1:C1:{event['message']['ts']}"
    assert edit.message.text == "can I return a tent?"
    assert edit.message.addressing is Addressing.MENTION
    assert edit.message.conversation == edit.original
    assert f"{edit.edited_at.timestamp():.6f}" == event["ts"]


@pytest.mark.usefixtures("adapter")
async def test_an_edit_by_somebody_else_asks_nothing(
    slack: SlackServer, recorder: Recorder
) -> None:
    edit = changed(slack, "can I return it?", "<@UBOT> can I return it?", editor="U2")
    slack.deliver(edit)
    await slack.sockets.settled()
    assert recorder.calls == []


async def test_a_chosen_bot_may_ask(slack: SlackServer, recorder: Recorder) -> None:
    async with connected(slack, recorder, bots=["B9"]):
        post = slack.write("<@UBOT> which orders are late?", user="U9", channel="C1")
        slack.deliver(message_event(slack.workspace, post) | {"bot_id": "B9"})
        slack.deliver(message_event(slack.workspace, post) | {"bot_id": "B8", "ts": "1.2"})
        await slack.sockets.settled()
    (received,) = recorder.received
    assert received.message.author.bot
    assert received.message.author.key == "slack:T1:U9"


@pytest.mark.parametrize(
    "mark",
    [
        {"metadata": {"event_type": "frontdesk_reply", "event_payload": {}}},
        {"blocks": [{"type": "actions", "block_id": "frontdesk_thread:1.2:0", "elements": []}]},
    ],
)
async def test_another_frontdesk_is_never_answered(
    slack: SlackServer, recorder: Recorder, mark: dict[str, Any]
) -> None:
    async with connected(slack, recorder, bots=["B9"]):
        post = slack.write("<@UBOT> is it about one of these?", user="U9", channel="C1")
        slack.deliver(message_event(slack.workspace, post) | {"bot_id": "B9"} | mark)
        await slack.sockets.settled()
    assert recorder.calls == []
