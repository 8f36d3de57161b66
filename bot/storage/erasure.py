"""What a person has left in the database: found, handed out, erased.

`PERSONAL` and `IMPERSONAL` name every table between them; a test sees to that, so that a new
table cannot be forgotten here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Table,
    delete,
    exists,
    func,
    select,
    text,
    true,
    union,
    update,
)

from bot.storage.tables import (
    accepted,
    alerts,
    answers,
    audit,
    cases,
    choices,
    conversations,
    dead_letters,
    decisions,
    events,
    feedback,
    messages,
    pauses,
    people,
    spend,
    timers,
)

PERSONAL = (
    choices,
    accepted,
    feedback,
    cases,
    decisions,
    messages,
    events,
    dead_letters,
    timers,
    people,
)
"""Tables whose rows go with the person; those first that are found through the others."""

ANONYMISED = (spend,)
"""Tables whose rows stay without the person: sums must remain right."""

IMPERSONAL = (conversations, audit, pauses, alerts, answers)
"""Tables without customers' data; a conversation goes when nothing of it is left."""

NOBODY = "forgotten"
"""Stands where the key of a forgotten member of staff stood."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and how far back.

    Attributes:
        key: `platform:workspace:user_id`.
        before: Only what is older; None: everything.
    """

    key: str
    before: datetime | None = None

    def rows_of(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that picks the person's rows of a table."""
        columns = table.c
        if table in (choices, accepted):
            link = columns.message if table is choices else columns.event
            return link.in_(self.messages()) & self._old(table)
        return (_author(table) == self.key) & self._old(table)

    def messages(self) -> CompoundSelect[Any]:
        """Return the query for the ids of all that the person has written or pressed."""
        ids = (
            messages.c.event,
            decisions.c.message,
            events.c.id,
            dead_letters.c.id,
            cases.c.event,
            feedback.c.message,
        )
        return union(*(select(column).where(self.rows_of(column.table)) for column in ids))

    def _old(self, table: Table) -> ColumnElement[bool]:
        if self.before is None:
            return true()
        moment = _moment(table)
        return moment.is_(None) | (moment <= self.before)


def stored_of(connection: Connection, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a person, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in (people, *(each for each in PERSONAL if each is not people), *ANONYMISED):
        query = select(table).where(person.rows_of(table)).order_by(*table.primary_key)
        found[table.name] = [dict(row) for row in connection.execute(query).mappings()]
    return found


def count_of(connection: Connection, person: Person) -> dict[str, int]:
    """Return how many rows of a person there are, by table."""
    return {
        table.name: connection.scalar(
            select(func.count()).select_from(table).where(person.rows_of(table))
        )
        or 0
        for table in (*PERSONAL, *ANONYMISED)
    }


def erase(connection: Connection, person: Person) -> dict[str, int]:
    """Erase a person in the connection's transaction; return how many rows went, by table."""
    places = _conversations_of(connection, person)
    _end_jobs(connection, person)
    erased: dict[str, int] = {}
    for table in PERSONAL:
        erased[table.name] = connection.execute(delete(table).where(person.rows_of(table))).rowcount
    for table in ANONYMISED:
        anonymous = (
            update(table)
            .where(person.rows_of(table))
            .values(author="", message="", conversation="")
        )
        erased[table.name] = connection.execute(anonymous).rowcount
    erased[conversations.name] = drop_empty(connection, places)
    for table in (audit, pauses):
        connection.execute(update(table).where(table.c.actor == person.key).values(actor=NOBODY))
    return erased


def drop_empty(connection: Connection, places: Sequence[str]) -> int:
    """Remove those of some conversations that nothing is left of; return how many."""
    dropped = 0
    for start in range(0, len(places), _CHUNK):
        key = conversations.c.key
        gone = delete(conversations).where(
            key.in_(places[start : start + _CHUNK]),
            ~exists().where(messages.c.conversation == key),
            ~exists().where(decisions.c.conversation == key),
        )
        dropped += connection.execute(gone).rowcount
    return dropped


def people_in(connection: Connection) -> set[str]:
    """Return the keys of everybody whose data is stored."""
    keys: set[str] = set()
    for table in (
        people,
        messages,
        decisions,
        feedback,
        cases,
        spend,
        events,
        dead_letters,
        timers,
    ):
        keys.update(connection.scalars(select(_author(table)).distinct()))
    return keys - {""}


def _author(table: Table) -> ColumnElement[str]:
    """Return the column that says whose a row is."""
    if table in (events, dead_letters, timers):
        author: ColumnElement[str] = table.c.payload["message", "author", "key"].as_string()
        return author
    return table.c.key if table is people else table.c.author


def _moment(table: Table) -> ColumnElement[datetime]:
    """Return the column that says how old a row is."""
    names = ("at", "opened_at", "offered_at", "accepted_at", "introduced_at", "due_at")
    return next(table.c[name] for name in names if name in table.c)


def _conversations_of(connection: Connection, person: Person) -> Sequence[str]:
    """Return the conversations that a person took part in."""
    query = union(
        *(
            select(table.c.conversation).where(person.rows_of(table))
            for table in (messages, decisions)
        )
    )
    return connection.scalars(query).all()


def _end_jobs(connection: Connection, person: Person) -> None:
    """Remove the jobs of a person's waiting events: on PostgreSQL each event has one.

    A worker that is at one of them finds its claim lost and would leave the job as it is.
    """
    if connection.dialect.name != "postgresql":
        return
    numbers = connection.scalars(select(events.c.seq).where(person.rows_of(events))).all()
    connection.execute(
        text("DELETE FROM procrastinate_jobs WHERE (args ->> 'event')::bigint = ANY(:numbers)"),
        {"numbers": list(numbers)},
    )
