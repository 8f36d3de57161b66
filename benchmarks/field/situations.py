"""Measures when the bot speaks in places that people share: written situations, played."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import SHOP, configured
from bot.addressing import Addressees
from bot.app.build import open_service
from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.instance import ScriptedPlatform
from bot.config.schema import Config, StaffConfig
from bot.config.staff import MembersConfig
from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Message,
    Readers,
    Received,
)
from bot.ports import EarlierLine, EventOutcome
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from bot.storage import Database, open_database
from bot.storage.transcripts import record

PLATFORMS = ("slack", "discord")
STAFF = ("staff_mia", "staff_joe")
BOT = "bot"
_MENTION = re.compile(r"@(\w+)[,:]?\s*")


def situations(part: str) -> Iterator[Line]:
    """Play every situation at the example shop; count who speaks where silence is right, and so on.

    The shop knows less than the situations suppose: a question in a channel that it recognises and
    is not sure of goes onto the list for staff, and is no missed one; it is counted by itself.
    """
    yield from asyncio.run(_measured(part))


@dataclass(frozen=True, slots=True)
class Played:
    """A situation with what came of its last line."""

    situation: Entry
    reply: Reply

    @property
    def spoke(self) -> bool:
        """The bot said something."""
        return not self.reply.is_silent

    @property
    def is_listed(self) -> bool:
        """The question was recognised, and is kept for staff."""
        decision = self.reply.decision
        return decision is not None and decision.kind is DecisionKind.UNANSWERED

    def __str__(self) -> str:
        """Render for whoever reads the list."""
        decision, last = self.reply.decision, self.situation["lines"][-1]
        why = " / ".join(decision.reasons) if decision else "not taken in"
        return f"{self.situation['platform']} {self.situation['place']}: {last['text']} [{why}]"


async def _measured(part: str) -> list[Line]:
    with TemporaryDirectory() as folder:
        config = configured(Path(folder), SHOP, None)
        await asyncio.to_thread(train_everything, config)
        return measures(await play(entries(part, "situations"), config, load_bundle(config)))


def measures(played: Sequence[Played]) -> list[Line]:
    """Return the lines that are printed."""
    silent = [each for each in played if each.situation["right"] == "silent"]
    answer = [each for each in played if each.situation["right"] == "answer"]
    about = [each for each in answer if "about" in each.situation]
    missed = [each for each in answer if not each.spoke and not each.is_listed]
    listed = [each for each in answer if each.is_listed]
    right = [each for each in about if _is_about(each)]
    return [
        _line(
            "false interjections, where silence is right", silent, [e for e in silent if e.spoke]
        ),
        _line("missed questions, where an answer is right", answer, missed),
        _line("recognised and kept for staff, since the shop is not sure", answer, listed),
        _line("asked about the right message", about, right, all_=True),
    ]


async def play(found: Sequence[Entry], config: Config, bundle: Bundle) -> list[Played]:
    """Play situations at a desk, each in a place of its own."""
    async with _desk(found, config, bundle) as (platforms, database):
        played = []
        for number, each in enumerate(found):
            scene = _Scene(each, number)
            await scene.prepare(database)
            platform = platforms[each["platform"]]
            platform.lines = scene.lines_before()
            event = scene.last()
            reply = (await platform.send(event)).reply() if event is not None else Reply()
            played.append(Played(each, reply))
        return played


class _Platform(ScriptedPlatform):
    """A scripted platform that can look back."""

    lines: Sequence[EarlierLine] = ()

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        """Return what stands before the last line, what it is likeliest about first."""
        if message.to.parent:
            return [each for each in self.lines if each.id == message.to.parent]
        in_thread = message.addressing is not Addressing.AMBIENT and ":root" in message.conversation
        return [*self.lines[:1], *self.lines[:0:-1]] if in_thread else [*self.lines[::-1]][:5]


@asynccontextmanager
async def _desk(
    found: Sequence[Entry], config: Config, bundle: Bundle
) -> AsyncIterator[tuple[dict[str, _Platform], Database]]:
    support = {f"C{n}": {"support": True} for n, each in enumerate(found) if _in_support(each)}
    team = MembersConfig(users=frozenset(STAFF))
    config = config.model_copy(
        update={
            "adapters": {name: {"channels": support} for name in PLATFORMS},
            "staff": StaffConfig(members=dict.fromkeys(PLATFORMS, team)),
        }
    )
    platforms = {name: _Platform(name) for name in PLATFORMS}
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.db"
        opening = open_service(
            config,
            {},
            adapters=list(platforms.values()),
            database_url=url,
            bundle=bundle,
            public=True,
        )
        async with opening as service, await open_database(url) as database:
            running = asyncio.create_task(service.run())
            try:
                yield platforms, database
            finally:
                service.stop()
                await running


class _Scene:
    """The messages of a situation, as an adapter would hand them in.

    Args:
        situation: As it stands in the list.
        number: Its number, which its place is named by.
    """

    def __init__(self, situation: Entry, number: int) -> None:
        self._situation = situation
        self._lines: Sequence[dict[str, Any]] = situation["lines"]
        self._channel = f"{situation['platform']}:A1:C{number}"
        self._now = datetime.now(UTC) - timedelta(minutes=1)

    async def prepare(self, database: Database) -> None:
        """Record what was said before the last line, with the answers that stand there."""
        heard = False
        for at, line in enumerate(self._lines[:-1]):
            message = self._message(at)
            if line["by"] == BOT or message is None:
                continue
            reply = self._answer_after(at)
            heard = heard or bool(reply) or self._situation["place"] in ("dm", "support")
            if heard and self._situation["place"] != "channel":
                await _record(database, Received(message), reply)

    def lines_before(self) -> list[EarlierLine]:
        """Return what people wrote before the last line, the oldest first."""
        return [
            EarlierLine(str(at + 1), line["text"], self._author(line["by"]).key)
            for at, line in enumerate(self._lines[:-1])
            if line["by"] != BOT
        ]

    def last(self) -> Received | None:
        """Return the event of the last line; None for a line of another bot."""
        message = self._message(len(self._lines) - 1)
        return None if message is None else Received(message)

    def _answer_after(self, at: int) -> str:
        """Return what the bot says right after a line."""
        said = []
        for line in self._lines[at + 1 :]:
            if line["by"] != BOT:
                break
            said.append(line["text"])
        return "\n\n".join(said)

    def _message(self, at: int) -> Message | None:
        line, place = self._lines[at], self._situation["place"]
        if line["by"].startswith("bot_"):
            return None
        author, own = self._author(line["by"]), f"{self._channel}:{at + 1}"
        shared = {"thread": f"{self._channel}:root", "dm": self._channel}
        names = _MENTION.findall(line["text"])
        text = _MENTION.sub(lambda it: "" if it[1] == BOT else it[0], line["text"]).strip()
        return Message(
            own,
            shared.get(place, own),
            author,
            text,
            self._now + timedelta(seconds=at),
            addressing=self._addressing(at, names),
            readers=Readers.AUTHOR if place == "dm" else Readers.OTHERS,
            to=self._addressees(line, names),
        )

    def _addressing(self, at: int, names: Sequence[str]) -> Addressing:
        place, parent = self._situation["place"], self._lines[at].get("reply_to")
        if place == "dm":
            return Addressing.DIRECT
        to_us = parent is not None and self._lines[parent - 1]["by"] == BOT
        if BOT in names or to_us:
            return Addressing.MENTION
        is_root = at == 0 or place != "thread"
        return Addressing.AMBIENT if is_root else Addressing.THREAD

    def _addressees(self, line: Entry, names: Sequence[str]) -> Addressees:
        people = tuple(self._author(name).key for name in names if name != BOT)
        parent = line.get("reply_to")
        if parent is None:
            return Addressees(people)
        replied_to = self._lines[parent - 1]["by"]
        to = "" if replied_to == BOT else self._author(replied_to).key
        return Addressees(people, to, str(parent))

    def _author(self, name: str) -> Author:
        return Author(f"{self._situation['platform']}:T1:{name}", name, staff=name in STAFF)


async def _record(database: Database, event: Received, reply: str) -> None:
    message = event.message
    kind = DecisionKind.INTENT if reply else DecisionKind.SILENT
    kind = DecisionKind.STAFF if message.author.staff else kind
    outcome = EventOutcome(Decision(f"d:{message.id}", message.id, kind), reply)
    now = datetime.now(UTC)
    await database.write(partial(record, answered=[(event, outcome)], at=now))


def _in_support(situation: Entry) -> bool:
    return situation["place"] == "support" or bool(situation.get("in_support"))


def _is_about(played: Played) -> bool:
    decision, number = played.reply.decision, played.situation["about"]
    return decision is not None and f"asks about the message {number}" in decision.reasons


def _line(
    name: str, among: Sequence[Played], hits: Sequence[Played], *, all_: bool = False
) -> Line:
    shown = [each for each in among if (each in hits) is not all_]
    return Line(name, tuple(each in hits for each in among), tuple(map(str, shown)))
