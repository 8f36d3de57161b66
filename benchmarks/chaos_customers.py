"""Customers on a local Slack and a local Discord who write, edit and delete; what stands at last.

Each question has a mark of its own, such as `q17v0x`, and each edit raises the number behind the
`v`: so what an answer covers can be read in it.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.chaos_desk import BEGIN, END, LONG
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import Post, SlackServer
from tests.servers.slack.socket_mode import Envelope

MARK = re.compile(r"q(\d+)v(\d+)x")
PEOPLE = 2
"""Who write in a channel's thread; direct messages have one."""


@dataclass(slots=True)
class Question:
    """What a customer wrote.

    Attributes:
        person: Number of the customer in the conversation.
        version: How often it was edited.
        gone: It was deleted.
        replied: Somebody has written something later in the conversation.
        went_on: Its author has written something later.
    """

    number: int
    person: int
    version: int = 0
    gone: bool = False
    replied: bool = False
    went_on: bool = False

    @property
    def text(self) -> str:
        """What it says now."""
        return f"what about q{self.number}v{self.version}x"


class Platform(Protocol):
    """Where customers write; each names messages in its own way."""

    def write(self, place: int, question: Question, text: str) -> Any:  # noqa: ANN401
        """Write a message; return what names it."""
        ...

    def edit(self, said: Any, text: str, after: float) -> None:  # noqa: ANN401
        """Edit a message, so many seconds after it was written."""
        ...

    def delete(self, said: Any) -> None:  # noqa: ANN401
        """Delete a message."""
        ...

    def repeat(self, said: Any) -> None:  # noqa: ANN401
        """Deliver the last event about a message once more."""
        ...

    def preview(self, said: Any) -> None:  # noqa: ANN401
        """Show the preview of a link: nobody has edited the message."""
        ...

    def standing(self) -> list[str]:
        """Return what the bot's posts say that stand."""
        ...


class OnSlack:
    """Customers on Slack: every other place is a thread, the others are direct messages.

    Events come late now and then, behind others that were sent after them.
    """

    def __init__(self, server: SlackServer, chance: random.Random) -> None:
        self._server = server
        self._chance = chance
        self._roots: dict[int, Post] = {}
        self._late: set[asyncio.Task[None]] = set()
        self._last: dict[str, Callable[[], object]] = {}
        self._newest: Callable[[], object] = lambda: None
        deliver = server.sockets.deliver

        def late_at_times(kind: str, payload: dict[str, Any]) -> Envelope:
            return self._reordered(lambda: deliver(kind, payload))

        server.sockets.deliver = late_at_times  # type: ignore[method-assign]

    def _reordered(self, send: Callable[[], Envelope]) -> Envelope:
        self._newest = send
        if self._chance.random() > 0.15:
            return send()

        async def later() -> None:
            await asyncio.sleep(self._chance.uniform(0.0, 0.4))
            send()

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return Envelope("events_api", {})

    def write(self, place: int, question: Question, text: str) -> Post:
        """Write in a direct message, or in the place's thread, whose root is a mention."""
        if place % 2:
            said = self._server.say(text, user=f"U{place}", channel=f"D{place}")
        elif place not in self._roots:
            root = f"<@{self._server.workspace.bot_user}> {text}"
            said = self._server.say(root, user=self._user(place, question), channel="C1")
            self._roots[place] = said
        else:
            thread = self._roots[place].ts
            user = self._user(place, question)
            said = self._server.say(text, user=user, channel="C1", thread_ts=thread)
        self._last[said.ts] = self._newest
        return said

    def edit(self, said: Post, text: str, after: float) -> None:
        """Edit a message."""
        named = f"<@{self._server.workspace.bot_user}>" in said.text
        mention = f"<@{self._server.workspace.bot_user}> " if named else ""
        self._server.edit(said, f"{mention}{text}", after=after)
        self._last[said.ts] = self._newest

    def delete(self, said: Post) -> None:
        """Delete a message."""
        self._server.delete(said)
        self._last[said.ts] = self._newest

    def repeat(self, said: Post) -> None:
        """Deliver the last event about a message once more."""
        self._last[said.ts]()

    def preview(self, said: Post) -> None:
        """Unfurl a link."""
        if self._server.workspace.find(said.channel, said.ts) is not None:
            self._server.unfurl(said)

    def standing(self) -> list[str]:
        """Return what stands."""
        return [post.markdown for post in self._server.workspace.posts]

    async def settled(self) -> None:
        """Wait until late events are sent, and all are acknowledged."""
        while self._late:
            await asyncio.wait(set(self._late))
        await self._server.sockets.settled()

    @staticmethod
    def _user(place: int, question: Question) -> str:
        return f"U{place}P{question.person}"


