"""The two local platforms, as the two sides of a case: where a customer writes, and where staff."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.discord import plugin as discord_plugin
from adapters.discord.config import DiscordConfig
from adapters.slack import plugin as slack_plugin
from adapters.slack.config import SlackConfig
from bot.ports import Adapter
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.slack import SlackServer

_SHOWN = (
    (re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)"), r"<\2|\1>"),
    (re.compile(r"\*\*(.+?)\*\*", re.DOTALL), r"*\1*"),
    (re.compile(r"~~(.+?)~~", re.DOTALL), r"~\1~"),
    (re.compile(r"^#{1,6} +(.+)$", re.MULTILINE), r"*\1*"),
)
"""How Slack shows what a block of Markdown says: links, bold, struck through, headings."""

CONTENT = b"%PDF-1.4 or a picture, as far as anybody looks"


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a place."""

    text: str
    files: tuple[str, ...] = ()


class Side(Protocol):
    """One platform: a customer writes to the bot in private, staff have a channel.

    Attributes:
        agent: Id of a member of staff.
        channel: Id of the channel of cases.
    """

    adapter: Adapter
    agent: str
    channel: str

    async def connected(self) -> None:
        """Return once the bot listens."""
        ...

    def writes(self, text: str) -> None:
        """Let the customer write."""
        ...

    def sends_file(self, name: str) -> None:
        """Let the customer send a file."""
        ...

    def threads(self) -> list[str]:
        """Return the case threads, the oldest first."""
        ...

    def open_thread(self) -> str:
        """Return the latest case thread; empty: there is none."""
        ...

    def says_inside(self, text: str) -> str:
        """Let a colleague write in the case thread; return the id of the line."""
        ...

    def sends_file_inside(self, name: str, text: str) -> None:
        """Let a colleague send a file in the case thread."""
        ...

    def edits(self, line: str, text: str) -> None:
        """Let a colleague change a line of theirs."""
        ...

    async def closes(self, closing: str) -> None:
        """Let a colleague close the case with a last line for the bot's memory."""
        ...

    def seen_by_staff(self) -> dict[str, Shown]:
        """Return what the bot has posted in the case thread, by id."""
        ...

    def seen_by_customer(self) -> dict[str, Shown]:
        """Return what the bot has posted to the customer, by id."""
        ...


class SlackSide:
    """Slack: the customer in direct messages, staff in a channel."""

    agent, channel = "UMIA", "G1"
    customer, direct = "U5", "D5"

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        here = server.workspace
        section = SlackConfig.model_validate({"api_url": server.api_url, "ping_interval": 1.0})
        tokens = {"SLACK_BOT_TOKEN": here.bot_token, "SLACK_APP_TOKEN": here.app_token}
        self.adapter: Adapter = slack_plugin.build(section, tokens)

    async def connected(self) -> None:
        """Return once the bot listens."""
        await _until(lambda: bool(self._server.sockets.sockets))

    def writes(self, text: str) -> None:
        """Let the customer write."""
        self._server.say(text, user=self.customer, channel=self.direct)

    def sends_file(self, name: str) -> None:
        """Let the customer send a file."""
        self._send("", name, self.customer, self.direct)

    def threads(self) -> list[str]:
        """Return the case threads, the oldest first."""
        posts = self._server.workspace.posts
        return [each.ts for each in posts if each.channel == self.channel and not each.thread_ts]

    def open_thread(self) -> str:
        """Return the latest case thread; empty: there is none."""
        return next(iter(self.threads()[::-1]), "")

    def says_inside(self, text: str) -> str:
        """Let a colleague write in the case thread; return the id of the line."""
        place = {"user": self.agent, "channel": self.channel}
        return self._server.say(text, **place, thread_ts=self.open_thread()).ts

    def sends_file_inside(self, name: str, text: str) -> None:
        """Let a colleague send a file in the case thread."""
        self._send(text, name, self.agent, self.channel, self.open_thread())

    def edits(self, line: str, text: str) -> None:
        """Let a colleague change a line of theirs."""
        post = self._server.workspace.find(self.channel, line)
        assert post is not None  # noqa: S101 - it was written above
        self._server.edit(post, text)

    async def closes(self, closing: str) -> None:
        """Let a colleague close the case with a last line for the bot's memory."""
        here = self._server.workspace
        root = here.find(self.channel, self.open_thread())
        assert root is not None  # noqa: S101 - the thread is open
        opened = len(here.views)
        at = next(i for i, each in enumerate(root.buttons) if _label(each) == "Close")
        self._server.press(root, at, user=self.agent)
        await _until(lambda: len(here.views) > opened)
        self._server.give_reason(closing, user=self.agent)
        await asyncio.sleep(0.5)

    def seen_by_staff(self) -> dict[str, Shown]:
        """Return what the bot has posted in the case thread, by id."""
        thread = self.open_thread()
        return self._seen(self.channel, thread)

    def seen_by_customer(self) -> dict[str, Shown]:
        """Return what the bot has posted to the customer, by id."""
        return self._seen(self.direct, None)

    def _seen(self, channel: str, thread: str | None) -> dict[str, Shown]:
        return {
            each.ts: Shown(
                _as_shown(each.markdown) or each.text,
                tuple(str(file["name"]) for file in each.files),
            )
            for each in self._server.workspace.posts
            if each.channel == channel and thread in (None, each.thread_ts)
        }

    def _send(self, text: str, name: str, user: str, channel: str, thread: str = "") -> None:
        file = self._server.files.add(name, CONTENT, _media_type(name))
        self._server.say(
            text, user=user, channel=channel, thread_ts=thread, subtype="file_share", files=[file]
        )


