"""A case on Discord from its beginning to its end: the customer, the desk, and the bot after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BotWording
from bot.app.build import open_service
from bot.app.desk import build_desk
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.messages import Author, Message, Readers
from bot.staff.desk import Opening
from bot.staff.teams import Teams
from bot.storage import open_database
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import until
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT, BOT_ROLE

CUSTOMER, AGENT, STRANGER = 7, 8, 9


class Desk:
    """A desk on Discord at work."""

    def __init__(self, discord: DiscordServer, config: Config, adapter: DiscordAdapter) -> None:
        self.world = discord.world
        self.config = config
        self.adapter = adapter
        self.direct = int(discord.world.direct_channel(CUSTOMER)["id"])
        self.thread = 0

    def standing(self, channel: int) -> list[Json]:
        """Return what the bot's messages in a channel are."""
        return [each for each in self.world.standing if each["channel_id"] == str(channel)]

    def texts(self, channel: int) -> list[str]:
        return [each["content"] for each in self.standing(channel)]

    async def reads(self, channel: int, words: str) -> Json:
        """Wait until a message of the bot in a channel says something; return it."""

        def found() -> list[Json]:
            return [each for each in self.standing(channel) if words in each["content"]]

        await until(found)
        return found()[-1]

    async def opened(self) -> None:
        """Let the customer write, and a case be opened; return once it has a thread."""
        text = "where is my order?"
        said = self.world.tell(CUSTOMER, text)
        await self.reads(self.direct, "Look under *My orders*.")
        asked = Message(
            f"discord:{BOT}:{self.direct}:{said}",
            f"discord:{BOT}:{self.direct}",
            Author(f"discord:discord:{CUSTOMER}", "Ann"),
            text,
            datetime.now(UTC),
            readers=Readers.AUTHOR,
        )
        async with await open_database(self.config.database) as database:
            wording = BotWording(self.config.responder, "en")
            opener = build_desk(self.config, [self.adapter], database, SystemClock(), wording)
            team = Teams(self.config.staff).default
            case = await opener.open(asked, Opening("asked", team, language="en"))
            assert await opener.told(case.number, within=20)
        self.thread = int(self.world.threads(archived=False)[0]["id"])

    async def told(self, interaction: int) -> str:
        """Return what whoever acted is told, for their eyes alone."""
        used = self.world.interactions[interaction]
        await until(lambda: [*used.followups, *used.edits])
        (answer,) = [*used.followups, *used.edits]
        return str(answer["content"])

    def line(self, text: str, *files: Json) -> int:
        return self.world.say(self.thread, AGENT, text, attachments=files)

    async def marked(self, line: int, mark: str) -> None:
        await until(lambda: self.world.reactions.get(line) == [mark])


@asynccontextmanager
async def desk(trained: Config, folder: Path, kind: str) -> AsyncIterator[Desk]:
    async with DiscordServer() as discord:
        discord.world.roles_of[AGENT] = (BOT_ROLE,)
        cases = discord.world.text_channel("cases")
        if kind == "forum":
            cases = discord.world.forum("cases")
        members = {"discord": MembersConfig(roles=frozenset({str(BOT_ROLE)}))}
        teams = {"default": TeamConfig(cases={"discord": str(cases)})}
        staff = StaffConfig(members=members, teams=teams, assist=False)
        update = {
            "database": f"sqlite:///{folder}/desk.db",
            "staff": staff,
            "serve": ServeConfig(port=0),
        }
        config = trained.model_copy(update=update)
        adapter = adapter_of(discord)
        async with open_service(config, {}, adapters=[adapter], public=True) as service:
            running = asyncio.create_task(service.run())
            await discord.gateway.until(identified=1)
            try:
                yield Desk(discord, config, adapter)
            finally:
                service.stop()
                await running


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_case_from_its_beginning_to_its_end(
    trained: Config, tmp_path: Path, kind: str
) -> None:
    async with desk(trained, tmp_path, kind) as at:
        world = at.world
        await at.opened()
        claim = world.press(at.thread, "frontdesk-case:claim:1", AGENT)
        assert await at.told(claim)
        at.line("does anybody know this parcel?")
        bill = world.files.add("bill.pdf", b"12.50", "application/pdf")
        line = at.line("!send It left **today**.", bill)
        copy = await at.reads(at.direct, "It left **today**.")
        await at.marked(line, "✅")
        world.edit(line, "!send It left *yesterday*.")
        await at.reads(at.direct, "It left *yesterday*.")
        world.tell(CUSTOMER, "thanks, and the tent?")
        await at.reads(at.thread, "and the tent?")
        world.delete(line)
        await until(lambda: copy["id"] not in [each["id"] for each in at.standing(at.direct)])
        replied = world.reply(at.thread, AGENT, "The tent follows.")
        assert await at.told(replied)
        await at.reads(at.direct, "The tent follows.")
        form = world.press(at.thread, "frontdesk-case:close:1", AGENT)
        await until(lambda: world.interactions[form].responses)
        closed = world.fill_form(form, AGENT, text="A tent was sent.")
        assert await at.told(closed)
        world.tell(CUSTOMER, "where is my order?")
        await at.reads(at.direct, "Look under *My orders*.")

        outside = at.texts(at.direct)
    assert [world.files.content(each) for each in copy["attachments"]] == [b"12.50"]
    assert not [text for text in outside if "anybody know" in text or "A tent was sent" in text]


async def test_a_line_that_could_not_be_sent_is_marked_and_sent_by_retry(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path, "text") as at:
        world = at.world
        await at.opened()
        world.closed_to.add(CUSTOMER)
        line = at.line("!send It left today.")
        await at.marked(line, "❌")
        failed = await at.reads(at.thread, "direct messages are closed")
        button = failed["components"][0]["components"][0]["custom_id"]
        stranger = await at.told(world.press(int(failed["id"]), button, STRANGER))
        world.closed_to.clear()
        assert await at.told(world.press(int(failed["id"]), button, AGENT)) != stranger
        await at.reads(at.direct, "It left today.")
        await at.marked(line, "✅")

        assert len([text for text in at.texts(at.direct) if "It left today." in text]) == 1


async def test_a_line_is_sent_from_its_menu_and_a_stranger_sends_nothing(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path, "forum") as at:
        world = at.world
        await at.opened()
        line = at.line("It is at the depot.")
        refused = await at.told(world.context_command(line, STRANGER, "Send to customer"))
        sent = await at.told(world.context_command(line, AGENT, "Send to customer"))
        await at.reads(at.direct, "It is at the depot.")
        again = world.context_command(line, AGENT, "Send to customer")
        await at.told(again)
        form = world.press(at.thread, "frontdesk-case:reply:1", STRANGER)
        await until(lambda: world.interactions[form].responses)
        await at.told(world.fill_form(form, STRANGER, text="I am nobody."))

        assert refused != sent
        assert [text for text in at.texts(at.direct) if "I am nobody." in text] == []


async def test_a_customer_who_asks_for_a_person_gets_a_case_and_reads_who_is_told(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path, "forum") as at:
        at.world.tell(CUSTOMER, "I want to talk to a human please, order 48213")
        await until(lambda: at.world.threads(archived=False) and at.texts(at.direct))
        (thread,) = at.world.threads(archived=False)
        root = at.world.message(int(thread["id"]))
        (told,) = at.texts(at.direct)

    assert "48213" in root["content"]
    assert [each["custom_id"] for each in root["components"][0]["components"]] == [
        f"frontdesk-case:{act}:1" for act in ("claim", "assign", "reply", "return", "close")
    ]
    assert "team" in told.casefold()
