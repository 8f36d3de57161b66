"""Pauses: channels where the bot does not answer; shared by all processes in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, delete, select

from bot.conversations.key import channel_of
from bot.ports import Clock
from bot.storage.audit import record_audit
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import pauses

EVERYWHERE = ""
"""The place of a pause for all channels."""

FRESH = 1.0
"""Seconds that pauses are cached: how late a pause may begin or end."""


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause.

    Attributes:
        place: `platform:app:channel`, or EVERYWHERE.
    """

    place: str
    since: datetime
    actor: str


class Pauses:
    """The pauses of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: frozenset[str] = frozenset()
        self._read_at: float | None = None

    async def pause(self, place: str, actor: str) -> bool:
        """Stop answering in a place; False when it is paused already."""
        return await self._database.write(
            partial(_pause, pause=Pause(place, self._clock.now(), actor))
        )

    async def resume(self, place: str | None, actor: str) -> list[str]:
        """Resume answering; return the places that were paused.

        Args:
            place: The place; None ends every pause.
            actor: Who did it, for the audit log.
        """
        return await self._database.write(
            partial(_resume, place=place, actor=actor, at=self._clock.now())
        )

    async def listed(self) -> list[Pause]:
        """Return all pauses, oldest first."""
        query = select(pauses.c.place, pauses.c.since, pauses.c.actor).order_by(pauses.c.since)
        async with self._database.read() as connection:
            return [Pause(*row) for row in await connection.execute(query)]

    async def hold(self, conversation: str) -> bool:
        """Return whether a conversation is paused; cached for `FRESH` seconds."""
        now = self._clock.monotonic()
        if self._read_at is None or now - self._read_at >= FRESH:
            self._known = frozenset(pause.place for pause in await self.listed())
            self._read_at = now
        return not self._known.isdisjoint({EVERYWHERE, channel_of(conversation)})


def _pause(connection: Connection, *, pause: Pause) -> bool:
    row = {"place": pause.place, "since": pause.since, "actor": pause.actor}
    fresh = insert(connection, pauses).values(**row).on_conflict_do_nothing()
    new = connection.execute(fresh.returning(pauses.c.place)).one_or_none() is not None
    if new:
        record_audit(
            connection, actor=pause.actor, action="pause", at=pause.since, subject=pause.place
        )
    return new


def _resume(connection: Connection, *, place: str | None, actor: str, at: datetime) -> list[str]:
    ended = delete(pauses).returning(pauses.c.place)
    if place is not None:
        ended = ended.where(pauses.c.place == place)
    places = sorted(connection.scalars(ended))
    for each in places:
        record_audit(connection, actor=actor, action="resume", at=at, subject=each)
    return places
