"""Asking for a person, on both platforms: staff are told first, and nothing untrue is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack import plugin
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig, StaffConfig, load_config
from bot.config.staff import MembersConfig
from bot.ports import Adapter
from bot.publishing.train import train_everything
from bot.storage import open_database
from bot.storage.cases import Cases
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import INTENTS, serving, until
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import environment, section

PERSON = """\
  - name: speak_to_human
    title: Talk to a person
    handoff: true
    examples:
      - I want to talk to a person
      - get me a human
      - can I speak to an agent
      - put me through to a colleague
      - let me talk to your manager
      - real person please
      - I want to talk to a manager
    reply: A colleague takes over from here.
out_of_scope:
"""
WISH = "I want to return these boots, and I want to talk to a manager. My mail is ann@example.org"
CONTACT = "Of course. You can reach a person here: help@shop.example."


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A desk that knows two intents and how to hand over."""
    folder = tmp_path_factory.mktemp("handoff")
    (folder / "intents").mkdir()
    (folder / "intents" / "shop.yaml").write_text(INTENTS.replace("out_of_scope:\n", PERSON))
    path = folder / "config.yaml"
    path.write_text(
        "intents: intents\nmodel: model\n"
        "responder: {introduction: false, contact: help@shop.example}\n"
    )
    config = load_config(path, {})
    train_everything(config)
    return config


def staffed(shop: Config, platform: str, channel: str | None) -> Config:
    staff = {platform: MembersConfig(channel=channel)} if channel else {}
    sections = {"staff": StaffConfig(members=staff), "serve": ServeConfig(port=0)}
    return shop.model_copy(update=sections)


def slack_adapter(slack: SlackServer) -> Adapter:
    return plugin.build(section(slack), environment(slack))


async def open_cases(folder: Path) -> int:
    async with await open_database(f"sqlite:///{folder}/desk.db") as database:
        return await Cases(database, SystemClock()).count("handoff")


WISHED_FIRST = "Send it back within 60 days."
"""The answer to the other request of the message, before the person is brought."""


async def test_slack_staff_are_told_before_the_customer(shop: Config, tmp_path: Path) -> None:
    config = staffed(shop, "slack", "G1")
    async with SlackServer() as slack:
        async with serving(config, tmp_path, slack_adapter(slack), public=True):
            await until(lambda: slack.sockets.sockets)
            asked = slack.say(f"<@UBOT> {WISH}", channel="C1")
            await until(lambda: len(slack.workspace.posts) == 2)
        alert, reply = slack.workspace.posts

    assert alert.channel == "G1"
    assert "ann@example.org" in alert.markdown, "staff read what the customer wrote"
    assert f"archives/C1/p{asked.ts.replace('.', '')}" in alert.markdown
    assert reply.channel == "C1"
    assert reply.markdown == f"{WISHED_FIRST}\n\nA colleague takes over from here."
    assert await open_cases(tmp_path) == 1


async def test_staff_read_what_was_sent_along_and_the_customer_what_becomes_of_it(
    shop: Config, tmp_path: Path
) -> None:
    picture = {"id": "F1", "name": "torn <tent>.jpg", "mimetype": "image/jpeg", "size": 7}
    letter = {"id": "F2", "name": "letter.pdf", "mimetype": "application/pdf", "size": 7}
    async with SlackServer() as slack:
        config = staffed(shop, "slack", "G1")
        async with serving(config, tmp_path, slack_adapter(slack), public=True):
            slack.say("", user="U7", channel="D7", subtype="file_share", files=[picture])
            await until(lambda: len(slack.workspace.posts) == 1)
            wish = "let me talk to your manager"
            slack.say(wish, user="U7", channel="D7", subtype="file_share", files=[letter])
            await until(lambda: any(each.channel == "D7" for each in slack.workspace.posts[1:]))
        alone, *further = [each for each in slack.workspace.posts if each.channel == "D7"]
        told = next(each for each in slack.workspace.posts if each.channel == "G1")
        assert alone.markdown == (
            "I can't open files, pictures or recordings, but I make a note for our team that you "
            "sent one.\n\nI can only read text. Could you tell me in a few words what you need?"
        )
        assert told.channel == "G1"
        assert f"> {wish}" in told.markdown
        assert "picture: torn" in told.markdown
        assert "file: letter.pdf" in told.markdown
        assert "A colleague takes over from here." in [each.markdown for each in further]
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
        (case,) = await Cases(database, SystemClock()).listed()
    assert case.text == f"{wish}\n[file: letter.pdf]"


@pytest.mark.parametrize(
    ("channel", "fault"),
    [
        (None, None),
        ("C404", None),
        ("C2", None),
        ("C3", None),
        ("G1", Fault(status=503, channel="G1")),
    ],
)
async def test_slack_staff_who_cannot_be_told_are_promised_to_nobody(
    shop: Config, tmp_path: Path, channel: str | None, fault: Fault | None
) -> None:
    config = staffed(shop, "slack", channel)
    async with SlackServer() as slack:
        if fault is not None:
            slack.faults.order("chat.postMessage", fault, times=50)
        async with serving(config, tmp_path, slack_adapter(slack), public=True):
            await until(lambda: slack.sockets.sockets)
            slack.say("get me a human", channel="D7")
            await until(lambda: slack.workspace.posts)
        (reply,) = slack.workspace.posts

    assert (reply.channel, reply.markdown) == ("D7", CONTACT)
    assert await open_cases(tmp_path) == 1


@pytest.mark.parametrize("configured", [True, False])
async def test_discord_promises_only_what_staff_know(
    shop: Config, tmp_path: Path, configured: bool
) -> None:
    async with DiscordServer() as discord:
        lounge, office = discord.world.text_channel(), discord.world.text_channel()
        config = staffed(shop, "discord", str(office) if configured else "1")
        async with serving(config, tmp_path, adapter_of(discord), public=True):
            await until(lambda: discord.world.commands)
            discord.world.say(lounge, 8, f"<@{BOT}> {WISH}")
            await until(lambda: len(discord.world.posts) == 1 + configured)
        *alerts, reply = (post.message for post in discord.world.posts)

    if configured:
        (alert,) = alerts
        assert alert["channel_id"] == str(office)
        assert "ann@example.org" in alert["content"]
        assert f"/{lounge}/" in alert["content"]
        assert reply["content"] == f"{WISHED_FIRST}\n\nA colleague takes over from here."
    else:
        assert reply["content"] == f"{WISHED_FIRST}\n\n{CONTACT}"
    assert await open_cases(tmp_path) == 1
