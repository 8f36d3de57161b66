"""A case is worked through on Slack: forms, lines, files, edits, deletions, marks, both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from adapters.slack import plugin
from bot.answering.wording import BotWording
from bot.app.desk import build_desk
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.messages import Author, Message, Readers
from bot.staff.desk import Opening
from bot.staff.teams import Teams
from bot.storage import open_database
from tests.end_to_end.conftest import serving, until
from tests.servers.slack import Fault, SlackServer
from tests.servers.slack.workspace import Post
from tests.slack.conftest import environment, section

CUSTOMER, AGENT, STRANGER = "U7", "UBOSS", "U9"


class CaseOnSlack:
    """What is to be seen of one case on the server."""

    def __init__(self, slack: SlackServer) -> None:
        self.slack = slack

    @property
    def root(self) -> Post:
        return next(post for post in self.posts("G1") if not post.thread_ts)

    def posts(self, channel: str) -> list[Post]:
        """Return what the bot posted in a channel for all to see."""
        posts = self.slack.workspace.posts
        return [post for post in posts if post.channel == channel and not post.only_for]

    def inside(self) -> list[str]:
        return [post.markdown for post in self.posts("G1") if post.thread_ts == self.root.ts]

    def outside(self) -> list[str]:
        """Return what the customer reads; of posts with files, their names."""
        posts = self.posts("D7")
        return [post.markdown or ", ".join(f["name"] for f in post.files) for post in posts]

    def said_to(self, user: str) -> list[str]:
        """Return what one person alone sees."""
        return [each.markdown for each in self.slack.workspace.posts if each.only_for == user]

    def line(self, text: str, **more: object) -> Post:
        """Let the agent write into the thread of the case."""
        return self.slack.say(text, user=AGENT, channel="G1", thread_ts=self.root.ts, **more)

    async def pressed(self, label: str, user: str = AGENT) -> None:
        """Press a button below the root, or below the latest post that has it."""
        for post in reversed(self.posts("G1")):
            labels = [button["text"]["text"] for button in post.buttons]
            if label in labels:
                self.slack.press(post, labels.index(label), user)
                await self.slack.sockets.settled()
                return
        raise LookupError(label)

    async def form(self, label: str, user: str = AGENT) -> None:
        """Press a button that opens a form, and wait for the form."""
        before = len(self.slack.workspace.views)
        await self.pressed(label, user)
        await until(lambda: len(self.slack.workspace.views) > before)


@asynccontextmanager
async def opened(trained: Config, folder: Path, slack: SlackServer) -> AsyncIterator[CaseOnSlack]:
    """Serve a desk on Slack, with an open case of the customer in D7."""
    members = {"slack": MembersConfig(channel="G1", users=frozenset({AGENT}))}
    sections = {"staff": StaffConfig(members=members), "serve": ServeConfig(port=0)}
    config = trained.model_copy(update=sections)
    adapter = plugin.build(section(slack), environment(slack))
    async with (
        serving(config, folder, adapter, public=True),
        await open_database(f"sqlite:///{folder}/desk.db") as database,
    ):
        await until(lambda: slack.sockets.sockets)
        wording = BotWording(config.responder, "en")
        desk = build_desk(config, [adapter], database, SystemClock(), wording)
        asked = Message(
            "slack:A1:D7:1700000000.000100",
            "slack:A1:D7",
            Author(f"slack:T1:{CUSTOMER}", "Ann"),
            "a person please",
            datetime.now(UTC),
            readers=Readers.AUTHOR,
        )
        opening = Opening("asked", Teams(config.staff).default, language="en")
        case = await desk.open(asked, opening)
        assert await desk.told(case.number, within=10)
        yield CaseOnSlack(slack)


async def test_case_is_worked_through(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack, opened(trained, tmp_path, slack) as case:
        await case.pressed("Claim", STRANGER)
        await until(lambda: case.said_to(STRANGER))
        await case.pressed("Claim")
        await until(lambda: case.said_to(AGENT))

        await case.form("Reply")
        slack.give_reason("It left **today**.", user=AGENT)
        await until(case.outside)
        copy = next(post for post in case.posts("G1") if "It left" in post.markdown)
        await until(lambda: copy.reactions == ["white_check_mark"])

        talk = case.line("he sounds angry")
        file = slack.files.add("bill.pdf", b"%PDF-1.7", "application/pdf")
        line = case.line("!send here is *the bill*", subtype="file_share", files=[file])
        await until(lambda: line.reactions == ["white_check_mark"])

        slack.edit(line, "!send here is _your_ bill")
        await until(lambda: "*your*" in case.outside()[1])
        after_edit = case.outside()
        slack.delete(line)
        await until(lambda: len(case.outside()) == 1)

        shot = slack.files.add("tear.png", b"\x89PNG", "image/png")
        slack.say("look :wave:", user=CUSTOMER, channel="D7", subtype="file_share", files=[shot])
        await until(lambda: any("look 👋" in said for said in case.inside()))
        await until(lambda: [post for post in case.posts("G1") if post.files])
        (passed,) = [post for post in case.posts("G1") if post.files]

    assert after_edit == [
        "**Team:** It left **today**.",
        "**Team:** here is *your* bill",
        "bill.pdf",
    ]
    assert case.outside() == ["**Team:** It left **today**."]
    assert talk.reactions == []
    assert slack.files.files[passed.files[0]["id"]].content == b"\x89PNG"
    assert not [post for post in slack.workspace.posts if post.pings]


async def test_line_that_could_not_be_sent_is_sent_again(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack, opened(trained, tmp_path, slack) as case:
        slack.faults.order("chat.postMessage", Fault(error="is_archived", channel="D7"))
        line = case.line("!send hello")
        await until(lambda: line.reactions == ["x"])
        await until(lambda: any("is archived" in said for said in case.inside()))
        await case.pressed("Retry")
        await until(lambda: line.reactions == ["white_check_mark"])

    assert case.outside() == ["**Team:** hello"]


async def test_shortcut_sends_talk_once(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack, opened(trained, tmp_path, slack) as case:
        line = case.line("It is *ready*")
        await slack.sockets.settled()
        for _ in range(2):
            slack.shortcut("frontdesk_send", user=AGENT, message=line)
        await until(lambda: line.reactions == ["white_check_mark"])
        await until(lambda: len(case.said_to(AGENT)) == 2)
        elsewhere = slack.write("psst", user=AGENT, channel="C1")
        slack.shortcut("frontdesk_send", user=AGENT, message=elsewhere)
        await until(lambda: len(case.said_to(AGENT)) == 3)

    assert case.outside() == ["**Team:** It is **ready**"]


async def test_closed_case_gives_the_conversation_back(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack, opened(trained, tmp_path, slack) as case:
        await case.pressed("Claim")
        await case.form("Close")
        slack.give_reason("A new tent was sent.", user=AGENT)
        await until(lambda: any("closed" in said for said in case.said_to(AGENT)))
        slack.say("where is my order?", user=CUSTOMER, channel="D7")
        await until(case.outside)

    assert case.outside() == ["Look under *My orders*."]
