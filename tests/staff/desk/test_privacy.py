"""A customer who is forgotten leaves nothing in the case threads either; an export has it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select

from bot.storage.erasure import Person, erase, stored_of
from bot.storage.tables import audit, cases, conversations, messages, outbox, relays
from tests.staff.desk.conftest import ANN, BOB, DeskRoom


def _everything(connection: Connection) -> dict[str, str]:
    tables = (cases, conversations, messages, outbox, relays)
    return {table.name: str(connection.execute(select(table)).all()) for table in tables}


async def test_what_staff_wrote_about_a_customer_and_to_them_goes_and_is_exported(
    room: DeskRoom,
) -> None:
    case = await room.opened("Where is my walnut table?")
    for text in ("Ann with the walnut table again", "!send Your walnut table left today"):
        await room.desk.line(case, await room.written(case, text))
    await room.desk.reply(case, BOB, "The walnut is oiled.", cause="chat:app:CASES:form:1")
    await room.desk.to_staff(room.message("And the walnut chair?"))
    await room.delivered()

    exported = await room.database.query(partial(stored_of, person=Person(ANN.key)))
    assert sorted(row["text"] for row in exported["messages"]) == [
        "!send Your walnut table left today",
        "Ann with the walnut table again",
        "The walnut is oiled.",
        "Your walnut table left today",
    ]

    await room.database.write(partial(erase, person=Person(ANN.key)))
    left = await room.database.query(_everything)
    assert [name for name, rows in left.items() if "walnut" in rows or "U1" in rows] == []
    async with room.database.read() as connection:
        done = list(await connection.scalars(select(audit.c.action).order_by(audit.c.id)))
    assert done == ["case_note", "case_reply", "case_reply"]
