"""What has waited too long gets one apology a conversation, and staff a list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.messages import Addressing, Author, DecisionKind, Done, Part, Received, Say
from bot.responder import Responder, Turn
from bot.stages.gates import StaleGate
from bot.storage import Database, StoredTranscripts
from bot.storage.cases import Cases
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.support import MovableClock, received

HOUR = timedelta(hours=1)


class Answering:
    """The stage behind: answers everything."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say("an answer")
        yield turn.decide(DecisionKind.INTENT, "whatever it is")


class Desk:
    """A responder with the stage, and a clock to move."""

    def __init__(self, database: Database) -> None:
        self.clock = MovableClock()
        self.cases = Cases(database, self.clock)
        wording = BotWording(ResponderConfig(introduction=False, contact="help@shop.example"), "en")
        languages = LanguageDetector({"en", "de", "zh"})
        self._responder = Responder(
            [StaleGate(HOUR, self.cases, languages, wording, self.clock), Answering()],
            transcripts=StoredTranscripts(database),
            wording=wording,
            clock=self.clock,
            default_language="en",
        )

    async def say(self, event: Received) -> tuple[str, DecisionKind]:
        parts = [part async for part in self._responder.respond(event)]
        last = parts[-1]
        assert isinstance(last, Done)
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        return said, last.decision.kind


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_message_that_is_not_old_is_answered(desk: Desk) -> None:
    desk.clock.move(3599)
    assert await desk.say(received(0)) == ("an answer", DecisionKind.INTENT)
    assert await desk.cases.listed() == []


async def test_a_moment_that_no_message_can_be_late_by_is_a_wrong_clock(desk: Desk) -> None:
    desk.clock.move(3 * 365 * 24 * 3600)
    assert await desk.say(received(0)) == ("an answer", DecisionKind.INTENT)


async def test_old_message_gets_an_apology_with_the_way_to_a_human_and_a_case(desk: Desk) -> None:
    desk.clock.move(2 * 3600)
    said, kind = await desk.say(received(0))
    assert kind is DecisionKind.STALE
    assert said.startswith("Sorry")
    assert "help@shop.example" in said
    (case,) = await desk.cases.listed()
    assert (case.kind, case.conversation) == ("stale", "test:app:one")
    assert "120 minutes" in case.note


async def test_apology_comes_once_a_conversation_and_every_message_is_listed(desk: Desk) -> None:
    desk.clock.move(2 * 3600)
    first = [(await desk.say(received(number)))[0] for number in range(3)]
    other = (await desk.say(received(0, "test:app:two")))[0]
    assert [bool(said) for said in (*first, other)] == [True, False, False, True]
    assert await desk.cases.count("stale") == 4


async def test_apology_that_was_interrupted_is_made_again(desk: Desk) -> None:
    desk.clock.move(2 * 3600)
    assert await desk.say(received(0)) == await desk.say(received(0))
    assert await desk.cases.count("stale") == 1


async def test_next_downtime_has_an_apology_of_its_own(desk: Desk) -> None:
    desk.clock.move(2 * 3600)
    await desk.say(received(0))
    desk.clock.move(24 * 3600)
    assert (await desk.say(received(1)))[0]


@pytest.mark.parametrize(
    ("addressing", "told"),
    [(Addressing.DIRECT, True), (Addressing.MENTION, True), (Addressing.THREAD, False)],
)
async def test_only_who_spoke_to_the_bot_itself_is_told(
    desk: Desk, addressing: Addressing, told: bool
) -> None:
    desk.clock.move(2 * 3600)
    said, kind = await desk.say(received(0, addressing=addressing))
    assert (bool(said), kind) == (told, DecisionKind.STALE)
    assert await desk.cases.count("stale") == 1


async def test_apology_is_in_the_language_of_the_message(desk: Desk) -> None:
    desk.clock.move(2 * 3600)
    event = received(0, text="Wo bleibt denn meine Bestellung von letzter Woche?")
    german = replace(event, message=replace(event.message, author=Author("test:team:eva")))
    assert (await desk.say(german))[0].startswith("Entschuldigung")
