"""A desk whose clock a test moves, with what opens cases and what does what is due for them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, select, update

from bot.answering.wording import BotWording
from bot.app.calls import CaseTools
from bot.config.schema import Config, ResponderConfig
from bot.config.staff import StaffConfig
from bot.messages import Author, Message
from bot.ownership import ConversationState
from bot.ports import Adapter, HandoffRequest, HandoffStatus, Trigger
from bot.staff.alerts import StaffAlerts
from bot.staff.desk import Desk
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from bot.storage import Database
from bot.storage.conversation_states import compare_and_set, state_of
from bot.storage.tables import cases
from tests.staff.desk.conftest import CUSTOMERS, DeskRoom
from tests.staff.posters import Voice

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class MovedClock:
    """The time as a test sets it; what sleeps waits for a moment of real time."""

    def __init__(self) -> None:
        self.at = MONDAY

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.005))

    def move(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class CaseRoom(DeskRoom):
    """A room that config is read for, as `staff:` has it.

    Attributes:
        staff: The section.
        environment: Variables.
    """

    clock: Any = field(default_factory=MovedClock)
    staff: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.voice = Voice()
        self.open(**self.staff)

    def open(self, **staff: object) -> None:
        """Open, or open again, with a section."""
        given: dict[str, Any] = {"teams": {"default": {"cases": {"chat": "CASES"}}}, **staff}
        given.setdefault("members", {"chat": {"users": ["S1", "S2"]}})
        self.config = Config(
            staff=StaffConfig.model_validate(given),
            responder=ResponderConfig(contact="help@shop.example"),
        )
        self.restart()

    def restart(self) -> None:
        """Forget everything but the database."""
        super().serve(**self.config.staff.teams)
        self.teams = Teams(self.config.staff)
        wording = BotWording(self.config.responder, "en")
        adapters: dict[str, Adapter] = {"chat": self.chat, "forum": self.forum}
        self.desk = Desk(
            self.database,
            self.clock,
            adapters=adapters,
            teams=self.teams,
            roster=Roster(self.config.staff.members),
            wording=wording,
            language="en",
            wake=self.outbox.wake,
        )
        alerts = StaffAlerts(self.database, self.clock, {"chat": (self.voice, "ALERTS")})
        tools = CaseTools(
            self.config,
            self.environment,
            list(adapters.values()),
            self.database,
            self.clock,
            wording,
            self.desk,
            alerts,
        )
        self.requests, self.case_clock = tools.requests(), tools.case_clock()

    async def ask(
        self, text: str = "get me a human", trigger: Trigger = "asked", **values: object
    ) -> HandoffStatus:
        """Ask for a person and let what comes of it be stored, as the worker does."""
        given = values.pop("message", None)
        message = given if isinstance(given, Message) else self.asking(text)
        request = replace(HandoffRequest(text, trigger, language="en"), **values)  # type: ignore[arg-type]
        async with self.delivering():
            status = await self.requests.request(message, request)
        if status.state is not None:
            now = self.clock.now()
            await self.database.write(partial(compare_and_set, changed=status.state, at=now))
        return status

    def asking(self, text: str, place: str = CUSTOMERS, author: Author | None = None) -> Message:
        message = self.message(text) if author is None else self.message(text, author=author)
        return replace(message, conversation=place, sent_at=self.clock.now())

    async def look(self) -> None:
        """Do what is due, and deliver what comes of it; twice, since one step leads to another."""
        for _ in range(2):
            await self.case_clock.look()
            await self.delivered()

    async def case(self, number: int) -> Row[Any]:
        query = select(cases).where(cases.c.id == number)
        return await self.database.query(lambda connection: connection.execute(query).one())

    async def state(self, place: str = CUSTOMERS) -> ConversationState:
        return await self.database.query(partial(state_of, key=place))

    async def stamp(self, number: int, **moments: datetime) -> None:
        """Let a customer or staff have written at a moment."""
        change = update(cases).where(cases.c.id == number).values(**moments)
        await self.database.write(lambda connection: connection.execute(change).rowcount)

    @property
    def alerts(self) -> Sequence[str]:
        return [text for _, text in self.voice.announced]


def room_of(database: Database, **staff: object) -> CaseRoom:
    return CaseRoom(database, staff=staff)
