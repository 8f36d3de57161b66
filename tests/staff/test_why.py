"""Staff ask why the bot answered a message, or was silent, and nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answering.wording import BUILT_IN, BotWording
from bot.config.schema import ResponderConfig
from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Done,
    Message,
    Received,
    Say,
    ScoredIntent,
    ScoredPassage,
    Visibility,
)
from bot.ports import EventOutcome
from bot.responder import Responder
from bot.staff.pauses import Pauses
from bot.stages.staff_commands import StaffCommands
from bot.storage import Database, StoredTranscripts
from bot.storage.stored_decisions import StoredDecisions
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock

BOSS, ANN = Author("test:team:boss", staff=True), Author("test:team:ann")
UNKNOWN = BUILT_IN["why_unknown"]["en"]


class Desk:
    """A desk that remembers decisions, and staff who ask."""

    def __init__(self, database: Database) -> None:
        self._database = database
        clock, wording = MovableClock(), BotWording(ResponderConfig(), "en")
        commands = StaffCommands(Pauses(database, clock), wording, StoredDecisions(database))
        self._responder = Responder(
            [commands],
            transcripts=StoredTranscripts(database),
            wording=wording,
            clock=clock,
            default_language="en",
        )

    async def decide(
        self, number: str, thread: str, kind: DecisionKind, reason: str, *, after: float = 0
    ) -> None:
        place = f"test:app:one:{thread}"
        message = Message(f"test:app:one:{number}", place, ANN, "hello", START)
        decision = Decision(
            f"d:{number}",
            message.id,
            kind,
            (ScoredIntent("returns", 0.91),),
            0.8,
            (ScoredPassage("rental.md#Price", 0.4),),
            "en",
            "m1",
            reasons=(reason,),
        )
        answered = [(Received(message), EventOutcome(decision, "" if after else "fine"))]
        at = START + timedelta(seconds=after)
        await self._database.write(lambda it: record(it, answered, at))

    async def why(
        self, reference: str = "", *, thread: str = "", author: Author = BOSS
    ) -> tuple[str, Visibility]:
        place = f"test:app:one:{thread}" if thread else "test:app:one"
        command = Message(
            "test:app:one:command:9",
            place,
            author,
            f"/frontdesk why {reference}",
            START,
            Addressing.COMMAND,
        )
        parts = [part async for part in self._responder.respond(Received(command))]
        (said,) = [part for part in parts if isinstance(part, Say)]
        (done,) = [part for part in parts if isinstance(part, Done)]
        assert done.decision.kind is DecisionKind.COMMAND
        return said.markdown, said.visibility


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = Desk(database)
    await desk.decide("A1", "t1", DecisionKind.INTENT, "the likeliest, a@example.org")
    await desk.decide("A2", "t2", DecisionKind.SILENT, "not for the bot", after=1)
    return desk


async def test_a_decision_is_explained_to_its_asker_alone(desk: Desk) -> None:
    said, visibility = await desk.why("A1")
    assert visibility is Visibility.PRIVATE
    assert said.splitlines() == [
        "**intent**, 2026-01-05 09:00 UTC",
        "- the likeliest, [EMAIL_1]",
        "- intents: `returns` 0.91; threshold 0.80",
        "- passages: `rental.md#Price` 0.40",
        "- language en, model m1",
    ]


@pytest.mark.parametrize("reference", ["A2", "one/A2", "one/A2 1767603601", ""])
async def test_a_silence_is_explained_by_its_message_or_as_the_latest(
    desk: Desk, reference: str
) -> None:
    said, _ = await desk.why(reference)
    assert said.startswith("**silent**")
    assert "- not for the bot" in said


async def test_in_a_thread_the_latest_decision_there_is_meant(desk: Desk) -> None:
    assert (await desk.why(thread="t1"))[0].startswith("**intent**")


async def test_a_post_of_the_bot_leads_to_what_it_answers(desk: Desk) -> None:
    posted = START.timestamp() - 1
    assert (await desk.why(f"one/POST {posted}"))[0].startswith("**intent**")
    assert (await desk.why(f"one/POST {posted}", thread="t2"))[0] == UNKNOWN


@pytest.mark.parametrize(
    "reference", ["A9", "one/A9 1767603601000", "two/A1", "a/b/c", "test:app:one:A1", "A9 soon"]
)
async def test_what_is_unknown_is_said_to_be(desk: Desk, reference: str) -> None:
    assert (await desk.why(reference))[0] == UNKNOWN


async def test_customers_are_refused(desk: Desk) -> None:
    said, visibility = await desk.why("A1", author=replace(ANN))
    assert said == BUILT_IN["staff_only"]["en"]
    assert visibility is Visibility.PRIVATE
