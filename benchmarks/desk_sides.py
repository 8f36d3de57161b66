"""A desk and its customers on a local Slack and a local Discord: what staff do, what is read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from benchmarks.desk_process import AGENTS
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault as DiscordFault
from tests.servers.slack import Post, SlackServer
from tests.servers.slack.faults import Fault as SlackFault

FILE = b"%PDF-1.7 a plan"
PATIENCE = 20.0
"""Seconds that a person waits for a form or an answer before trying again."""


class Side(Protocol):
    """One platform, as the member of staff and the customers use it."""

    def customer(self, number: int) -> str:
        """Return the conversation of a new customer."""
        ...

    async def act(self, thread: str, item: dict[str, Any], text: str) -> Any:  # noqa: ANN401
        """Do what an entry says in a case thread; return what names the line, None for a form."""
        ...

    async def change(self, line: Any, text: str | None) -> None:  # noqa: ANN401
        """Edit a line, or delete it."""
        ...

    async def send(self, line: Any) -> None:  # noqa: ANN401
        """Use the shortcut on a line."""
        ...

    async def retry(self) -> int:
        """Press every Retry that was not pressed yet; return how many."""
        ...

    def read(self, conversation: str) -> Sequence[tuple[str, str]]:
        """Return text and names of files of what stands with a customer."""
        ...

    def mark(self, line: Any, text: str) -> str:  # noqa: ANN401
        """Return the mark on a line, or on the copy of a form."""
        ...

    def refuse(self, conversation: str) -> None:
        """Let the next post to a customer be refused for good."""
        ...

    def stumble(self, *, after: bool) -> None:
        """Let the next post fail: before or after it is made."""
        ...


class OnSlack:
    """Slack."""

    MARKS: ClassVar = {"white_check_mark": "sent", "x": "failed"}

    def __init__(self, server: SlackServer) -> None:
        self.server = server
        self._pressed: set[str] = set()

    def customer(self, number: int) -> str:
        """Return the conversation of a new customer."""
        return f"slack:A1:D{number}"

    async def act(self, thread: str, item: dict[str, Any], text: str) -> Post | None:
        """Do what an entry says in a case thread; return the line, None for a form."""
        root = thread.rpartition(":")[2]
        if item["how"] == "form":
            await self._reply(root, text)
            return None
        more: dict[str, Any] = {}
        if item.get("files"):
            given = names(item, text)
            files = [self.server.files.add(each, FILE, "application/pdf") for each in given]
            more = {"subtype": "file_share", "files": files}
        user = AGENTS["slack"]
        line = self.server.say(text, user=user, channel="C1", thread_ts=root, **more)
        if item["how"] == "shortcut":
            await self.send(line)
        return line

    async def send(self, line: Post) -> None:
        """Use the shortcut on a line."""
        self.server.shortcut("frontdesk_send", user=AGENTS["slack"], message=line)
        await self.server.sockets.settled()

    async def _reply(self, root: str, text: str) -> None:
        post = next(each for each in self.server.workspace.posts if each.ts == root)
        before = len(self.server.workspace.views)
        self.server.press(post, button=2, user=AGENTS["slack"])
        async with asyncio.timeout(PATIENCE):
            while len(self.server.workspace.views) == before:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        self.server.give_reason(text, user=AGENTS["slack"])
        await self.server.sockets.settled()

    async def change(self, line: Post, text: str | None) -> None:
        """Edit a line, or delete it."""
        if text is None:
            self.server.delete(line)
        else:
            self.server.edit(line, text)

    async def retry(self) -> int:
        """Press every Retry that was not pressed yet; return how many."""
        found = 0
        for post in list(self.server.workspace.posts):
            if post.ts not in self._pressed and '"Retry"' in str(post.blocks).replace("'", '"'):
                self._pressed.add(post.ts)
                self.server.press(post, user=AGENTS["slack"])
                found += 1
        await self.server.sockets.settled()
        return found

    def read(self, conversation: str) -> Sequence[tuple[str, str]]:
        """Return text and names of files of what stands with a customer."""
        channel = conversation.split(":")[2]
        return [
            (_words_of(post), str(post.files))
            for post in self.server.workspace.posts
            if post.channel == channel and not post.only_for
        ]

    def mark(self, line: Post | None, text: str) -> str:
        """Return the mark on a line, or on the copy of a form."""
        posts = self.server.workspace.posts
        copies = [post for post in posts if "→ customer" in post.text and text in post.text]
        for post in [line] if line is not None else copies:
            return next((self.MARKS[each] for each in post.reactions if each in self.MARKS), "")
        return ""

    def refuse(self, conversation: str) -> None:
        """Let the next post to a customer be refused for good."""
        channel = conversation.split(":")[2]
        fault = SlackFault(error="is_archived", channel=channel)
        self.server.faults.order("chat.postMessage", fault)

    def stumble(self, *, after: bool) -> None:
        """Let the next post fail: before or after it is made."""
        fault = SlackFault(lose_answer=True) if after else SlackFault(status=500)
        if not self.server.faults.waiting("chat.postMessage"):
            self.server.faults.order("chat.postMessage", fault)


class OnDiscord:
    """Discord."""

    MARKS: ClassVar = {"✅": "sent", "❌": "failed"}

    def __init__(self, server: DiscordServer, app: str) -> None:
        self.server = server
        self._app = app
        self._pressed: set[str] = set()

    def customer(self, number: int) -> str:
        """Return the conversation of a new customer."""
        channel = self.server.world.text_channel(f"customer-{number}")
        return f"discord:{self._app}:{channel}"

    async def act(self, thread: str, item: dict[str, Any], text: str) -> int | None:
        """Do what an entry says in a case thread; return the line, None for a form."""
        world, place, agent = self.server.world, int(thread.split(":")[3]), int(AGENTS["discord"])
        if item["how"] == "form":
            await self._answered(world.reply(place, agent, text))
            return None
        files = [world.files.add(each, FILE, "application/pdf") for each in names(item, text)]
        line = world.say(place, agent, text, attachments=tuple(files))
        if item["how"] == "shortcut":
            await self.send(line)
        return line

    async def send(self, line: int) -> None:
        """Use the command on a line."""
        agent = int(AGENTS["discord"])
        used = self.server.world.context_command(line, agent, "Send to customer")
        await self._answered(used)

    async def _answered(self, used: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.server.world.interactions[used].responses:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def change(self, line: int, text: str | None) -> None:
        """Edit a line, or delete it."""
        if text is None:
            self.server.world.delete(line)
        else:
            self.server.world.edit(line, text)
        await asyncio.sleep(0.3)  # what is missed is never told again

    async def retry(self) -> int:
        """Press every Retry that was not pressed yet; return how many."""
        found = 0
        for message in list(self.server.world.standing):
            buttons = [each for row in message["components"] for each in row["components"]]
            again = [each for each in buttons if each.get("label") == "Retry"]
            if again and message["id"] not in self._pressed:
                self._pressed.add(message["id"])
                agent = int(AGENTS["discord"])
                used = self.server.world.press(int(message["id"]), again[0]["custom_id"], agent)
                await self._answered(used)
                found += 1
        return found

    def read(self, conversation: str) -> Sequence[tuple[str, str]]:
        """Return text and names of files of what stands with a customer."""
        channel = conversation.split(":")[2]
        return [
            (each["content"], str(each.get("attachments", "")))
            for each in self.server.world.standing
            if each["channel_id"] == channel
        ]

    def mark(self, line: int | None, text: str) -> str:
        """Return the mark on a line, or on the copy of a form."""
        found = line
        if line is None:
            copies = [
                int(each["id"])
                for each in self.server.world.standing
                if "→ customer" in each["content"] and text in each["content"]
            ]
            found = copies[0] if copies else 0
        standing = self.server.world.reactions.get(found or 0, [])
        return next((self.MARKS[each] for each in standing if each in self.MARKS), "")

    def refuse(self, conversation: str) -> None:
        """Let the next post to a customer be refused for good."""
        path = rf"/channels/{conversation.split(':')[2]}/messages$"
        self.server.faults.append(DiscordFault("POST", path, 403, code=50007))

    def stumble(self, *, after: bool) -> None:
        """Let the next post fail: before or after it is made."""
        if not any(each.times for each in self.server.faults):
            fault = DiscordFault("POST", r"/channels/\d+/messages$", 500, after=after)
            self.server.faults.append(fault)


def names(item: dict[str, Any], text: str) -> list[str]:
    """Return the names of the files of an entry, each with the number of the line's mark."""
    files = item.get("files") or []
    given = [each if isinstance(each, str) else str(each.get("name", "file")) for each in files]
    number = re.findall(r"k(\d+)x", text)
    return [f"f{''.join(number)}-{each.rpartition('.')[0] or each}.pdf" for each in given]


def _words_of(post: Post) -> str:
    """Return what a post says: in its blocks, or as its text."""
    said = re.findall(r"'(?:text|markdown)': '((?:[^'\\]|\\.)*)'", str(post.blocks))
    return " ".join([post.text, *said])
