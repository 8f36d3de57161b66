"""What is done for a case when something is due, each in one transaction that looks again first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, select, update

from bot.conversations.key import platform_of
from bot.ownership import Owner
from bot.ports import OutgoingPost, Wording
from bot.staff.case_timers import Due, Timers, customer_waits, due
from bot.staff.desk.names import Places
from bot.staff.desk.opening import ask_team
from bot.staff.sentences import HandoffSentences
from bot.staff.teams import Team, Teams
from bot.storage.case_acts import Act, end, held_case
from bot.storage.case_threads import language_of, post_inside
from bot.storage.conversation_states import state_of
from bot.storage.moves import move
from bot.storage.notices import FAILED, SENT, StoredNotice, add_notices, states_of_step
from bot.storage.outbox import enqueue
from bot.storage.surveys import SILENCE
from bot.storage.tables import cases, outbox

ACTOR = "clock"
"""Who acts, in the audit and the transcript."""

UNCLAIMED = "Nobody has claimed this case in time."
IDLE = "Whoever had this case let the customer wait too long: it is free again."


@dataclass(frozen=True, slots=True)
class CaseSteps:
    """The steps of an instance.

    Attributes:
        teams: Of config.
        timers: After how long something is due.
        places: Channels of teams.
        sentences: What customers read of another team.
        wording: Their other texts.
        ways: Names of the ways to call staff outside the platforms.
        language: BCP 47 tag used where a customer's is unknown.
    """

    teams: Teams
    timers: Timers
    places: Places
    sentences: HandoffSentences
    wording: Wording
    ways: Collection[str]
    language: str

    def due(self, case: Row[Any], now: datetime) -> Due | None:
        """Return what is due for a case."""
        team = self.teams.named(case.team)
        return due(case, self.timers, team, self.teams.following(team), now)

    def take(self, connection: Connection, number: int, now: datetime) -> Due | None:
        """Do what is due for a case; None: nothing is, any more."""
        case = held_case(connection, number)
        if case is None or case.closed_at is not None:
            return None
        found = self.due(case, now)
        match found:
            case Due.UNCLAIMED:
                self._unclaimed(connection, case, now)
            case Due.OWNER_IDLE:
                self._idle(connection, case, now)
            case Due.SILENT:
                act = Act(SILENCE, f"{ACTOR}:{case.id}:close", now)
                end(connection, case.id, act, owner=Owner.CLOSED)
        return found

    def told(self, connection: Connection, number: int, now: datetime) -> bool:
        """Tell a customer that another team was asked, once it has been told; False: told before.

        Only then is it true.
        """
        case = held_case(connection, number)
        if case is None or case.closed_at or case.assignee or not case.told_at or not case.steps:
            return False
        owner = case.claimed_at is not None
        team, language = self.teams.named(case.team), self._language(connection, case)
        text = self.sentences.passed_on(team, language, now, owner=owner)
        return self._say(connection, case, text, f"{ACTOR}:{case.id}:{case.steps}", now)

    def noticed(
        self, connection: Connection, notice: StoredNotice, state: str, *, now: datetime
    ) -> None:
        """Tell a customer what has come of calling staff outside the platforms, once for a step."""
        case = held_case(connection, notice.case)
        if case is None or case.closed_at is not None or case.assignee:
            return
        states = states_of_step(connection, notice.case, notice.step)
        key = "nobody_reminded" if state == SENT else "nobody_left"
        if state == SENT or all(each == FAILED for each in states):
            text = self.wording.say(key, self._language(connection, case))
            cause = f"{ACTOR}:{case.id}:{notice.step}"
            self._say(connection, case, text, cause, now)

    def _unclaimed(self, connection: Connection, case: Row[Any], now: datetime) -> None:
        """Ask the next team; where there is none, call staff outside the platforms."""
        if self._ask_next(connection, case, now, UNCLAIMED, owner=False):
            return
        step = case.steps + 1
        change = update(cases).where(cases.c.id == case.id)
        connection.execute(change.values(steps=step, stepped_at=now, exhausted_at=now))
        if self.ways:
            add_notices(connection, case.id, step, self.ways, at=now)
        else:
            text = self.wording.say("nobody_left", self._language(connection, case))
            self._say(connection, case, text, f"{ACTOR}:{case.id}:{step}", now)

    def _idle(self, connection: Connection, case: Row[Any], now: datetime) -> None:
        """Free a case whose owner lets the customer wait; the next team, or the bot, goes on."""
        cause = f"{ACTOR}:{case.id}:idle:{int(now.timestamp())}"
        if not customer_waits(case):
            end(connection, case.id, Act(SILENCE, cause, now), owner=Owner.BOT)
        else:
            free = update(cases).where(cases.c.id == case.id)
            values = {"assignee": "", "stepped_at": now, "exhausted_at": None}
            connection.execute(free.values(**values))
            if self._ask_next(connection, case, now, IDLE, owner=True):
                return
            post_inside(connection, case, IDLE, cause=cause, at=now)
            if state_of(connection, case.conversation).owner is not Owner.BOT:
                move(connection, case.conversation, Owner.BOT, cause=cause, at=now, actor=ACTOR)
        text = self.wording.say("owner_gone", self._language(connection, case))
        self._say(connection, case, text, cause, now)

    def _ask_next(
        self, connection: Connection, case: Row[Any], now: datetime, reason: str, *, owner: bool
    ) -> bool:
        """Ask the next team that has a channel; False: there is none."""
        found = self._next(case)
        if found is None:
            return False
        team, place = found
        step = case.steps + 1
        ask_team(connection, case.id, team, place=place, reason=reason, at=now)
        values = {"steps": step, "stepped_at": now}
        if not owner:
            values["claimed_at"] = None
        connection.execute(update(cases).where(cases.c.id == case.id).values(**values))
        cause = f"{ACTOR}:{case.id}:{step}:move"
        move(
            connection,
            case.conversation,
            Owner.WAITING,
            cause=cause,
            at=now,
            team=team.name,
            actor=ACTOR,
        )
        return True

    def _next(self, case: Row[Any]) -> tuple[Team, str] | None:
        team = self.teams.following(self.teams.named(case.team))
        while team is not None:
            if place := self.places.channel_of(team, platform_of(case.conversation)):
                return team, place
            team = self.teams.following(team)
        return None

    def _language(self, connection: Connection, case: Row[Any]) -> str:
        return language_of(connection, case.conversation) or self.language

    def _say(
        self, connection: Connection, case: Row[Any], text: str, cause: str, now: datetime
    ) -> bool:
        """Post to a customer, once for a cause."""
        known = exists().where(outbox.c.cause == cause, outbox.c.case == 0)
        if connection.scalar(select(known)):
            return False
        enqueue(connection, [OutgoingPost(case.conversation, text, cause, case.author)], now=now)
        return True
