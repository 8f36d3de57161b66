"""Slash commands come as messages, and are answered to their author alone."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.messages import Addressing, Say, Visibility
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, answer, connected


async def test_a_command_comes_as_a_message(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    envelope = slack.command("pause here", user="U7")
    await slack.sockets.settled()

    (event,) = recorder.received
    assert envelope.state == "acked"
    assert event.message.text == "/frontdesk pause here"
    assert event.message.conversation == "slack:A1:C1"
    assert event.message.id.startswith("slack:A1:C1:command:")
    assert event.message.author.key == "slack:T1:U7"
    assert event.message.addressing is Addressing.COMMAND


async def test_another_command_of_the_app_keeps_its_name(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.command("42", command="/order")
    await slack.sockets.settled()

    assert recorder.texts == ["/order 42"]


async def test_the_answer_is_seen_by_its_author_alone(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.command("pause", user="U7")
    await slack.sockets.settled()
    await answer(adapter, recorder.events[0], Say("Paused.", Visibility.PRIVATE))

    (post,) = slack.workspace.posts
    assert (post.channel, post.only_for, post.thread_ts) == ("C1", "U7", "")
    assert "thread_ts" not in post.arguments


@pytest.mark.parametrize("visibility", [*Visibility])
async def test_no_answer_to_a_command_is_seen_by_others(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, visibility: Visibility
) -> None:
    slack.command("what is the PIN?", user="U7")
    await slack.sockets.settled()
    await answer(adapter, recorder.events[0], Say("4711", visibility))

    assert [post.only_for for post in slack.workspace.posts] == ["U7"]


async def test_a_command_delivered_twice_is_one(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    first = slack.command("pause")
    slack.sockets.deliver(first.type, first.payload)
    await slack.sockets.settled()

    assert len(recorder.calls) == 2
    assert len(recorder.events) == 1


async def test_a_command_that_cannot_be_stored_is_answered_for_their_eyes_only(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder):
        recorder.failures = 1
        envelope = slack.command("pause", user="U7")
        await slack.sockets.settled()

    (post,) = slack.workspace.posts
    assert envelope.state == "acked"
    assert (post.channel, post.only_for) == ("C1", "U7")
    assert post.text == BUILT_IN["try_again"]["en"]
