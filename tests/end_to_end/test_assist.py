"""A colleague who has a case reads a draft of what the bot would have answered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.slack import plugin
from bot.answering.wording import BotWording
from bot.app.desk import build_desk
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.messages import Author, Message, Readers
from bot.ports import Adapter
from bot.staff.desk import Opening
from bot.staff.teams import Teams
from bot.storage import Database, open_database
from bot.storage.case_threads import open_case_of
from tests.end_to_end.conftest import serving, until
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

BOSS = Author("slack:T1:UBOSS", "Boss", staff=True)
CONVERSATION = "slack:A1:D7"


async def claimed(database: Database, config: Config, adapter: Adapter) -> int:
    """Open a case of the customer in D7, and let Boss claim it."""
    wording = BotWording(config.responder, "en")
    desk = build_desk(config, [adapter], database, SystemClock(), wording)
    asked = Message(
        f"{CONVERSATION}:1700000000.000100",
        CONVERSATION,
        Author("slack:T1:U7", "Ann"),
        "a person please",
        datetime.now(UTC),
        readers=Readers.AUTHOR,
    )
    case = await desk.open(asked, Opening("asked", Teams(config.staff).default, language="en"))
    await desk.claim(case.number, BOSS)
    return case.number


def reads(slack: SlackServer, words: str) -> bool:
    """Whether a post of the bot says something."""
    return any(words in post.markdown for post in slack.workspace.posts)


@pytest.mark.parametrize("wanted", [True, False])
async def test_staff_have_drafts_of_the_bot_s_answers_unless_config_wants_none(
    trained: Config, tmp_path: Path, wanted: bool
) -> None:
    members = {"slack": MembersConfig(channel="G1", users=frozenset({"UBOSS"}))}
    staff = StaffConfig(members=members, assist=wanted)
    config = trained.model_copy(update={"staff": staff, "serve": ServeConfig(port=0)})
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with (
            serving(config, tmp_path, adapter, public=True),
            await open_database(f"sqlite:///{tmp_path}/desk.db") as database,
        ):
            await until(lambda: slack.sockets.sockets)
            case = await claimed(database, config, adapter)
            slack.say("where is my order?", user="U7", channel="D7")
            await until(lambda: reads(slack, "where is my order"))
            if wanted:
                await until(lambda: reads(slack, "**Draft**"))
            row = await database.query(lambda it: open_case_of(it, CONVERSATION))
        posts = slack.workspace.posts

    assert row is not None
    assert (row.id, bool(row.draft)) == (case, wanted)
    drafts = [post for post in posts if "**Draft**" in post.markdown]
    assert [each.channel for each in drafts] == ["G1"] * wanted
    assert all("> Look under *My orders*." in each.markdown for each in drafts)
    assert not [post for post in posts if post.channel == "D7"]
