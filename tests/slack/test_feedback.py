"""Thumbs under answers: pressed, changed, and explained in a modal."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.messages import AskFeedback, Button, Event, Offer, Say, Visibility, Voted
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, answer, ask, connected

THUMBS = ("Hilfreich", "Nicht hilfreich", "de")


async def answered(slack: SlackServer, recorder: Recorder, adapter: SlackAdapter) -> Event:
    """Have an answer with thumbs posted into a thread."""
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await answer(adapter, event, Say("Hello."), AskFeedback(event.message.id, *THUMBS))
    return event


def votes(recorder: Recorder) -> list[Voted]:
    return [event for event in recorder.events if isinstance(event, Voted)]


async def test_thumbs_stand_below_the_answer_with_a_name_for_screen_readers(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    offer = Offer((Button("b_1", "More"),))
    await answer(adapter, event, Say("Hello."), offer, AskFeedback(event.message.id, *THUMBS))
    (post,) = slack.workspace.posts
    assert [block["type"] for block in post.blocks] == ["markdown", "actions", "context_actions"]
    (thumbs,) = post.thumbs
    assert thumbs["positive_button"]["accessibility_label"] == "Hilfreich"
    assert thumbs["negative_button"]["text"]["text"] == "Nicht hilfreich"


async def test_thumbs_alone_are_no_post(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder)
    await answer(adapter, event, AskFeedback(event.message.id, *THUMBS))
    assert slack.workspace.posts == []


@pytest.mark.parametrize(("kind", "verdict"), [("positive", "up"), ("negative", "down")])
async def test_a_thumb_comes_back_with_the_answer_that_it_judges(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, kind: str, verdict: str
) -> None:
    event = await answered(slack, recorder, adapter)
    envelope = slack.vote(slack.workspace.posts[0], kind, user="U7")
    await slack.sockets.settled()
    (vote,) = votes(recorder)
    assert envelope.state == "acked"
    assert (vote.verdict, vote.answer, vote.message.text) == (verdict, event.message.id, "")
    assert vote.message.author.key == "slack:T1:U7"
    assert vote.message.conversation == event.message.conversation
    assert vote.message.unseen
    assert len(slack.workspace.views) == (verdict == "down")


async def test_the_reason_is_asked_for_in_the_language_of_the_answer_and_comes_back(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await answered(slack, recorder, adapter)
    slack.vote(slack.workspace.posts[0], "negative", user="U7")
    await slack.sockets.settled()
    (view,) = slack.workspace.views
    assert view["title"]["text"] == BUILT_IN["feedback_title"]["de"]
    assert view["blocks"][0]["optional"] is True
    slack.give_reason(" it is 30 days ", user="U7")
    await slack.sockets.settled()
    _, reason = votes(recorder)
    assert (reason.verdict, reason.answer) == ("down", event.message.id)
    assert reason.message.text == "it is 30 days"
    assert reason.message.conversation == event.message.conversation
    assert reason.message.author.key == "slack:T1:U7"
    assert reason.message.unseen


async def test_a_modal_that_is_left_empty_says_nothing_more(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await answered(slack, recorder, adapter)
    slack.vote(slack.workspace.posts[0], "negative")
    await slack.sockets.settled()
    envelope = slack.give_reason("")
    await slack.sockets.settled()
    assert envelope.state == "acked"
    assert len(votes(recorder)) == 1


async def test_a_vote_counts_though_the_modal_does_not_open(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await answered(slack, recorder, adapter)
    slack.faults.order("views.open", Fault(error="expired_trigger_id"))
    slack.vote(slack.workspace.posts[0], "negative")
    await slack.sockets.settled()
    assert [vote.verdict for vote in votes(recorder)] == ["down"]


async def test_thumbs_and_modals_outlive_a_restart(slack: SlackServer, recorder: Recorder) -> None:
    async with connected(slack, recorder) as adapter:
        await answered(slack, recorder, adapter)
    async with connected(slack, recorder):
        slack.vote(slack.workspace.posts[0], "negative")
        await slack.sockets.settled()
    async with connected(slack, recorder):
        slack.give_reason("too long")
        await slack.sockets.settled()
    assert [vote.message.text for vote in votes(recorder)] == ["", "too long"]


async def test_a_vote_is_thanked_for_where_its_author_alone_sees_it(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await answered(slack, recorder, adapter)
    slack.vote(slack.workspace.posts[0], "positive", user="U7")
    await slack.sockets.settled()
    await answer(adapter, votes(recorder)[0], Say("Thanks.", Visibility.PRIVATE))
    thanks = slack.workspace.posts[1]
    assert (thanks.only_for, thanks.channel) == ("U7", "C1")
    assert thanks.thread_ts == slack.workspace.posts[0].thread_ts
