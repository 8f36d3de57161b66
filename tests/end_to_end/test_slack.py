"""Slack, the whole road: from an event on the socket to a post in the thread."""

from __future__ import annotations

import time
from pathlib import Path

from adapters.slack import plugin
from bot.config.schema import Config
from tests.end_to_end.conftest import serving, until
from tests.servers.slack import Post, SlackServer
from tests.servers.slack.events import message_event
from tests.slack.conftest import environment, section


async def test_two_hundred_events_three_times_each_get_two_hundred_replies(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(trained, tmp_path, adapter):
            await until(lambda: slack.sockets.connections_made == 1)
            for number in range(200):
                slack.say(f"where is my order {number}?", channel=f"D{number}")
                twice = slack.sockets.envelopes[-1]
                slack.sockets.deliver(twice.type, twice.payload)
            await slack.sockets.settled()
            first_round = list(slack.sockets.envelopes)[::2]
            await slack.sockets.disconnect("refresh_requested")
            await until(lambda: slack.sockets.connections_made == 2)
            for envelope in first_round:
                slack.sockets.deliver(envelope.type, envelope.payload)
            await slack.sockets.settled()
            await until(lambda: len(slack.workspace.posts) >= 200)
        posts = slack.workspace.posts
        assert len(posts) == 200
        assert len({str(post.metadata) for post in posts}) == 200
        assert {post.markdown for post in posts} == {"Look under *My orders*."}


async def test_a_mention_is_answered_in_its_thread_and_the_thread_goes_on(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(trained, tmp_path, adapter):
            bot = slack.workspace.bot_user
            question = slack.say(f"<@{bot}> where is my order?", channel="C1")
            slack.say("lovely weather today", channel="C1")
            await until(lambda: len(slack.workspace.posts) == 1)
            slack.say("how do I send this back", channel="C1", thread_ts=question.ts)
            await until(lambda: len(slack.workspace.posts) == 2)
            slack.press(slack.workspace.posts[0])
            await until(lambda: len(slack.workspace.posts) == 3)
        posts = slack.workspace.posts
        assert posts[0].buttons == []
        assert posts[0].blocks[-1]["elements"][0]["text"] == "✓ Return something"
        assert {post.thread_ts for post in posts} == {question.ts}
        assert [post.markdown for post in posts] == [
            "Look under *My orders*.",
            "Send it back within 60 days.",
            "Send it back within 60 days.",
        ]


async def test_a_question_asked_with_the_command_is_answered_and_the_channel_stays_a_channel(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(trained, tmp_path, adapter):
            slack.command("where is my order?", command="/ask", channel="C1", user="U7")
            await until(lambda: len(slack.workspace.posts) == 1)
            slack.press(slack.workspace.posts[0], user="U7")
            await until(lambda: len(slack.workspace.posts) == 2)
            slack.say("where is my order?", channel="C1", user="U7")
            slack.say("how do I send this back", channel="D1")
            await until(lambda: len(slack.workspace.posts) == 3)
        *unseen, last = slack.workspace.posts
        assert [(post.channel, post.only_for, post.markdown) for post in unseen] == [
            ("C1", "U7", "Look under *My orders*."),
            ("C1", "U7", "Send it back within 60 days."),
        ]
        assert last.channel == "D1"


async def test_what_no_intent_covers_is_quoted_from_an_article(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(trained, tmp_path, adapter):
            slack.say("how much does it cost to rent a tent for two people per day")
            await until(lambda: len(slack.workspace.posts) == 1)
        assert "> A tent for two costs 9 euro a day" in slack.workspace.posts[0].markdown


async def test_what_slack_gave_up_delivering_is_answered_after_the_restart(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        bot = slack.workspace.bot_user
        async with serving(trained, tmp_path, plugin.build(section(slack), environment(slack))):
            question = slack.say(f"<@{bot}> where is my order?", channel="C1")
            slack.say("where is my order?", channel="D1")
            await until(lambda: len(slack.workspace.posts) == 2)
        slack.workspace.pass_time(60)  # past the first start: its clock stands still
        slack.write("how do I send this back", user="U1", channel="C1", thread_ts=question.ts)
        slack.write("how do I send this back", user="U1", channel="D1")
        quick = section(slack, catch_up_pace=0.0)
        async with serving(trained, tmp_path, plugin.build(quick, environment(slack))):
            await until(lambda: len(slack.workspace.posts) >= 4)
        late = slack.workspace.posts[2:]
        assert [post.markdown for post in late] == ["Send it back within 60 days."] * 2
        assert {(post.channel, post.thread_ts) for post in late} == {
            ("C1", question.ts),
            ("D1", ""),
        }


async def test_what_is_too_old_gets_one_apology(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(trained, tmp_path, adapter):
            for seconds in (7300, 7200):
                ts = f"{int(time.time()) - seconds}.000100"
                old = slack.workspace.add(Post(ts, "D1", "U1", "where is my order?"))
                slack.deliver(message_event(slack.workspace, old))
            await slack.sockets.settled()
            slack.say("how do I send this back", channel="D1")
            await until(lambda: len(slack.workspace.posts) >= 2)
        said = [post.markdown for post in slack.workspace.posts]
        assert said[0].startswith("Sorry, I was away when you wrote")
        assert said[1:] == ["Send it back within 60 days."]
