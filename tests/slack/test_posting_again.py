"""A reply that was interrupted is finished, not repeated."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.messages import Say, Visibility
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, Reply, again, answer, ask, interrupted


@pytest.mark.parametrize("channel", ["D7", "C1"])
async def test_post_whose_answer_was_lost_is_found_and_not_repeated(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=channel)
    slack.faults.order("chat.postMessage", Fault(lose_answer=True))
    reply = Reply(event)
    await interrupted(adapter, reply, Say("Hello."))
    assert not reply.posted
    await again(adapter, reply, Say("Hello."))
    (post,) = slack.workspace.posts
    assert reply.posted == (post.ts,)
    assert post.edits == 0


async def test_interrupted_reply_goes_on_with_the_part_that_is_missing(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    say = Say("\n\n".join(["Word. " * 1_000] * 4))
    reply = Reply(await ask(slack, recorder, "<@UBOT> hi", channel="C1"))
    slack.faults.order("chat.postMessage", Fault())
    slack.faults.order("chat.postMessage", Fault(lose_answer=True))
    await interrupted(adapter, reply, say)
    await again(adapter, reply, say)
    posts = slack.workspace.posts
    assert [post.metadata["event_payload"]["part"] for post in posts] == [0, 1, 2, 3]
    assert reply.posted == tuple(post.ts for post in posts)


async def test_reply_that_turns_out_differently_corrects_the_earlier_post(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    reply = Reply(await ask(slack, recorder))
    slack.faults.order("chat.postMessage", Fault(lose_answer=True))
    await interrupted(adapter, reply, Say("Two days."))
    await again(adapter, reply, Say("Three days."))
    (post,) = slack.workspace.posts
    assert (post.markdown, post.text, post.edits) == ("Three days.", "Three days.", 1)


async def test_deleted_post_stays_deleted(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    reply = Reply(await ask(slack, recorder), attempt=1, posted=("1.000100",))
    await again(adapter, reply, Say("Hello."))
    assert slack.workspace.posts == []


async def test_remembered_private_post_is_not_repeated(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    reply = await answer(adapter, event, Say("Order 1.", Visibility.PRIVATE))
    await again(adapter, reply, Say("Order 1.", Visibility.PRIVATE))
    assert len(slack.workspace.posts) == 1


async def test_earlier_post_is_found_far_down_a_busy_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    root = event.message.id.rpartition(":")[2]
    for number in range(150):
        slack.write(f"{number}", user="U2", channel="C1", thread_ts=root)
    reply = Reply(event)
    slack.faults.order("chat.postMessage", Fault(lose_answer=True))
    await interrupted(adapter, reply, Say("Hello."))
    await again(adapter, reply, Say("Hello."))
    assert len(slack.workspace.posts) == 1


async def test_replies_to_two_questions_in_a_thread_are_told_apart(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    first = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    root = first.message.id.rpartition(":")[2]
    second = await ask(slack, recorder, "and?", channel="C1", thread_ts=root)
    await answer(adapter, first, Say("Same."))
    await again(adapter, Reply(second), Say("Same."))
    assert len(slack.workspace.posts) == 2


@pytest.mark.parametrize("remembered", [True, False])
async def test_reply_that_turns_out_shorter_leaves_no_remains(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, remembered: bool
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    reply = await answer(adapter, event, Say("\n\n".join(["Word. " * 1_000] * 3)))
    assert len(reply.posted) == 3
    if not remembered:
        reply.posted = reply.posted[:1]
    await again(adapter, reply, Say("Two days."))
    await again(adapter, reply, Say("Two days."))
    (post,) = slack.workspace.posts
    assert (post.ts, post.markdown) == (reply.posted[0], "Two days.")


async def test_remains_that_slack_does_not_let_us_remove_do_no_harm(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder)
    reply = await answer(adapter, event, Say("\n\n".join(["Word. " * 1_000] * 2)))
    slack.faults.order("chat.delete", Fault(error="cant_delete_message"))
    await again(adapter, reply, Say("Two days."))
    assert [post.markdown[:4] for post in slack.workspace.posts] == ["Two ", "Word"]


async def test_without_the_scope_to_look_back_the_reply_is_posted_all_the_same(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    slack.workspace.scopes = "chat:write"
    await again(adapter, Reply(event), Say("Hello."))
    assert [post.markdown for post in slack.workspace.posts] == ["Hello."]
