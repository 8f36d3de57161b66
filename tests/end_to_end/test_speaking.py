"""Places that people share, the whole road: the bot answers what is for it, and leaves the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, select

from adapters.slack import plugin
from bot.config.schema import Config, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.storage import open_database
from bot.storage.tables import decisions, messages, unanswered
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import serving, until
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer
from tests.servers.slack.events import message_event
from tests.slack.conftest import environment, section

STATUS, RETURN = "Look under *My orders*.", "Send it back within 60 days."


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@asynccontextmanager
async def on_slack(
    trained: Config, folder: Path, slack: SlackServer, **keys: object
) -> AsyncIterator[None]:
    sections = {
        "adapters": {"slack": keys},
        "staff": StaffConfig(members={"slack": MembersConfig(users=frozenset({"UBOSS"}))}),
        "serve": ServeConfig(port=0),
    }
    adapter = plugin.build(section(slack, **keys), environment(slack))
    async with serving(trained.model_copy(update=sections), folder, adapter, public=True):
        await until(lambda: slack.sockets.sockets)
        yield


async def stored(folder: Path, column: Column[str]) -> list[str]:
    async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
        query = select(column).order_by(column.table.c.id)
        return await database.query(lambda it: list(it.scalars(query)))


def said(slack: SlackServer) -> list[tuple[str, str]]:
    """What the bot posted, each in its thread."""
    return [(post.thread_ts, post.markdown) for post in slack.workspace.posts]


async def decided(folder: Path, number: int) -> list[str]:
    """Wait for so many decisions; return their kinds."""
    kinds: list[str] = []
    while len(kinds) < number:
        kinds = await stored(folder, decisions.c.kind)
    return kinds


async def test_a_support_channel_is_answered_where_the_bot_is_sure_and_else_silent(
    trained: Config, tmp_path: Path, slack: SlackServer
) -> None:
    async with on_slack(trained, tmp_path, slack, channels={"C1": {"support": True}}):
        asked = slack.say("hi, where is my order?", channel="C1")
        await until(lambda: len(slack.workspace.posts) == 1)
        slack.say("lol, same here", user="U2", channel="C1")
        slack.say("do you sell vouchers for violin lessons, ann@example.org?", channel="C1")
        slack.say("where is my order?", channel="G1")
        slack.say("how do I send this back", user="U3", channel="C1", thread_ts=asked.ts)
        await until(lambda: len(slack.workspace.posts) == 2)
        assert sorted(await decided(tmp_path, 4)) == ["intent", "intent", "silent", "unanswered"]
        assert said(slack) == [(asked.ts, STATUS), (asked.ts, RETURN)]
        assert "lol, same here" not in await stored(tmp_path, messages.c.text)
        assert not any("violin" in text for text in await stored(tmp_path, messages.c.text))
        (kept,) = await stored(tmp_path, unanswered.c.text)
        assert kept == "do you sell vouchers for violin lessons, [EMAIL_1]?"


async def test_people_in_the_bots_thread_are_left_to_each_other(
    trained: Config, tmp_path: Path, slack: SlackServer
) -> None:
    async with on_slack(trained, tmp_path, slack):
        asked = slack.say("<@UBOT> where is my order?", channel="C1")
        await until(lambda: len(slack.workspace.posts) == 1)
        for user, line in (
            ("U2", "haha mine took nine days"),
            ("U1", "<@U2> are you coming on saturday?"),
            ("U2", "see you at 11, bring your boots"),
        ):
            slack.say(line, user=user, channel="C1", thread_ts=asked.ts)
        slack.say("and how do I send it back?", channel="C1", thread_ts=asked.ts)
        await until(lambda: len(slack.workspace.posts) == 2)
        assert said(slack)[1] == (asked.ts, RETURN)
        assert (await decided(tmp_path, 5)).count("silent") == 3


async def test_a_mention_that_points_at_a_question_answers_that_question(
    trained: Config, tmp_path: Path, slack: SlackServer
) -> None:
    async with on_slack(trained, tmp_path, slack):
        slack.say("where is my order?", user="U2", channel="C1")
        slack.say("no idea tbh", user="U3", channel="C1")
        asked = slack.say("<@UBOT> can you answer this?", channel="C1")
        await until(lambda: len(slack.workspace.posts) == 1)
        assert said(slack) == [(asked.ts, STATUS)]
        await decided(tmp_path, 1)
        assert await stored(tmp_path, messages.c.text) == ["can you answer this?", STATUS]


async def test_a_mention_that_an_edit_adds_is_answered_once(
    trained: Config, tmp_path: Path, slack: SlackServer
) -> None:
    async with on_slack(trained, tmp_path, slack):
        said_first = slack.say("where is my order?", channel="C1")
        before = message_event(slack.workspace, said_first)
        ts = slack.workspace.new_ts()
        after = before | {"text": f"<@UBOT> {said_first.text}", "edited": {"user": "U1", "ts": ts}}
        edit = before | {"subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts}
        for _ in range(2):
            slack.deliver(edit | {"message": after, "previous_message": before})
        slack.say("<@UBOT> how do I send this back", channel="G1")
        await until(lambda: len(slack.workspace.posts) == 2)
        assert sorted(text for _, text in said(slack)) == sorted([STATUS, RETURN])
        assert said_first.ts in {thread for thread, _ in said(slack)}


async def test_a_line_to_somebody_else_that_an_edit_puts_to_the_bot_is_answered_once(
    trained: Config, tmp_path: Path, slack: SlackServer
) -> None:
    async with on_slack(trained, tmp_path, slack):
        asked = slack.say("<@UBOT> where is my order?", channel="C1")
        await until(lambda: len(slack.workspace.posts) == 1)
        await decided(tmp_path, 1)
        line = slack.say("<@U2> how do I send this back?", channel="C1", thread_ts=asked.ts)
        await decided(tmp_path, 2)
        before = message_event(slack.workspace, line)
        ts = slack.workspace.new_ts()
        after = before | {
            "text": "<@UBOT> how do I send this back?",
            "edited": {"user": "U1", "ts": ts},
        }
        edit = before | {"subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts}
        for _ in range(2):
            slack.deliver(edit | {"message": after, "previous_message": before})
        await until(lambda: len(slack.workspace.posts) == 2)
        slack.say("<@UBOT> where is my order?", channel="G1")
        await until(lambda: len(slack.workspace.posts) == 3)
        assert said(slack)[1] == (asked.ts, RETURN)


@pytest.mark.parametrize(
    "keys",
    [
        {"deny": {"channels": ["C1"]}},
        {"allow": {"channels": ["G1"]}},
        {"allow": {"roles": ["S1"]}},
        {"deny": {"roles": ["S2"]}},
    ],
)
async def test_where_and_whom_config_shuts_out_is_not_answered(
    trained: Config, tmp_path: Path, slack: SlackServer, keys: dict[str, object]
) -> None:
    slack.workspace.scopes += ",usergroups:read"
    slack.workspace.groups = {"S1": {"U2"}, "S2": {"U1"}}
    async with on_slack(trained, tmp_path, slack, **keys):
        slack.say("<@UBOT> where is my order?", user="U1", channel="C1")
        slack.say("<@UBOT> how do I send this back", user="U2", channel="G1")
        await until(lambda: len(slack.workspace.posts) == 1)
        assert [text for _, text in said(slack)] == [RETURN]
        assert len(await decided(tmp_path, 1)) == 1


async def test_on_discord_channels_and_forums_with_support_are_answered(
    trained: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord:
        channel, forum = discord.world.text_channel(), discord.world.forum()
        keys = {"channels": {str(each): {"support": True} for each in (channel, forum)}}
        config = trained.model_copy(update={"adapters": {"discord": keys}})
        async with serving(config, tmp_path, adapter_of(discord, **keys)):
            await discord.gateway.until(identified=1)
            asked = discord.world.say(channel, 7, "hey, where is my order?")
            discord.world.say(channel, 8, "who is up for lunch?")
            post = discord.world.thread(forum, name="Boots")
            discord.world.say(post, 9, "how do I send this back?", number=post)
            await until(lambda: len(discord.world.posts) == 2)
            posted = {p.message["channel_id"]: p.message["content"] for p in discord.world.posts}
            assert posted == {str(asked): STATUS, str(post): RETURN}


async def test_on_discord_a_mention_as_a_reply_answers_what_it_replies_to(
    trained: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord, serving(trained, tmp_path, adapter_of(discord)):
        await discord.gateway.until(identified=1)
        channel = discord.world.text_channel()
        meant = discord.world.say(channel, 8, "where is my order?")
        discord.world.say(channel, 9, "lunch anyone?")
        discord.world.say(channel, 7, f"<@{BOT}> can you answer this?", reply_to=meant)
        await until(lambda: len(discord.world.posts) == 1)
        assert discord.world.posts[0].message["content"] == STATUS


async def test_staff_read_why_a_line_was_left_alone_and_customers_do_not(
    trained: Config, tmp_path: Path, slack: SlackServer
) -> None:
    async with on_slack(trained, tmp_path, slack):
        asked = slack.say("<@UBOT> where is my order?", channel="C1")
        await until(lambda: len(slack.workspace.posts) == 1)
        await decided(tmp_path, 1)
        line = slack.say("lol, same here", user="U2", channel="C1", thread_ts=asked.ts)
        await decided(tmp_path, 2)
        slack.shortcut("frontdesk_why", user="UBOSS", message=line)
        await until(lambda: len(slack.workspace.posts) == 2)
        slack.shortcut("frontdesk_why", user="UBOSS", message=slack.workspace.posts[0])
        await until(lambda: len(slack.workspace.posts) == 3)
        slack.shortcut("frontdesk_why", user="U2", message=line)
        await until(lambda: len(slack.workspace.posts) == 4)
        silence, answer, refused = slack.workspace.posts[1:]
        assert (silence.only_for, refused.only_for) == ("UBOSS", "U2")
        assert "not for the bot: no question for the desk" in silence.markdown
        assert answer.markdown.startswith("**intent**")
        assert refused.markdown.startswith("That is for staff")
