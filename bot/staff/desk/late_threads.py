"""Begins the thread of a case that has none yet: a colleague took over, or no channel was there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.conversations.key import platform_of
from bot.messages import Message
from bot.staff.desk.files import CheckedFiles
from bot.staff.desk.names import CustomerTexts, Places
from bot.staff.desk.opening import CaseRequest, begin
from bot.staff.desk.results import Opening
from bot.staff.desk.summary import Customer
from bot.storage.case_acts import held_case
from bot.storage.case_threads import place_of_case


def begin_late_thread(
    connection: Connection,
    case: int,
    message: Message,
    customer: Customer,
    files: CheckedFiles,
    texts: CustomerTexts,
    places: Places,
    at: datetime,
) -> None:
    """Begin the thread of an open case with a customer's line, where it has none.

    Args:
        connection: In the transaction that carries the line.
        case: Number of the case.
        message: The line.
        customer: Who wrote it.
        files: That came with it.
        texts: What customers read.
        places: Tells the channel of the team that is asked.
        at: When.
    """
    row = held_case(connection, case)
    if row is None or place_of_case(connection, row):
        return
    team = texts.teams.named(row.team)
    place = places.channel_of(team, platform_of(message.id))
    if place:
        opening = Opening(row.trigger, team, row.note)
        begin(connection, CaseRequest(message, opening, customer, place, files, at), case, texts)