class OnDiscord:
    """Customers on Discord: every other place is a thread, the others are direct messages."""

    def __init__(self, server: DiscordServer) -> None:
        self._world = server.world
        self._channel = next(iter(server.world.channels))
        self._threads: dict[int, int] = {}

    def write(self, place: int, question: Question, text: str) -> int:
        """Write in a direct message, or in the place's thread, which a mention opens."""
        user = 1_000 + place * PEOPLE + question.person
        if place % 2:
            return self._world.tell(1_000 + place * PEOPLE, text)
        thread = self._threads.get(place)
        if thread is None:
            said = self._world.say(self._channel, user, f"<@{BOT}> {text}")
            self._threads[place] = said
            return said
        # until the bot has opened the thread, there is nowhere to go on
        if thread not in self._world.channels:
            self._world.thread(self._channel, root=thread, owner=BOT)
        return self._world.say(thread, user, text)

    def edit(self, said: int, text: str, after: float) -> None:
        """Edit a message."""
        mention = f"<@{BOT}> " if said in self._threads.values() else ""
        self._world.edit(said, f"{mention}{text}", after=after)

    def delete(self, said: int) -> None:
        """Delete a message."""
        self._world.delete(said)

    def repeat(self, said: int) -> None:
        """Deliver a message once more, as it was at first sent: gone ones are not."""
        if any(said in messages for messages in self._world.messages.values()):
            self._world.redeliver(said)

    def preview(self, said: int) -> None:
        """Show a preview."""
        if any(said in messages for messages in self._world.messages.values()):
            self._world.unfurl(said)

    def standing(self) -> list[str]:
        """Return what stands."""
        return [str(each["content"]) for each in self._world.standing]


@dataclass(slots=True)
class Place:
    """A conversation on a platform."""

    platform: Platform
    number: int
    asked: list[tuple[Question, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Customers:
    """All of them.

    Attributes:
        sent: Events, by what they are.
    """

    places: list[Place]
    chance: random.Random
    sent: Counter[str] = field(default_factory=Counter)
    questions: list[Question] = field(default_factory=list)

    def greet(self, place: Place) -> None:
        """Begin a conversation."""
        self._write(place)

    def act(self) -> None:
        """Let somebody do something."""
        place = self.chance.choice(self.places)
        what = self.chance.choices(
            (self._write, self._edit, self._delete, self._repeat, self._preview),
            (45, 15, 10, 22, 8),
        )[0]
        what(place)

    def _write(self, place: Place) -> None:
        people = 1 if place.number % 2 else PEOPLE
        question = Question(len(self.questions), self.chance.randrange(people))
        self.questions.append(question)
        for earlier, _ in place.asked:
            earlier.replied = True
            earlier.went_on |= earlier.person == question.person
        text = question.text + (f" {LONG}" if self.chance.random() < 0.04 else "")
        place.asked.append((question, place.platform.write(place.number, question, text)))
        self.sent["messages"] += 1

    def _edit(self, place: Place) -> None:
        question, said = self._some(place)
        if question.gone:
            return self._repeat(place)
        question.version += 1
        place.platform.edit(said, question.text, 2.0 * question.version)
        self.sent["edits"] += 1
        return None

    def _delete(self, place: Place) -> None:
        question, said = self._some(place)
        # the root of a thread stays: Slack would leave a tombstone in its place
        if question.gone or (place.asked[0][0] is question and not place.number % 2):
            return self._repeat(place)
        question.gone = True
        place.platform.delete(said)
        self.sent["deletions"] += 1
        return None

    def _repeat(self, place: Place) -> None:
        place.platform.repeat(self._some(place)[1])
        self.sent["duplicates"] += 1

    def _preview(self, place: Place) -> None:
        place.platform.preview(self._some(place)[1])
        self.sent["previews"] += 1

    def _some(self, place: Place) -> tuple[Question, Any]:
        """Choose a message, mostly the last one."""
        if self.chance.random() < 0.6:
            return place.asked[-1]
        return self.chance.choice(place.asked)


@dataclass(frozen=True, slots=True)
class Count:
    """What stands at last, compared with what was asked.

    Attributes:
        missing: Questions that stand and are covered by no answer.
        repeated: Questions that are covered by more than one.
        outdated: Last questions of their authors whose answer is to an earlier wording.
        left: Deleted questions whose answer stands, although nobody has written since.
        partial: Answers that are not complete.
    """

    standing: int
    withdrawn: int
    missing: tuple[int, ...]
    repeated: tuple[int, ...]
    outdated: tuple[int, ...]
    left: tuple[int, ...]
    partial: int

    @property
    def is_right(self) -> bool:
        """Whether one complete answer covers each question that stands, and none any other."""
        return not (self.missing or self.repeated or self.outdated or self.left or self.partial)


def count(customers: Customers) -> Count:
    """Compare what stands with what was asked."""
    posts = [text for place in _platforms(customers) for text in place.standing()]
    covered: dict[int, list[int]] = {}
    for text in posts:
        for number, version in MARK.findall(text):
            covered.setdefault(int(number), []).append(int(version))
    asked = customers.questions
    standing = [each for each in asked if not each.gone]
    gone = [each for each in asked if each.gone]
    once = [each for each in standing if len(covered.get(each.number, ())) == 1]
    begun = sum(text.count(BEGIN) for text in posts)
    ended = sum(len(re.findall(rf"\b{END}\b", text)) for text in posts)
    return Count(
        standing=len(standing),
        withdrawn=len(gone),
        missing=tuple(each.number for each in standing if each.number not in covered),
        repeated=tuple(each.number for each in asked if len(covered.get(each.number, ())) > 1),
        outdated=tuple(
            each.number
            for each in once
            if not each.went_on and covered[each.number] != [each.version]
        ),
        left=tuple(each.number for each in gone if not each.replied and each.number in covered),
        partial=abs(begun - ended),
    )


def _platforms(customers: Customers) -> list[Platform]:
    return list({id(place.platform): place.platform for place in customers.places}.values())
