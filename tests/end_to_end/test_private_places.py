"""No private, internal or restored text where somebody reads it who may not: places, kinds of
event, restarts and audiences, crossed, on both platforms."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from adapters.slack import plugin
from adapters.slack.adapter import SlackAdapter
from bot.config.schema import Config
from bot.config.staff import MembersConfig
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import until
from tests.end_to_end.private_places import (
    AMBIENT,
    GPT_ANSWER,
    INTERNAL,
    PRIVATE,
    Seen,
    desk,
    handled,
    heard,
    leaks,
    mail,
    questions,
    with_secrets,
)
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import DIRECT
from tests.servers.discord.world import BOT
from tests.servers.openai import openai_server
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import Channel
from tests.slack.conftest import environment, section

MESSAGE = 4
"""Discord's type of a response that is a message."""

COMMANDS = ("status", "what is the goodwill refund limit for agents?", "what is my pickup code")


@pytest.fixture(scope="module")
def secretive(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return with_secrets(tmp_path_factory.mktemp("secrets"))


class SlackPeople:
    """Everybody who writes in the workspace, and what they see."""

    boss, stranger = "UBOSS", "UEVE"
    shared = ("C1", "G1", "G2", "CSTAFF")

    def __init__(self, slack: SlackServer) -> None:
        self.slack = slack
        self.users: list[str] = [self.boss]
        self.asking: list[str] = []
        self.expected = 0
        self._number = itertools.count(1)
        slack.workspace.channels["CSTAFF"] = Channel("CSTAFF")

    def direct(self, user: str) -> str:
        return f"D{user[1:]}"

    def new(self) -> str:
        self.users.append(f"UC{next(self._number)}")
        return self.users[-1]

    def ask_everywhere(self) -> None:
        """Ask everything in every place, as a customer and as staff; in threads as well."""
        for kind, is_staff in itertools.product(questions(""), (False, True)):
            user = self.boss if is_staff else self.new()
            self.asking.append(user)
            self.slack.say(questions(user)[kind], user=user, channel=self.direct(user))
            self.expected += 1
            for place in self.shared:
                text = questions(user)[kind]
                root = self.slack.say(f"<@UBOT> {text}", user=user, channel=place)
                self.slack.say(text, user=user, channel=place, thread_ts=root.ts)
                self.expected += 2

    def write_unheard(self) -> None:
        """Write while nobody listens: in direct messages, and to each other in every channel."""
        self.slack.workspace.pass_time(60)  # past the first start: its clock stands still
        for user in dict.fromkeys(self.asking):
            self.slack.write(questions(user)["private"], user=user, channel=self.direct(user))
            self.expected += 1
        for place in self.shared:
            self.slack.write(f"{AMBIENT}: what is my pickup code", user="UANN", channel=place)

    def chat(self) -> None:
        """Let people talk to each other in every channel."""
        for place in self.shared:
            self.slack.say(f"{AMBIENT}: what is my pickup code", user="UANN", channel=place)

    def command_everywhere(self) -> None:
        for place, user, words in itertools.product(
            (*self.shared, self.direct(self.boss)), (self.boss, self.stranger), COMMANDS
        ):
            self.slack.command(words, user=user, channel=place)
            self.expected += 1
        self.ask_unseen()

    def ask_unseen(self) -> None:
        """Ask everything with `/ask`, as a customer and as staff; also where the bot is not."""
        for kind, is_staff in itertools.product(questions(""), (False, True)):
            user = self.boss if is_staff else self.new()
            for place in (*self.shared, "C3", self.direct(user)):
                text = questions(user)[kind]
                self.slack.command(text, user=user, channel=place, command="/ask")
                self.expected += 1

    def press_everything(self) -> None:
        """Press every button, as a stranger and as staff."""
        for post in [post for post in self.slack.workspace.posts if post.buttons]:
            for user in (self.stranger, self.boss):
                self.slack.press(post, user=user)
                self.expected += 1

    def seen(self) -> list[Seen]:
        owners = {self.direct(user): user for user in [*self.users, self.stranger]}
        return [
            Seen(
                f"{post.text}\n{post.blocks}",
                post.only_for or owners.get(post.channel, "") or self._direct_with(post.channel),
                post.channel == "CSTAFF" and not post.only_for,
            )
            for post in self.slack.workspace.posts
        ]

    def _direct_with(self, channel: str) -> str:
        """Return whose direct messages the id of a person stands for."""
        return channel if channel in self.users else ""


async def test_slack_shows_nothing_to_those_who_may_not_see_it(
    secretive: Config, tmp_path: Path
) -> None:
    team = MembersConfig(channel="CSTAFF", users=frozenset({SlackPeople.boss}))
    async with SlackServer() as slack, openai_server(answer=GPT_ANSWER) as gpt:
        people = SlackPeople(slack)

        def adapter() -> SlackAdapter:
            return plugin.build(section(slack, catch_up_pace=0.0), environment(slack))

        async with desk(secretive, tmp_path, adapter(), team, gpt.url):
            await until(lambda: slack.sockets.sockets)
            people.command_everywhere()
            people.chat()
            people.ask_everywhere()
            await handled(tmp_path, people.expected)
            people.press_everything()
            await handled(tmp_path, people.expected)
        people.write_unheard()
        async with desk(secretive, tmp_path, adapter(), team, gpt.url):
            await handled(tmp_path, people.expected)
            people.command_everywhere()
            people.chat()
            await handled(tmp_path, people.expected)

        assert leaks(people.seen(), people.users, people.boss) == []
        assert AMBIENT not in await heard(tmp_path)
        saw = {
            (word, post.reader, post.staff)
            for post in people.seen()
            for word in (PRIVATE, INTERNAL, mail(people.boss))
            if word in post.text
        }
        assert (PRIVATE, people.boss, False) in saw
        assert (INTERNAL, people.boss, False) in saw
        assert (INTERNAL, "", True) in saw
        assert (mail(people.boss), people.boss, False) in saw
        declined = [post for post in slack.workspace.posts if post.only_for == people.stranger]
        assert any("another person's question" in post.markdown for post in declined)


class DiscordPeople:
    """Everybody who writes on the server, and what they see."""

    boss, stranger = 7_000, 6_000

    def __init__(self, discord: DiscordServer) -> None:
        self.discord = discord
        self.world = discord.world
        self.help, self.staff = self.world.text_channel(), self.world.text_channel("staff")
        self.forum = self.world.forum()
        self.users: list[int] = [self.boss]
        self.uses: dict[int, int] = {}
        self.asked: dict[int, int] = {}
        self.expected = 0
        self._number = itertools.count(1)

    def new(self) -> int:
        self.users.append(7_000_000 + next(self._number))
        return self.users[-1]

    def ask_everywhere(self) -> None:
        """Ask everything in every place, as a customer and as staff."""
        for kind, is_staff in itertools.product(questions(""), (False, True)):
            user = self.boss if is_staff else self.new()
            text = questions(str(user))[kind]
            self.world.tell(user, text)
            for channel in (self.help, self.staff):
                self.world.say(channel, user, f"<@{BOT}> {text}")
            post = self.world.thread(self.forum, owner=user)
            self.world.say(post, user, f"<@{BOT}> {text}")
            self.world.say(post, user, text)
            self.expected += 5

    def write_unheard(self) -> None:
        """Write what nobody is told of until they look."""
        for user in self.users:
            self.world.tell(user, questions(str(user))["private"])
            self.expected += 1
        self.chat()

    def chat(self) -> None:
        """Let people talk to each other in every channel."""
        for channel in (self.help, self.staff):
            self.world.say(channel, 5_000, f"{AMBIENT}: what is my pickup code")

    async def command_everywhere(self) -> None:
        direct = int(self.world.direct_channel(self.boss)["id"])
        for place, user in itertools.product(
            (self.help, self.staff, direct), (self.boss, self.stranger)
        ):
            for verb, name in (("status", "frontdesk"), ("lunch", "frontdesk"), ("", "code")):
                await self._used(self.world.command(place, user, verb, name=name), user)
        await self.ask_unseen()

    async def ask_unseen(self) -> None:
        """Ask everything with `/ask`, as a customer and as staff."""
        for kind, is_staff in itertools.product(questions(""), (False, True)):
            user = self.boss if is_staff else self.new()
            direct = int(self.world.direct_channel(user)["id"])
            for place in (self.help, self.staff, direct):
                asked = self.world.ask(place, user, questions(str(user))[kind])
                await self._used(asked, user)
                self.asked[asked] = user

    async def press_unseen(self) -> None:
        """Press every button below an answer to `/ask`, as its asker."""
        for asked, user in self.asked.items():
            answers = self.world.interactions[asked]
            for shown in [*answers.edits, *answers.followups]:
                for row in shown.get("components") or []:
                    button = row["components"][0]["custom_id"]
                    await self._used(self.world.press_ephemeral(asked, button, user), user)

    async def press_everything(self) -> None:
        """Press every button, as a stranger and as staff."""
        posts = [post.message for post in self.world.posts if post.message["components"]]
        for post in posts:
            button = post["components"][0]["components"][0]["custom_id"]
            for user in (self.stranger, self.boss):
                await self._used(self.world.press(int(post["id"]), button, user), user)

    async def _used(self, use: int, user: int) -> None:
        """Wait for the first response; one that is a message says that nothing was stored."""
        self.uses[use] = user
        answers = self.world.interactions[use]
        await until(lambda: answers.responses)
        self.expected += answers.responses[0]["type"] != MESSAGE

    def seen(self) -> list[Seen]:
        posts = [post.message for post in self.world.posts]
        shown = [Seen(str(post), *self._readers(int(post["channel_id"]))) for post in posts]
        for use, user in self.uses.items():
            answers = self.world.interactions[use]
            assert all(each["flags"] & 1 << 6 for each in answers.followups)
            shown += [Seen(str(each), str(user)) for each in [*answers.edits, *answers.followups]]
        return shown

    def _readers(self, channel_id: int) -> tuple[str, bool]:
        channel = self.world.channels[channel_id]
        if channel["type"] == DIRECT:
            return str(channel["recipients"][0]["id"]), False
        return "", self.staff in (channel_id, int(channel.get("parent_id") or 0))


async def test_discord_shows_nothing_to_those_who_may_not_see_it(
    secretive: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord, openai_server(answer=GPT_ANSWER) as gpt:
        people = DiscordPeople(discord)
        boss = str(people.boss)
        team = MembersConfig(channel=str(people.staff), users=frozenset({boss}))
        async with desk(secretive, tmp_path, adapter_of(discord), team, gpt.url):
            await until(lambda: discord.world.commands)
            await people.command_everywhere()
            people.chat()
            people.ask_everywhere()
            await handled(tmp_path, people.expected)
            await people.press_everything()
            await people.press_unseen()
            await handled(tmp_path, people.expected)
        people.write_unheard()
        async with desk(secretive, tmp_path, adapter_of(discord), team, gpt.url):
            await handled(tmp_path, people.expected)
            await people.command_everywhere()
            await handled(tmp_path, people.expected)
            discord.gateway.invalidate()  # a lost session: what follows is caught up with
            people.write_unheard()
            await handled(tmp_path, people.expected)

        seen = people.seen()
        assert leaks(seen, map(str, people.users), boss) == []
        assert AMBIENT not in await heard(tmp_path)
        saw = {
            (word, post.reader, post.staff)
            for post in seen
            for word in (PRIVATE, INTERNAL, mail(boss))
            if word in post.text
        }
        assert (PRIVATE, boss, False) in saw
        assert (INTERNAL, boss, False) in saw
        assert (INTERNAL, "", True) in saw
        assert (mail(boss), boss, False) in saw
        refused = [post for post in seen if "another person's question" in post.text]
        assert {post.reader for post in refused} == {str(people.stranger), boss}
