"""Posts of the outbox reach their thread once, also when an answer of Slack is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.errors import ServiceUnavailable
from bot.messages import Readers, Visibility
from bot.ports import DeliversPosts, OutgoingPost, ReservedPost
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, ask


def reserved(conversation: str, markdown: str = "On its way.", number: int = 1) -> ReservedPost:
    post = OutgoingPost(conversation, markdown, f"act-{number}", "slack:T1:U1")
    now = datetime.now(UTC)
    return ReservedPost(post, number, "token", 1, now, now)


def again(first: ReservedPost) -> ReservedPost:
    return replace(first, attempt=first.attempt + 1)


def test_slack_delivers_posts(adapter: SlackAdapter) -> None:
    assert isinstance(adapter, DeliversPosts)


@pytest.mark.parametrize("channel", ["D7", "C1"])
async def test_post_whose_answer_was_lost_is_found_and_not_repeated(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=channel)
    line = reserved(event.message.conversation)
    slack.faults.order("chat.postMessage", Fault(lose_answer=True))
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(line)

    found = await adapter.deliver(again(line))

    (post,) = slack.workspace.posts
    assert (post.markdown, post.ts) == ("On its way.", found)


async def test_two_equal_lines_are_two_posts(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    lines = [reserved(event.message.conversation, "Ok.", number) for number in (1, 2)]
    first = await adapter.deliver(lines[0])
    second = await adapter.deliver(again(lines[1]))

    assert first != second
    assert [post.markdown for post in slack.workspace.posts] == ["Ok.", "Ok."]


async def test_what_others_may_not_read_is_withheld(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    line = reserved(event.message.conversation, "The internal price is 5.")
    internal = replace(line.post, visibility=Visibility.INTERNAL, readers=Readers.OTHERS)
    await adapter.deliver(replace(line, post=internal))

    (post,) = slack.workspace.posts
    assert "internal price" not in repr(post)


async def test_a_private_line_is_shown_to_its_recipient_alone(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    line = reserved(event.message.conversation, "Your order is 1.")
    private = replace(line.post, visibility=Visibility.PRIVATE)
    await adapter.deliver(replace(line, post=private))

    (post,) = slack.workspace.posts
    assert post.only_for == "U1"
