"""A reply is shown while it is made, and always to its end."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import ServiceUnavailable, StateChanged
from bot.messages import (
    Addressing,
    AskFeedback,
    Button,
    Cite,
    Event,
    Offer,
    Part,
    Say,
    Source,
    Visibility,
)
from tests.servers.slack import Fault, Post, SlackServer
from tests.slack.conftest import Recorder, Reply, again, answer, ask, eventually
from tests.slow_reply import Slow


class Streaming:
    """A reply that is being posted."""

    def __init__(self, slack: SlackServer, adapter: SlackAdapter, event: Event) -> None:
        self.slow, self.reply = Slow(event), Reply(event)
        self._slack = slack
        self._task = asyncio.create_task(adapter.post(self.reply, self.slow.parts()))

    async def shows(self, markdown: str) -> Post:
        """Wait until the one post says something."""

        def shown() -> bool:
            posts = [post.markdown for post in self._slack.workspace.posts]
            return self._task.done() or posts == [markdown]

        await eventually(shown)
        if self._task.done():
            self._task.result()
        return self._slack.workspace.posts[0]

    async def ends(self, *parts: Part | str) -> Post:
        self.slow.end(*parts)
        await self._task
        return self._slack.workspace.posts[0]

    async def fails(self) -> None:
        await self._task


def calls(slack: SlackServer, *prefixes: str) -> list[str]:
    return [method for method, _ in slack.api.calls if method.startswith(prefixes)]


async def mention(slack: SlackServer, recorder: Recorder) -> Event:
    return await ask(slack, recorder, "<@UBOT> hi", channel="C1")


async def test_first_text_stands_before_the_rest_is_known_and_grows_in_place(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    streaming = Streaming(slack, adapter, await ask(slack, recorder, channel="D7"))
    streaming.slow.say("Within 30 days. ")
    first = await streaming.shows("Within 30 days.")
    streaming.slow.say("Shipping is free. ")
    await streaming.shows("Within 30 days. Shipping is free.")
    post = await streaming.ends("Always.", Cite((Source("Returns"),)), Offer((Button("b", "Ok"),)))
    assert post is first
    assert post.markdown == "Within 30 days. Shipping is free. Always."
    assert [button["value"] for button in post.buttons] == ["b"]
    assert streaming.reply.posted == (post.ts,)
    assert set(calls(slack, "chat.")) == {"chat.postMessage", "chat.update"}


async def test_in_a_thread_slack_itself_streams(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    streaming.slow.say("Within 30 days. ")
    post = await streaming.shows("Within 30 days.")
    assert post.streaming
    assert post.arguments["recipient_user_id"] == "U1"
    assert post.arguments["recipient_team_id"] == "T1"
    streaming.slow.say("Shipping is free.")
    await streaming.shows("Within 30 days. Shipping is free.")
    post = await streaming.ends(" Always.", Offer((Button("b", "Ok"),)))
    assert not post.streaming
    assert post.markdown == "Within 30 days. Shipping is free. Always."
    assert [button["value"] for button in post.buttons] == ["b"]
    assert post.metadata["event_payload"]["part"] == 0
    assert calls(slack, "chat.") == ["chat.startStream", "chat.appendStream", "chat.stopStream"]


async def test_reply_that_is_ready_at_once_is_posted_once(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    for event in (await ask(slack, recorder), await mention(slack, recorder)):
        async with adapter.thinking(event):
            await answer(adapter, event, Say("One. "), Say("Two."), Offer((Button("b", "Ok"),)))
    assert calls(slack, "chat.", "assistant.") == ["chat.postMessage"] * 2
    assert [post.edits for post in slack.workspace.posts] == [0, 0]


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream"])
async def test_stream_that_slack_ends_by_itself_is_finished_by_an_edit(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, method: str
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    streaming.slow.say("One. ")
    post = await streaming.shows("One.")
    post.streaming = False
    if method == "chat.appendStream":
        streaming.slow.say("Two. ")
        await streaming.shows("One. Two.")
    await streaming.ends("Three.")
    assert post.markdown == "One. Two. Three." if method == "chat.appendStream" else "One. Three."
    assert len(slack.workspace.posts) == 1
    assert "chat.update" in calls(slack, "chat.")


@pytest.mark.parametrize("fault", [Fault(error="unknown_method"), Fault(status=404)])
async def test_slack_that_knows_no_streams_is_edited(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, fault: Fault
) -> None:
    slack.faults.order("chat.startStream", fault)
    for _ in range(2):
        streaming = Streaming(slack, adapter, await mention(slack, recorder))
        streaming.slow.say("One. ")
        await streaming.shows("One.")
        await streaming.ends("Two.")
        assert slack.workspace.posts.pop().markdown == "One. Two."
        slack.workspace.messages.clear()
    assert calls(slack, "chat.startStream") == ["chat.startStream"]  # not asked for again


@pytest.mark.parametrize("where", ["D7", "C1"])
async def test_rate_limit_in_the_middle_loses_nothing(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, where: str
) -> None:
    streaming = Streaming(slack, adapter, await ask(slack, recorder, "<@UBOT> hi", channel=where))
    streaming.slow.say("One. ")
    post = await streaming.shows("One.")
    method = "chat.update" if where == "D7" else "chat.appendStream"
    slack.faults.order(method, Fault(retry_after=1))
    streaming.slow.say("Two. ")
    await eventually(lambda: calls(slack, method))
    await streaming.ends("Three.")
    assert post.markdown == "One. Two. Three."
    assert len(slack.workspace.posts) == 1


@pytest.mark.parametrize("where", ["D7", "C1"])
@pytest.mark.parametrize("remembered", [True, False])
async def test_restart_in_the_middle_finishes_the_post_that_stands(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, where: str, remembered: bool
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=where)
    streaming = Streaming(slack, adapter, event)
    streaming.slow.say("One. ")
    post = await streaming.shows("One.")
    streaming.slow.say(ServiceUnavailable("the worker died"))
    with pytest.raises(ServiceUnavailable):
        await streaming.fails()
    if not remembered:
        streaming.reply.posted = ()
    post.streaming = where == "C1"  # nobody was there to stop it
    await again(adapter, streaming.reply, Say("One. Two."), Offer((Button("b", "Ok"),)))
    assert slack.workspace.posts == [post]
    assert (post.markdown, post.streaming, len(post.buttons)) == ("One. Two.", False, 1)
    assert streaming.reply.posted == (post.ts,)


@pytest.mark.parametrize("where", ["D7", "C1"])
async def test_first_text_that_slack_took_but_did_not_confirm_is_found_at_the_end(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, where: str
) -> None:
    method = "chat.postMessage" if where == "D7" else "chat.startStream"
    slack.faults.order(method, Fault(lose_answer=True))
    streaming = Streaming(slack, adapter, await ask(slack, recorder, "<@UBOT> hi", channel=where))
    streaming.slow.say("One. ")
    await streaming.shows("One.")
    post = await streaming.ends("Two.")
    assert slack.workspace.posts == [post]
    assert (post.markdown, post.streaming) == ("One. Two.", False)


@pytest.mark.parametrize("where", ["D7", "C1"])
async def test_take_over_in_the_middle_leaves_what_is_shown_and_adds_nothing(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, where: str
) -> None:
    streaming = Streaming(slack, adapter, await ask(slack, recorder, "<@UBOT> hi", channel=where))
    streaming.slow.say("One. ")
    post = await streaming.shows("One.")

    async def taken() -> None:
        raise StateChanged("a person took over")

    streaming.reply.reserve = taken  # type: ignore[method-assign]
    streaming.slow.end("Two.")
    with pytest.raises(StateChanged):
        await streaming.fails()
    assert (post.markdown, post.streaming, post.edits) == ("One.", False, 0)


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.INTERNAL])
async def test_what_others_may_not_read_is_never_shown_before_its_end(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, visibility: Visibility
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    streaming.slow.say(Say("Order 1 ", visibility))
    async with adapter.thinking(streaming.reply.event):
        await eventually(lambda: slack.workspace.statuses)  # longer than the first text waits
    assert slack.workspace.posts == []
    post = await streaming.ends(Say("is late.", visibility))
    private = visibility is Visibility.PRIVATE
    assert post.markdown == ("Order 1 is late." if private else BUILT_IN["withheld"]["en"])
    assert post.only_for == ("U1" if private else "")


async def test_private_text_after_a_public_beginning_is_for_its_author_alone(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    streaming.slow.say("Orders take a week. ")
    shown = await streaming.shows("Orders take a week.")
    await streaming.ends(Say("Yours is late.", Visibility.PRIVATE))
    private = slack.workspace.posts[1]
    assert (shown.markdown, shown.only_for) == ("Orders take a week.", "")
    assert (private.markdown, private.only_for) == ("Orders take a week. Yours is late.", "U1")
    await again(adapter, streaming.reply, Say("Yours is late.", Visibility.PRIVATE))
    assert len(slack.workspace.posts) == 2


async def test_internal_text_after_a_public_beginning_takes_all_of_it_back(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    streaming.slow.say("The rate ")
    await streaming.shows("The rate")
    post = await streaming.ends(Say("is the wombat rate.", Visibility.INTERNAL))
    assert slack.workspace.posts == [post]
    assert post.markdown == BUILT_IN["withheld"]["en"]


async def test_text_that_outgrows_a_post_goes_on_in_the_next(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    paragraph = "Read this with care. " * 300 + "\n\n"
    streaming.slow.say(paragraph)
    await streaming.shows(paragraph.strip())
    await streaming.ends(paragraph, paragraph, Offer((Button("b", "Ok"),)))
    posts = slack.workspace.posts
    assert "".join(post.markdown for post in posts).count("Read this") == 900
    assert [bool(post.buttons) for post in posts] == [False, False, True]
    assert not any(post.streaming for post in posts)


async def test_streamed_text_pings_nobody(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    streaming = Streaming(slack, adapter, await mention(slack, recorder))
    streaming.slow.say("Ask <")
    await eventually(lambda: slack.workspace.posts)
    streaming.slow.say("!channel> or @chan")
    await eventually(lambda: len(slack.workspace.posts[0].stood) > 1)
    post = await streaming.ends("nel now.")
    assert post.pings == []
    assert post.markdown.replace("\u2060", "") == "Ask <!channel> or @channel now."


async def test_flat_direct_message_gets_a_sign_of_life_that_is_taken_back(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    stamp = event.message.id.rpartition(":")[2]
    async with adapter.thinking(event):
        await eventually(lambda: slack.workspace.statuses)
        assert slack.workspace.statuses == [("D7", stamp, "is thinking...")]
        await answer(adapter, event, Say("Hello."))
    assert slack.workspace.statuses[1:] == [("D7", stamp, "")]


async def test_answer_to_a_command_is_never_shown_before_its_end(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.command("where is my order?", channel="C1", command="/ask")
    await slack.sockets.settled()
    event = recorder.events[-1]
    assert event.message.addressing is Addressing.EPHEMERAL
    streaming = Streaming(slack, adapter, event)
    streaming.slow.say("Orders take ")
    await asyncio.sleep(0.3)  # longer than the first text waits for more
    assert slack.workspace.posts == []
    post = await streaming.ends("a week.")
    assert (post.markdown, post.only_for) == ("Orders take a week.", "U1")


async def test_thumbs_stand_below_what_was_streamed(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await mention(slack, recorder)
    streaming = Streaming(slack, adapter, event)
    streaming.slow.say("Within 30 days. ")
    await streaming.shows("Within 30 days.")
    thumbs = AskFeedback(event.message.id, "Helpful", "Not helpful", "en")
    post = await streaming.ends("Always.", thumbs)
    assert post.markdown == "Within 30 days. Always."
    assert len(post.thumbs) == 1
    assert len(slack.workspace.posts) == 1


async def test_many_answers_at_once_stay_within_what_slack_takes_of_streams(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    events = [await mention(slack, recorder) for _ in range(25)]
    answers = [Slow(event) for event in events]
    for slow in answers:
        slow.say("One. ")
    replies = zip(events, answers, strict=True)
    tasks = [
        asyncio.create_task(adapter.post(Reply(event), slow.parts())) for event, slow in replies
    ]
    await eventually(lambda: len(slack.workspace.posts) == 25)
    for slow in answers:
        slow.end("Two.")
    await asyncio.gather(*tasks)
    assert {post.markdown for post in slack.workspace.posts} == {"One. Two."}
    assert len(calls(slack, "chat.startStream")) == len(calls(slack, "chat.stopStream")) == 18
    assert len(calls(slack, "chat.update")) == 25 - 18


async def test_streams_that_were_interrupted_are_ended_by_the_next_attempt_and_count_once(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    async def begun() -> tuple[Reply, Slow, asyncio.Task[None]]:
        event = await mention(slack, recorder)
        slow, reply = Slow(event), Reply(event)
        shown = len(slack.workspace.posts) + 1
        task = asyncio.create_task(adapter.post(reply, slow.parts()))
        slow.say("One. ")
        await eventually(lambda: len(slack.workspace.posts) == shown)
        return reply, slow, task

    for _ in range(6):
        reply, _, task = await begun()
        task.cancel()
        await asyncio.wait([task])
        await again(adapter, reply, Say("One. Two."))
    for _, slow, task in [await begun() for _ in range(12)]:
        slow.end("Two.")
        await task
    assert {post.markdown for post in slack.workspace.posts} == {"One. Two."}
    assert len(calls(slack, "chat.startStream")) == 18
