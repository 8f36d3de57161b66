"""What the take-overs are measured on: a desk, its workers, and a platform that keeps the time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from bot.answering.wording import BotWording
from bot.app.staff import build_takeovers
from bot.clock import SystemClock
from bot.config.schema import Config, ResponderConfig
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.conversations.key import ConversationKey, channel_of
from bot.delivery import Intake, OutboxWorker, Worker, open_inbox
from bot.delivery.outbox import StoredOutbox
from bot.delivery.postgres_inbox import PostgresInbox
from bot.messages import Attachment, Author, DecisionKind, Event, Message, Part, Say
from bot.ports import Accept, Addressed, Answer, OutgoingPost, Posting, ReservedPost
from bot.ports.takeovers import Takeovers
from bot.responder import Responder, Stage, Turn
from bot.staff.desk import ActResult, Desk
from bot.staff.roster import Roster
from bot.staff.teams import Team, Teams
from bot.stages.case_threads import CaseThreads
from bot.stages.handed_on import BesidePeople
from bot.stages.owned import CarryToStaff, LeaveToPerson
from bot.stages.staff_lines import StaffLines
from bot.storage import Database, StoredTranscripts, open_database
from bot.storage.cases import thread_of
from bot.storage.conversation_states import StoredStates
from bot.understanding.language.detector import LanguageDetector

AGENT = Author("field:T1:mia", "Mia")
STAFF = StaffConfig(
    members={"field": MembersConfig(users=frozenset({"mia"}))},
    teams={"default": TeamConfig(cases={"field": "CASES"})},
)
PIECES = ("It ", "left ", "on ", "Monday ", "and ", "is ", "on ", "its ", "way.")
PATIENCE = 120.0
"""Seconds that something may take on a busy machine."""

PAUSE = 0.01
"""Seconds between two pieces of a stream."""

NETWORK = (0.002, 0.06)
"""Seconds that the platform takes for a post or an edit, at least and at most."""


class Log:
    """When conversations were taken over, and when posts and edits were begun and made.

    Attributes:
        met_streams: Take-overs that met a stream of which something was shown.
        cases: The conversation of each case.
    """

    def __init__(self) -> None:
        self.met_streams = 0
        self.cases: dict[int, str] = {}
        self._stored: dict[str, float] = {}
        self._taken: dict[str, asyncio.Event] = {}
        self._shown: dict[str, asyncio.Event] = {}
        self._ended: set[str] = set()
        self._made: list[tuple[str, float, float]] = []

    @staticmethod
    def now() -> float:
        """The time, which all workers share."""
        return asyncio.get_running_loop().time()

    def stored(self, place: str) -> None:
        """A take-over was stored a moment ago."""
        self._stored.setdefault(place, self.now())
        self._taken.setdefault(place, asyncio.Event()).set()

    async def taken(self, place: str) -> None:
        """Wait until a conversation was taken over."""
        await asyncio.wait_for(self._taken.setdefault(place, asyncio.Event()).wait(), PATIENCE)

    def made(self, place: str, asked: float) -> None:
        """A post or an edit stands, whose reservation was asked for at a moment."""
        self._made.append((place, asked, self.now()))
        self._shown.setdefault(place, asyncio.Event()).set()

    def ended(self, place: str) -> None:
        """An answer has been posted to its end."""
        self._ended.add(place)
        self._shown.setdefault(place, asyncio.Event()).set()

    async def shown(self, place: str) -> None:
        """Wait until something of an answer is shown."""
        await asyncio.wait_for(self._shown.setdefault(place, asyncio.Event()).wait(), PATIENCE)

    def met(self, place: str) -> None:
        """A take-over is about to come; count it when it meets a stream."""
        self.met_streams += ":stream:" in place and place not in self._ended

    def begun_after(self) -> list[str]:
        """Return where something was begun after the take-over was stored."""
        return [place for place, asked, _ in self._made if asked > self._stored[place]]

    def under_way(self, place: str) -> int:
        """Return how much was made after the take-over that was begun before it."""
        stored = self._stored[place]
        return sum(asked <= stored < made for where, asked, made in self._made if where == place)


class TimedPlatform:
    """An `Adapter` that takes some milliseconds for each post, and keeps the time of all."""

    name = "field"

    def __init__(self, log: Log) -> None:
        self._log = log
        self._chance = random.Random(0)  # noqa: S311 - durations, no secrets
        self.reserved: dict[int, float] = {}

    async def run(self, accept: Accept) -> None:
        """Connect to nothing: events are handed in."""

    async def close(self) -> None:
        """Nothing is open."""

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        """Show nothing."""
        return nullcontext()

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post a reply: piece by piece as it comes, or in three posts once it is whole."""
        place = posting.event.message.conversation
        if channel_of(place).endswith(":stream"):
            async for part in parts:
                if isinstance(part, Say):
                    await self._make(posting, place, "post 1")
        else:
            said = [part async for part in parts if isinstance(part, Say)]
            for number in range(3 if said else 0):
                await self._make(posting, place, f"post {number}")
        self._log.ended(place)

    async def _make(self, posting: Posting, place: str, platform_id: str) -> None:
        asked = self._log.now()
        await posting.reserve()
        await asyncio.sleep(self._chance.uniform(*NETWORK))
        if ":stream:" in place or ":posts:" in place:
            self._log.made(place, asked)
        await posting.remember(platform_id)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post of the outbox; the bot's own to a customer is timed as well."""
        await asyncio.sleep(self._chance.uniform(*NETWORK))
        if _is_own(reserved):
            self._log.made(reserved.post.conversation, self.reserved[reserved.number])
        return f"{reserved.number}"

    def place(self, channel: str) -> ConversationKey:
        """Return the key of a channel."""
        return ConversationKey("field", "app", channel)

    async def name_of(self, person: str) -> str:
        """Return the name of a person."""
        return AGENT.name if person == AGENT.key else ""


