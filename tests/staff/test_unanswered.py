"""Questions that the bot was not sure of are read by staff once a day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app.background import running
from bot.config.sections import RetentionConfig
from bot.errors import ServiceUnavailable
from bot.operations.retention_job import limits
from bot.staff.unanswered import INTERVAL, MOST, UnansweredForStaff
from bot.storage import Database
from bot.storage.erasure import Person, erase, stored_of
from bot.storage.retention import prune
from bot.storage.tables import unanswered
from tests.delivery.support import START, MovableClock, received
from tests.staff.posters import Voice


class Room:
    """The job, the staff who read, and the time."""

    def __init__(self, database: Database, *refusals: Exception) -> None:
        self.clock, self.voice = MovableClock(), Voice(*refusals)
        self.questions = UnansweredForStaff(database, self.clock, {"test": (self.voice, "STAFF")})

    async def ask(self, number: int, text: str = "is it in stock?") -> None:
        await self.questions.keep(received(number, text=text).message, "en")

    async def pass_time(self, hours: float) -> None:
        """Let the job look as often as it would, and let it finish each time."""
        for _ in range(int(hours * 3600 / INTERVAL) + 1):
            await self._settled()
            self.clock.move(INTERVAL)
            await self._settled()

    async def _settled(self) -> None:
        async with asyncio.timeout(30):
            while not self.clock.sleeping:  # noqa: ASYNC110 - the condition is about a clock
                await asyncio.sleep(0.001)


async def test_staff_read_once_a_day_what_is_new(database: Database) -> None:
    room = Room(database)
    await room.ask(1, "mail me at maria@example.org, is it in stock?")
    async with running(room.questions):
        await room.pass_time(1)
        await room.ask(2, "and in green?")
        await room.pass_time(22)
        assert len(room.voice.announced) == 1
        await room.pass_time(2)
        await room.pass_time(30)
    (channel, first), (_, second) = room.voice.announced
    assert channel == "STAFF"
    assert "not sure: 1**" in first
    assert "> mail me at [EMAIL_1], is it in stock?" in first
    assert "> and in green?" in second
    assert "EMAIL" not in second


async def test_with_nothing_new_nothing_is_said(database: Database) -> None:
    room = Room(database)
    async with running(room.questions):
        await room.pass_time(30)
    assert room.voice.announced == []


async def test_a_post_that_fails_is_made_at_the_next_look(database: Database) -> None:
    room = Room(database, ServiceUnavailable("away"))
    await room.ask(1)
    async with running(room.questions):
        await room.pass_time(1)
    assert len(room.voice.announced) == 1


async def test_of_very_many_the_number_is_told(database: Database) -> None:
    room = Room(database)
    for number in range(MOST + 2):
        await room.ask(number)
    async with running(room.questions):
        await room.pass_time(0.5)
    ((_, told),) = room.voice.announced
    assert f"not sure: {MOST + 2}**" in told
    assert told.endswith("... and 2 more.")


async def test_a_question_is_kept_once(database: Database) -> None:
    room = Room(database)
    await room.ask(1)
    await room.ask(1)
    count, _ = await room.questions._questions.untold("test", limit=9)
    assert count == 1


@pytest.mark.parametrize(("days", "left"), [(6, 1), (8, 0)])
async def test_questions_are_deleted_after_a_week(database: Database, days: int, left: int) -> None:
    await Room(database).ask(1)
    await prune(database, limits(RetentionConfig(), START + timedelta(days=days)))
    rows = await database.query(lambda it: it.execute(select(unanswered)).all())
    assert len(rows) == left


async def test_a_person_finds_and_takes_their_questions_along(database: Database) -> None:
    room = Room(database)
    await room.ask(1)
    bob = replace(received(2).message.author, key="test:team:bob")
    await room.questions.keep(replace(received(2).message, author=bob), "en")
    ann = Person("test:team:ann")
    found = await database.query(lambda it: stored_of(it, ann))
    assert [row["text"] for row in found["unanswered"]] == ["is it in stock?"]
    erased = await database.write(lambda it: erase(it, ann))
    assert erased["unanswered"] == 1
    rows = await database.query(lambda it: it.execute(select(unanswered.c.author)).all())
    assert [row.author for row in rows] == ["test:team:bob"]
