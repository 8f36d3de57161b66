"""A case without a thread gets one with the first line that needs it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlalchemy import func, select

from bot.config.staff import TeamConfig
from bot.delivery.takeovers import StoredTakeovers
from bot.messages import Addressing, Author, Received
from bot.stages.staff_commands import is_command
from bot.storage.tables import cases, outbox
from bot.storage.transcripts import record
from tests.delivery.support import outcome
from tests.staff.desk.conftest import DeskRoom, database, room, url

__all__ = ["database", "room", "url"]

MIA = Author("forum:G1:S9", "Mia", staff=True)


async def taken_over(room: DeskRoom) -> int:
    """A customer asked, and a colleague answered in the same place; return the case."""
    asked = Received(room.message("Where is order 48213?"))
    await room.database.write(
        partial(record, answered=[(asked, outcome(asked))], at=room.clock.now())
    )
    takeovers = StoredTakeovers(
        room.database,
        room.clock,
        team="default",
        is_staff=lambda person: person == MIA.key,
        is_command=is_command,
    )
    line = replace(room.message("Let me see.", author=MIA), addressing=Addressing.THREAD)
    assert await takeovers.take(Received(line))
    return await room.database.query(lambda it: it.execute(select(cases.c.id)).scalar_one())


async def threads(room: DeskRoom) -> int:
    """How many threads were begun."""
    begun = select(func.count()).where(outbox.c.kind == "thread")
    return await room.database.query(lambda it: it.scalar(begun)) or 0


async def test_the_first_line_after_a_take_over_begins_the_thread(room: DeskRoom) -> None:
    case = await taken_over(room)
    assert await threads(room) == 0

    first = room.message("It was order 48213.")
    assert await room.desk.to_staff(first)
    assert await room.desk.to_staff(first)
    assert await room.desk.to_staff(room.message("Are you there?"))
    await room.delivered()

    assert await threads(room) == 1
    (root,) = [each for each in room.chat.standing.values() if each.title]
    assert "a colleague answered in the customer's own thread" in root.text
    assert "It was order 48213." in root.text
    assert "Where is order 48213?" in root.text
    assert await room.inside(case) == ["**Ann Lee:** Are you there?"]


async def test_without_a_channel_no_thread_is_begun(room: DeskRoom) -> None:
    room.serve(default=TeamConfig())
    await taken_over(room)

    assert await room.desk.to_staff(room.message("Are you there?"))

    assert await threads(room) == 0