def _is_own(reserved: ReservedPost) -> bool:
    post: OutgoingPost = reserved.post
    return not (reserved.relayed or post.case or post.case_buttons or post.kind == "mark")


class TimedOutbox(StoredOutbox):
    """Notes when each post was asked for."""

    platform: TimedPlatform
    log: Log

    async def reserve(self, adapters: Collection[str], limit: int) -> Sequence[ReservedPost]:
        """Mark posts as being made."""
        asked = self.log.now()
        found = await super().reserve(adapters, limit)
        self.platform.reserved.update((each.number, asked) for each in found)
        return found


class TimedDesk(Desk):
    """Notes when a conversation was taken over from its case."""

    log: Log

    async def claim(self, case: int, actor: Author, *, cause: str = "") -> ActResult:
        """Take a case."""
        done = await super().claim(case, actor, cause=cause)
        self.log.stored(self.log.cases[case])
        return done

    async def reply(
        self,
        case: int,
        actor: Author,
        text: str,
        *,
        cause: str,
        files: tuple[Attachment, ...] = (),
    ) -> ActResult:
        """Send a text."""
        done = await super().reply(case, actor, text, cause=cause, files=files)
        self.log.stored(self.log.cases[case])
        return done

    async def line(self, case: int, message: Message) -> ActResult | None:
        """Take a line of the case thread."""
        done = await super().line(case, message)
        self.log.stored(self.log.cases[case])
        return done


@dataclass(frozen=True, slots=True)
class TimedTakeovers:
    """Notes when a colleague's own line took a conversation over."""

    takeovers: Takeovers
    log: Log

    async def take(self, event: Event) -> bool:
        """Give a conversation to a colleague."""
        taken = await self.takeovers.take(event)
        if taken:
            self.log.stored(event.message.conversation)
        return taken


class Talking:
    """The stage that answers: piece by piece."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Say something to everything."""
        for piece in PIECES:
            yield Say(piece)
            await asyncio.sleep(PAUSE)
        yield turn.decide(DecisionKind.GENERATED, "always")


class NoAnswers:
    """No intents."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def why_not(self, intent: str) -> str:  # noqa: ARG002
        """Return nothing."""
        return ""

    def title(self, intent: str, *, language: str) -> str:  # noqa: ARG002
        """Return the name."""
        return intent


class NoHeads:
    """Reads nothing."""

    async def addressed(self, texts: Sequence[str], *, language: str) -> Sequence[Addressed]:  # noqa: ARG002
        """Return nothing."""
        return []


@dataclass(frozen=True, slots=True)
class Office:
    """One of the processes: what takes in, what works on cases."""

    database: Database
    intake: Intake
    desk: Desk
    team: Team

    async def thread(self, case: int) -> str:
        """Return the inside thread of a case."""
        return await self.database.query(lambda it: thread_of(it, case))


@asynccontextmanager
async def opened_office(url: str, log: Log) -> AsyncIterator[Office]:
    """Open a process's part: database, inbox, outbox, desk and workers."""
    clock, config = SystemClock(), Config(staff=STAFF)
    async with await open_database(url) as database, open_inbox(database, clock) as inbox:
        worker = (lambda: inbox.worker) if isinstance(inbox, PostgresInbox) else (lambda: 0)
        platform, posts = TimedPlatform(log), TimedOutbox(database, clock, worker=worker)
        posts.platform, posts.log = platform, log
        teams, roster = Teams(STAFF), Roster(STAFF.members)
        desk = TimedDesk(
            database,
            clock,
            adapters={"field": platform},
            teams=teams,
            roster=roster,
            wording=BotWording(ResponderConfig(), "en"),
            language="en",
            wake=posts.wake,
        )
        desk.log = log
        answering = Worker(
            inbox,
            _responder(database, desk),
            {"field": platform},
            concurrency=16,
            clock=clock,
            mark=roster.mark,
            outbox=posts,
            lines=desk,
        )
        delivering = OutboxWorker(posts, {"field": platform}, concurrency=16, clock=clock)
        takeovers = build_takeovers(config, [platform], database, clock, posts)
        intake = Intake(
            inbox,
            StoredTranscripts(database),
            mark=roster.mark,
            case_of_thread=desk.case_of_thread,
            takeovers=TimedTakeovers(takeovers, log),
        )
        running = [asyncio.create_task(each.run()) for each in (answering, delivering)]
        try:
            yield Office(database, intake, desk, teams.default)
        finally:
            await answering.stop()
            await delivering.stop()
            await asyncio.gather(*running)


def _responder(database: Database, desk: Desk) -> BesidePeople:
    """Return what answers: the stages that heed people, and one that talks."""
    clock, states = SystemClock(), StoredStates(database, SystemClock())
    stages: list[Stage] = [
        CaseThreads(desk),
        StaffLines(database),
        CarryToStaff(states, desk),
        LeaveToPerson(states, desk),
        Talking(),
    ]
    responder = Responder(
        stages,
        transcripts=StoredTranscripts(database),
        wording=BotWording(ResponderConfig(introduction=False), "en"),
        clock=clock,
        default_language="en",
    )
    return BesidePeople(
        responder, states, NoAnswers(), lambda _: True, NoHeads(), LanguageDetector({"en"})
    )
