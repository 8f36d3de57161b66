"""A desk in a place that people share: lines come in, and are decided about and recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.addressing import Addressees
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.config.staff import MembersConfig
from bot.errors import AdapterError
from bot.messages import Addressing, Author, Decision, DecisionKind, Done, Message, Part, Say
from bot.ports import Addressed, EarlierLine, EventOutcome
from bot.responder import Responder, Turn
from bot.staff.roster import Roster
from bot.stages.bot_limit import BotLimit
from bot.stages.pointed_question import PointedQuestion
from bot.stages.staff_lines import StaffLines
from bot.stages.when_to_speak import WhenToSpeak
from bot.storage import Database, StoredTranscripts
from bot.storage.channel_lines import StoredChannelLines
from bot.storage.conversation_states import StoredStates
from bot.storage.forms import StoredForms
from bot.storage.transcripts import record
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.support import MovableClock, received

ANN, BEN, BOSS = "ann", "ben", "boss"
ASKS, TALK, POINTS = Addressed(0.9, 0.1, 0.0), Addressed(0.1, 0.9, 0.0), Addressed(0.0, 0.1, 0.9)
NEUTRAL = Addressed(0.05, 0.1, 0.0)
SCRIPT = {
    "can I return boots?": ASKS,
    "and without a receipt?": ASKS,
    "is there parking?": Addressed(0.5, 0.4, 0.0),
    "still clumpy": Addressed(0.5, 0.45, 0.0),
    "how much is it?": ASKS,
    "are you going on saturday?": TALK,
    "lol": TALK,
    "can you answer this?": POINTS,
    "52017": NEUTRAL,
    "yes": NEUTRAL,
}


class Reader:
    """Reads what the script names as it says, and all else as neutral."""

    def __init__(self, script: Mapping[str, Addressed] = SCRIPT) -> None:
        self._script = script

    async def addressed(self, texts: Sequence[str], *, language: str) -> list[Addressed]:
        return [self._script.get(text, NEUTRAL) for text in texts] if self._script else []


@dataclass
class Platform:
    """Looks back at fixed lines, or cannot."""

    lines: tuple[EarlierLine, ...] = ()
    failure: Exception | None = None
    looked: int = 0

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        self.looked += 1
        if self.failure is not None:
            raise self.failure
        return self.lines


class Alerts:
    """Keeps what staff are alerted of."""

    def __init__(self) -> None:
        self.alerted: list[str] = []

    async def alert(self, kind: str, text: str) -> None:
        self.alerted.append(f"{kind} {text}")

    async def clear(self, kind: str) -> None:
        raise AdapterError(kind)


class Answering:
    """The stage behind: answers everything, as the test wants it."""

    said = "here you are"
    kind = DecisionKind.INTENT

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.turns: list[Turn] = []

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        self.asked.append(turn.text)
        self.turns.append(turn)
        yield Say(self.said)
        yield turn.decide(self.kind, "always")


class Place:
    """A thread, `test:app:one:root`, or a channel, `test:app:one`, and the desk in it."""

    def __init__(
        self, database: Database, script: Mapping[str, Addressed] = SCRIPT, staff: str = BOSS
    ) -> None:
        self.database, self.clock, self.platform = database, MovableClock(), Platform()
        self.answering, self.alerts, self.reader = Answering(), Alerts(), Reader(script)
        self.states, self.forms = StoredStates(database, self.clock), StoredForms(database)
        self.roster = Roster({"test": MembersConfig(users=frozenset({staff}))})
        channels, languages = StoredChannelLines(database), LanguageDetector({"en", "de"})
        self.responder = Responder(
            [
                StaffLines(database),
                WhenToSpeak(self.reader, languages, self.states, self.forms, channels, self.clock),
                BotLimit(channels, self.clock, self.alerts),
                PointedQuestion(self.reader, languages, {"test": self.platform}),
                self.answering,
            ],
            transcripts=StoredTranscripts(database),
            wording=BotWording(ResponderConfig(introduction=False), "en"),
            clock=self.clock,
            default_language="en",
        )
        self._number = 0

    async def hear(
        self,
        author: str,
        text: str,
        addressing: Addressing = Addressing.THREAD,
        *,
        to: Addressees | None = None,
        bot: bool = False,
        answer: str = "here you are",
    ) -> Decision:
        """Have a line decided about and recorded; return the decision."""
        self._number += 1
        self.clock.move(1)
        self.answering.said = answer
        in_thread = addressing in (Addressing.THREAD, Addressing.MENTION)
        key = "test:app:one:root" if in_thread else f"test:app:one:{self._number}"
        message = replace(
            received(self._number, text=text, addressing=addressing).message,
            conversation=key,
            author=Author(f"test:team:{author}", author.title(), "en", bot=bot),
            to=to or Addressees(),
        )
        event = self.roster.mark(replace(received(1), message=message))
        parts = [part async for part in self.responder.respond(event)]
        (decision,) = [part.decision for part in parts if isinstance(part, Done)]
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        outcome, now = EventOutcome(decision, said), self.clock.now()
        await self.database.write(lambda it: record(it, [(event, outcome)], now))
        return decision

    async def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(minutes=minutes).total_seconds())
