"""Staff speak in customers' threads without being answered, and ask in their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.config.staff import MembersConfig
from bot.conversations.transcript import TranscriptEntry
from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Done,
    Part,
    Readers,
    Received,
    Say,
)
from bot.ports import EventOutcome
from bot.responder import Responder, Turn
from bot.staff.pauses import Pauses
from bot.staff.roster import Roster
from bot.stages.staff_commands import StaffCommands
from bot.stages.staff_lines import StaffLines
from bot.storage.engine import Database, open_database
from bot.storage.transcripts import StoredTranscripts, record
from tests.delivery.support import received

ANN, BOSS, EVE = Author("test:team:ann"), Author("test:team:boss"), Author("test:team:eve")
THREAD, MENTION = Addressing.THREAD, Addressing.MENTION


class Answering:
    """Answers everything."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say("here you are")
        yield turn.decide(DecisionKind.INTENT, "always")


class Desk:
    """A responder over a database that records what it decides."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transcripts = StoredTranscripts(database)
        self.roster = Roster({"test": MembersConfig(users=frozenset({"boss", "eve"}))})
        wording = BotWording(ResponderConfig(), "en")
        self.responder = Responder(
            [
                StaffCommands(Pauses(database, SystemClock()), wording),
                StaffLines(database),
                Answering(),
            ],
            transcripts=self.transcripts,
            wording=wording,
            clock=SystemClock(),
            default_language="en",
        )
        self._number = 0

    async def hear(
        self,
        author: Author,
        text: str = "hello",
        *,
        addressing: Addressing = THREAD,
        readers: Readers = Readers.OTHERS,
    ) -> tuple[str, Decision]:
        self._number += 1
        message = received(self._number, text=text, addressing=addressing).message
        event = Received(replace(message, author=author, readers=readers))
        parts = [part async for part in self.responder.respond(self.roster.mark(event))]
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        (decision,) = [part.decision for part in parts if isinstance(part, Done)]
        outcome = EventOutcome(decision, said)
        await self.database.write(lambda it: record(it, [(event, outcome)], datetime.now(UTC)))
        return said, decision


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
        yield Desk(database)


@pytest.mark.parametrize("addressing", [THREAD, MENTION])
async def test_staff_are_not_answered_in_a_customers_thread(
    desk: Desk, addressing: Addressing
) -> None:
    await desk.hear(ANN, addressing=MENTION)
    said, decision = await desk.hear(BOSS, "I am looking into it", addressing=addressing)
    assert (said, decision.kind) == ("", DecisionKind.STAFF)
    turns = (await desk.transcripts.conversation("test:app:one", ANN)).turns
    assert ("staff", "I am looking into it") in [(turn.role, turn.text) for turn in turns]
    assert (await desk.hear(ANN, "thanks"))[0]


async def test_staff_are_answered_in_a_thread_of_their_own(desk: Desk) -> None:
    assert (await desk.hear(BOSS, addressing=MENTION))[0]
    assert (await desk.hear(BOSS))[0]
    assert (await desk.hear(EVE))[1].kind is DecisionKind.STAFF


async def test_staff_are_answered_in_direct_messages(desk: Desk) -> None:
    said, _ = await desk.hear(BOSS, addressing=Addressing.DIRECT, readers=Readers.AUTHOR)
    assert said


async def test_commands_of_staff_are_obeyed_in_a_customers_thread(desk: Desk) -> None:
    await desk.hear(ANN, addressing=MENTION)
    said, decision = await desk.hear(BOSS, "/frontdesk status", addressing=MENTION)
    assert (said, decision.kind) == ("I answer everywhere.", DecisionKind.COMMAND)


async def test_no_introduction_stands_before_the_answer_to_a_command(desk: Desk) -> None:
    said, _ = await desk.hear(BOSS, "/frontdesk status", addressing=Addressing.COMMAND)
    refused, _ = await desk.hear(ANN, "/frontdesk pause", addressing=Addressing.COMMAND)
    assert said == "I answer everywhere."
    assert refused.startswith("That is for staff")
    answered, _ = await desk.hear(ANN, addressing=MENTION)
    assert answered.startswith("Hi! I'm ")


async def test_a_command_makes_no_conversation_of_its_channel(desk: Desk) -> None:
    await desk.hear(BOSS, "/frontdesk status", addressing=Addressing.COMMAND)
    assert not await desk.transcripts.bot_participates("test:app:one")
    assert (await desk.transcripts.conversation("test:app:one", ANN)).turns == ()
    own = (await desk.transcripts.conversation("test:app:one", BOSS)).turns
    assert [(turn.text, turn.private) for turn in own] == [
        ("/frontdesk status", True),
        ("I answer everywhere.", True),
    ]
    assert all(isinstance(turn, TranscriptEntry) for turn in own)
