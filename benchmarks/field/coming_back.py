"""Measures what comes after a person: the next question is the bot's again, and one case is one.

Each conversation goes the whole road through the service: the customer asks for a person, a
colleague claims the case in its thread, sends lines and closes it, the customer says thanks, and
asks something else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import LANGUAGES, SHOP, configured
from bot.app.build import open_service
from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.instance import ScriptedPlatform
from bot.config.schema import Config
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.conversations.key import ConversationKey
from bot.messages import (
    Acted,
    Addressing,
    Author,
    CaseAct,
    DecisionKind,
    Message,
    Readers,
    Received,
)
from bot.ownership import Owner
from bot.ports import ReservedPost
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from bot.storage import Database, open_database
from bot.storage.case_threads import ON_PEOPLE
from bot.storage.conversation_states import state_of
from bot.storage.tables import accepted, cases, events

AT_ONCE = 20
"""First messages of one customer that come at once."""

AGENT = Author("slack:T1:mia", "Mia", staff=True)
STAFF = StaffConfig(
    members={"slack": MembersConfig(users=frozenset({"mia"}))},
    teams={"default": TeamConfig(cases={"slack": "CASES"})},
)


class DeskPlatform(ScriptedPlatform):
    """A scripted platform with a channel for cases: it takes every post."""

    async def deliver(self, reserved: ReservedPost) -> str:
        """Take a post."""
        return f"p{reserved.number}"

    def place(self, channel: str) -> ConversationKey:
        """Return the key of a channel."""
        return ConversationKey(self.name, "A1", channel)

    async def name_of(self, person: str) -> str:
        """Return the name of a person."""
        return AGENT.name if person == AGENT.key else ""


@dataclass(frozen=True, slots=True)
class Played:
    """A conversation with what came of it.

    Attributes:
        asked: What came of the first messages.
        handed_over: The first message opened a case.
        closed: The conversation was closed when the person had closed the case.
        stayed: Thanks opened nothing; None: there were none.
        reply: To the question that followed.
        owner: Who has the conversation in the end.
        open_cases: That were left.
    """

    entry: Entry
    asked: Reply
    handed_over: bool
    closed: bool
    stayed: bool | None
    reply: Reply
    owner: Owner
    open_cases: int

    @property
    def came_back(self) -> bool:
        """The bot answered the new question with its intent."""
        return self.reply.kind == DecisionKind.INTENT and self.reply.intents[:1] == (
            self.entry["intent"],
        )

    @property
    def handed_over_again(self) -> bool:
        """The new question led to a person."""
        again = self.reply.kind == DecisionKind.HANDOFF or self.owner is Owner.WAITING
        return again or self.open_cases > 0

    def __str__(self) -> str:
        """Render for whoever reads the list."""
        found = [(self.entry["asks"], self.asked), (self.entry["new"], self.reply)]
        return f"{self.entry['id']}: " + "; ".join(f"{said}: {_shown(it)}" for said, it in found)


def _shown(reply: Reply) -> str:
    why = " / ".join(reply.decision.reasons) if reply.decision else "not taken in"
    return f"{reply.kind} {', '.join(reply.intents)} [{why}]"


def coming_back(part: str) -> Iterator[Line]:
    """Play every conversation at the example shop, and many first messages at once."""
    if found := entries(part, "coming_back"):
        yield from asyncio.run(_measured(found))


async def _measured(found: Sequence[Entry]) -> list[Line]:
    with TemporaryDirectory() as folder:
        config = staffed(configured(Path(folder), SHOP, LANGUAGES))
        await asyncio.to_thread(train_everything, config)
        bundle, url = load_bundle(config), f"sqlite:///{folder}/desk.db"
        async with opened(config, bundle, url) as (platform, database):
            played = [await play(each, platform, database) for each in found]
        at_once = await many_at_once(config, bundle, f"sqlite:///{folder}/other.db")
    return [*measures(played), Line(f"{AT_ONCE} first messages at once: one case", (at_once == 1,))]


def staffed(config: Config) -> Config:
    """Return the configuration with a team; nobody is too fast, and no greeting is waited for."""
    serving = {"rate_limit": False, "greeting_wait": 0.0, "concurrency": 4, "port": 0}
    serve = config.serve.model_copy(update=serving)
    return config.model_copy(update={"staff": STAFF, "serve": serve})


def measures(played: Sequence[Played]) -> list[Line]:
    """Return the lines that are printed."""
    thanked = [each for each in played if each.stayed is not None]
    return [
        _line("first messages that open a case", played, [e.handed_over for e in played]),
        _line("cases that a person closed", played, [e.closed for e in played]),
        _line("thanks that open nothing", thanked, [bool(e.stayed) for e in thanked]),
        _line("new questions answered by the bot", played, [e.came_back for e in played]),
        _line(
            "new questions without a second handoff",
            played,
            [not e.handed_over_again for e in played],
        ),
    ]


def _line(name: str, played: Sequence[Played], hits: Sequence[bool]) -> Line:
    shown = [str(each) for each, hit in zip(played, hits, strict=True) if not hit]
    return Line(name, tuple(hits), tuple(shown))


@asynccontextmanager
async def opened(
    config: Config, bundle: Bundle, url: str
) -> AsyncIterator[tuple[DeskPlatform, Database]]:
    """Run the service over a database."""
    platform = DeskPlatform("slack")
    opening = open_service(
        config, {}, adapters=[platform], database_url=url, bundle=bundle, public=True
    )
    async with opening as service, await open_database(url) as database:
        running = asyncio.create_task(service.run())
        try:
            yield platform, database
        finally:
            service.stop()
            await running


async def play(entry: Entry, platform: DeskPlatform, database: Database) -> Played:
    """Play a conversation from its first message to the new question."""
    scene = _Scene(entry["id"], platform, database)
    first = [entry["asks"]] if isinstance(entry["asks"], str) else entry["asks"]
    asked = Reply()
    for text in first:
        asked = await scene.writes(text)
    case, thread = await scene.case()
    if case:
        await scene.acts("claim", case, thread)
        for text in entry["agent"]:
            await scene.sends(text, thread)
        await scene.acts("close", case, thread, entry["closing"] or "")
    closed = await scene.owner() is Owner.CLOSED
    stayed = None
    if entry["thanks"]:
        await scene.writes(entry["thanks"])
        stayed = await scene.owner() is Owner.CLOSED
    reply = await scene.writes(entry["new"])
    left = (await scene.case())[0]
    return Played(entry, asked, bool(case), closed, stayed, reply, await scene.owner(), bool(left))


async def many_at_once(config: Config, bundle: Bundle, url: str) -> int:
    """Ask for a person many times at once, with a restart amid; return how many cases there are."""
    async with opened(config, bundle, url) as (platform, database):
        scene = _Scene("rush", platform, database)
        rush = [
            asyncio.create_task(scene.writes(f"I want to talk to a person, it is urgent {number}"))
            for number in range(AT_ONCE)
        ]
        taken_in = select(func.count()).select_from(accepted)
        while (await database.query(lambda it: it.scalar(taken_in)) or 0) < AT_ONCE:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    for each in rush:  # they wait for answers that the next process gives
        each.cancel()
    await asyncio.wait(rush)
    async with opened(config, bundle, url) as (platform, database):
        await _Scene("rush", platform, database, number=AT_ONCE).writes("is anybody there?")
        every = select(cases.c.id).where(cases.c.kind.in_(ON_PEOPLE))
        return len(await database.query(lambda it: it.execute(every).all()))


class _Scene:
    """A customer's direct messages, and the case that comes of them."""

    def __init__(
        self, name: str, platform: DeskPlatform, database: Database, *, number: int = 0
    ) -> None:
        self._name = name
        self._platform = platform
        self._database = database
        self._number = number
        self._place = f"slack:A1:D{name}"

    async def writes(self, text: str) -> Reply:
        """Let the customer write; return what came of it."""
        author = Author(f"slack:T1:U{self._name}", self._name)
        message = self._message(self._place, author, text, readers=Readers.AUTHOR)
        return (await self._platform.send(Received(message))).reply()

    async def sends(self, text: str, thread: str) -> None:
        """Let the colleague send a line from the case thread."""
        message = self._message(thread, AGENT, f"!send {text}", addressing=Addressing.THREAD)
        await self._platform.send(Received(message))

    async def acts(self, act: CaseAct, case: int, thread: str, text: str = "") -> None:
        """Let the colleague act on the case."""
        message = self._message(thread, AGENT, text, addressing=Addressing.EPHEMERAL)
        await self._platform.send(Acted(message, act, case))

    async def case(self) -> tuple[int, str]:
        """Return the open case and its thread; 0: none is open."""
        here = (cases.c.conversation == self._place) & cases.c.closed_at.is_(None)
        query = select(cases.c.id, cases.c.thread).where(here, cases.c.kind.in_(ON_PEOPLE))
        row = await self._database.query(lambda it: it.execute(query).one_or_none())
        return (row.id, row.thread) if row is not None else (0, "")

    async def owner(self) -> Owner:
        """Return who has the conversation, once all that was said is recorded."""
        waiting = select(events.c.id).where(events.c.conversation == self._place).limit(1)
        while await self._database.query(lambda it: it.scalar(waiting)) is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return (await self._database.query(lambda it: state_of(it, self._place))).owner

    def _message(self, place: str, author: Author, text: str, **values: Any) -> Message:  # noqa: ANN401
        self._number += 1
        channel = ":".join(place.split(":")[:3])
        identity = f"{channel}:{self._name}-{self._number}"
        return Message(identity, place, author, text, datetime.now(UTC), **values)
