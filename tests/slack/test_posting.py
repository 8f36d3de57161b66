"""Replies stand where the question was asked, within Slack's limits."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.answering.wording import BUILT_IN
from bot.messages import Button, Cite, Decision, DecisionKind, Done, Offer, Say, Source, Visibility
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, answer, ask


async def test_direct_message_is_answered_beside_it(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, channel="D7")
    reply = await answer(adapter, event, Say("Hello, "), Say("**Ann**."))
    (post,) = slack.workspace.posts
    assert (post.channel, post.thread_ts, post.only_for) == ("D7", "", "")
    assert post.blocks == [{"type": "markdown", "text": "Hello, **Ann**."}]
    assert post.text == "Hello, Ann."
    assert reply.posted == (post.ts,)


async def test_channel_message_is_answered_in_its_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await answer(adapter, event, Say("Hello."))
    assert slack.workspace.posts[0].thread_ts == event.message.id.rpartition(":")[2]


async def test_thread_in_a_direct_message_is_answered_in_the_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    first = slack.say("hello", channel="D7")
    event = await ask(slack, recorder, "more", channel="D7", thread_ts=first.ts)
    await answer(adapter, event, Say("Yes."))
    assert slack.workspace.posts[0].thread_ts == first.ts


async def test_silence_posts_nothing(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    reply = await answer(adapter, await ask(slack, recorder))
    assert slack.workspace.posts == []
    assert reply.posted == ()


async def test_links_are_not_unfolded(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await answer(adapter, await ask(slack, recorder), Say("https://example.com"))
    arguments = slack.workspace.posts[0].arguments
    assert arguments["unfurl_links"] is False
    assert arguments["unfurl_media"] is False
    assert arguments["parse"] == "none"


async def test_long_reply_becomes_several_posts_that_keep_code_together(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    code = "```python\n" + "value = 1\n" * 300 + "```"
    text = "\n\n".join(["Read this paragraph with care. " * 60] * 6 + [code])
    offer = Offer((Button("b_1", "More"),))
    reply = await answer(adapter, await ask(slack, recorder), Say(text), offer)
    posts = slack.workspace.posts
    assert len(posts) == len(reply.posted) > 1
    assert all(len(post.markdown) <= 12_000 for post in posts)
    assert [bool(post.buttons) for post in posts] == [False] * (len(posts) - 1) + [True]
    assert code in posts[-1].markdown


async def test_longest_sources_and_buttons_fit_beside_the_longest_text(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    sources = Cite(
        tuple(Source("T" * 400, f"https://example.com/{'u' * 110}{n}") for n in range(15))
    )
    offer = Offer(tuple(Button(f"b_{n}", "L" * 200) for n in range(5)))
    event = await ask(slack, recorder)
    await answer(adapter, event, Say("word " * 5_000), sources, offer)
    labels = [button["text"]["text"] for button in slack.workspace.posts[-1].buttons]
    assert all(len(label) <= 75 and label.endswith("…") for label in labels)


async def test_sources_are_links_and_titles_without_an_address_are_text(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    cite = Cite(
        (
            Source("Returns | Rückgabe <b>", "https://example.com/a b|c>d"),
            Source("Handbook"),
            Source("Trap", "javascript:alert(1)"),
        )
    )
    await answer(adapter, await ask(slack, recorder), Say("See:"), cite)
    (context,) = [b for b in slack.workspace.posts[0].blocks if b["type"] == "context"]
    assert [element["text"] for element in context["elements"]] == [
        "<https://example.com/a%20b%7Cc%3Ed|Returns / Rückgabe &lt;b&gt;>",
        "Handbook",
        "Trap",
    ]


async def test_private_reply_in_a_channel_is_seen_by_its_author_alone(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    first = slack.say("<@UBOT> hi", channel="C1")
    event = await ask(slack, recorder, "my order?", user="U7", channel="C1", thread_ts=first.ts)
    await answer(adapter, event, Say("For you: "), Say("order 1.", Visibility.PRIVATE))
    (post,) = slack.workspace.posts
    assert (post.only_for, post.thread_ts, post.markdown) == ("U7", first.ts, "For you: order 1.")


async def test_private_reply_to_a_new_thread_stands_beside_it(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> my order?", channel="C1")
    offer = Offer((Button("b_1", "Change it"),))
    await answer(adapter, event, Say("Order 1.", Visibility.PRIVATE), offer)
    (post,) = slack.workspace.posts
    assert (post.only_for, post.thread_ts) == ("U1", "")
    slack.press(post)
    await slack.sockets.settled()
    assert recorder.pressed[0].message.conversation == event.message.conversation


async def test_private_reply_in_a_direct_message_is_an_ordinary_post(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await answer(adapter, await ask(slack, recorder), Say("Order 1.", Visibility.PRIVATE))
    assert slack.workspace.posts[0].only_for == ""


async def test_reply_can_be_posted_after_the_adapter_has_closed(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder)
    await adapter.close()
    await answer(adapter, event, Say("Goodbye."))
    assert [post.markdown for post in slack.workspace.posts] == ["Goodbye."]


@pytest.mark.parametrize(("channel", "shown"), [("C1", False), ("D7", True)])
async def test_internal_text_is_withheld_where_others_read(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str, shown: bool
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=channel)
    await answer(adapter, event, Say("the wombat rate", Visibility.INTERNAL))
    (post,) = slack.workspace.posts
    assert post.markdown == ("the wombat rate" if shown else BUILT_IN["withheld"]["en"])


async def test_what_stands_for_internal_text_is_in_the_language_of_the_answer(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hallo", channel="C1")
    done = Done(Decision("d", "m", DecisionKind.INTENT, language="de-AT"))
    await answer(adapter, event, Say("the wombat rate", Visibility.INTERNAL), done)
    (post,) = slack.workspace.posts
    assert post.markdown == BUILT_IN["withheld"]["de"]