class DiscordSide:
    """Discord: the customer in direct messages, staff in a text channel."""

    agent, customer = "2001", 1005

    def __init__(self, server: DiscordServer) -> None:
        self._world = server.world
        self._server = server
        self.channel = str(server.world.text_channel("cases"))
        section = DiscordConfig.model_validate(
            {
                "api_url": server.api_url,
                "gateway_url": server.gateway_url,
                "reconnect_after": 0.02,
                "timeout": 10.0,
            }
        )
        self.adapter: Adapter = discord_plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})

    async def connected(self) -> None:
        """Return once the bot listens."""
        await _until(lambda: bool(getattr(self.adapter, "connected", False)))

    def writes(self, text: str) -> None:
        """Let the customer write."""
        self._world.tell(self.customer, text)

    def sends_file(self, name: str) -> None:
        """Let the customer send a file."""
        file = self._world.files.add(name, CONTENT, _media_type(name))
        self._world.say(self._direct(), self.customer, "", attachments=(file,))

    def threads(self) -> list[str]:
        """Return the case threads, the oldest first."""
        found = [
            number
            for number, each in self._world.channels.items()
            if str(each.get("parent_id")) == self.channel
        ]
        return [str(number) for number in sorted(found)]

    def open_thread(self) -> str:
        """Return the latest case thread; empty: there is none."""
        return next(iter(self.threads()[::-1]), "")

    def says_inside(self, text: str) -> str:
        """Let a colleague write in the case thread; return the id of the line."""
        return str(self._world.say(int(self.open_thread()), int(self.agent), text))

    def sends_file_inside(self, name: str, text: str) -> None:
        """Let a colleague send a file in the case thread."""
        file = self._world.files.add(name, CONTENT, _media_type(name))
        thread = int(self.open_thread())
        self._world.say(thread, int(self.agent), text, attachments=(file,))

    def edits(self, line: str, text: str) -> None:
        """Let a colleague change a line of theirs."""
        self._world.edit(int(line), text)

    async def closes(self, closing: str) -> None:
        """Let a colleague close the case with a last line for the bot's memory."""
        root = self._world.message(int(self.open_thread()))
        buttons = [each for row in root["components"] for each in row.get("components", ())]
        pressed = next(each for each in buttons if each.get("label") == "Close")
        used = self._world.press(int(root["id"]), pressed["custom_id"], int(self.agent))
        await _until(lambda: bool(self._world.interactions[used].responses))
        self._world.give_reason(used, closing, int(self.agent))
        await asyncio.sleep(0.5)

    def seen_by_staff(self) -> dict[str, Shown]:
        """Return what the bot has posted in the case thread, by id."""
        thread = self.open_thread()
        return self._seen(int(thread)) if thread else {}

    def seen_by_customer(self) -> dict[str, Shown]:
        """Return what the bot has posted to the customer, by id."""
        return self._seen(self._direct())

    def _direct(self) -> int:
        return int(self._world.direct_channel(self.customer)["id"])

    def _seen(self, channel: int) -> dict[str, Shown]:
        return {
            each["id"]: Shown(
                each["content"], tuple(str(file["filename"]) for file in each["attachments"])
            )
            for each in self._world.standing
            if int(each["channel_id"]) == channel
        }


def _as_shown(markdown: str) -> str:
    """Return what a block of Markdown says as Slack shows it."""
    for pattern, shown in _SHOWN:
        markdown = pattern.sub(shown, markdown)
    return markdown


def _label(button: dict[str, Any]) -> str:
    text = button.get("text") or {}
    return str(text.get("text") if isinstance(text, dict) else text)


def _media_type(name: str) -> str:
    return "application/pdf" if name.endswith(".pdf") else "image/png"


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the condition is about another program
            await asyncio.sleep(0.02)
