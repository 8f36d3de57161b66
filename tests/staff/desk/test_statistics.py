"""A case that is worked at the desk is what statistics count."""

from __future__ import annotations

from datetime import timedelta

from bot.operations.analytics import Analysis, Courtesies, Period, analyse
from tests.staff.desk.conftest import BOB, CUSTOMERS, DeskRoom


async def _counted(room: DeskRoom) -> Analysis:
    now, day = room.clock.now(), timedelta(days=1)
    hours = {team.name: team.hours for team in room.teams}
    return await analyse(
        room.database,
        Period(now - day, now + day),
        courtesies=Courtesies(),
        hours_of=lambda team: hours[team],
    )


async def test_talk_among_staff_is_no_response_and_a_sent_line_is(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.line(case, await room.written(case, "who knows this order?"))
    talked = await _counted(room)
    await room.desk.reply(case, BOB, "It leaves today.", cause="chat:app:CASES:form:1")
    answered = await _counted(room)
    await room.desk.close(case, BOB)
    closed = await _counted(room)

    assert [each.key for each in closed.conversations] == [CUSTOMERS]
    assert closed.total.handoff.number == closed.cuts["team"]["default"].handoff.number == 1
    found = [
        (each.total.person_first_response.number, each.total.resolution.number)
        for each in (talked, answered, closed)
    ]
    assert found == [(0, 0), (1, 0), (1, 1)]
