"""Finds, exports and erases a person's data in the database.

Every table must be listed in `_TRACES` or `IMPERSONAL`; a test fails for a table that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

from bot.storage.about_people import about_person
from bot.storage.moves import forget_summaries, leave_moves_of
from bot.storage.tables import (
    accepted,
    action_calls,
    alerts,
    answers,
    audit,
    cases,
    choices,
    codes,
    conversation_states,
    conversations,
    dead_letters,
    decisions,
    events,
    feedback,
    first_starts,
    forms,
    messages,
    notices,
    outbox,
    pauses,
    people,
    probes,
    proofs,
    relays,
    spend,
    surveys,
    timers,
    unanswered,
    wishes,
)


@dataclass(frozen=True, slots=True)
class _Trace:
    """How the rows of a table are linked to a person.

    Attributes:
        moment: Column with the time of a row.
        author: Column with the owner of a row; None: the author of the related message.
        message: Column with the id of the related message.
        cleared: Values that anonymise a row that must remain, so that sums stay correct and a
            conversation keeps its owner; empty: rows are deleted.
    """

    table: Table
    moment: ColumnElement[datetime]
    author: ColumnElement[str] | None
    message: ColumnElement[str] | None = None
    cleared: Mapping[str, Any] = field(default_factory=dict)


def _written(table: Table) -> ColumnElement[str]:
    """Return the author of the event in a row."""
    author: ColumnElement[str] = table.c.payload["message", "author", "key"].as_string()
    return author


_TRACES = (
    # Tables found through other tables come first.
    _Trace(choices, choices.c.offered_at, None, choices.c.message),
    _Trace(accepted, accepted.c.at, None, accepted.c.event),
    # its message is that of whoever asked, who may be somebody else
    _Trace(feedback, feedback.c.at, feedback.c.author),
    # what staff wrote about and to a person is found through their cases
    _Trace(messages, messages.c.at, messages.c.author, messages.c.event),
    _Trace(cases, cases.c.opened_at, cases.c.author, cases.c.event),
    _Trace(relays, relays.c.at, relays.c.customer, relays.c.source),
    _Trace(surveys, surveys.c.asked_at, surveys.c.author),
    _Trace(unanswered, unanswered.c.asked_at, unanswered.c.author, unanswered.c.event),
    _Trace(decisions, decisions.c.at, decisions.c.author, decisions.c.message),
    _Trace(events, events.c.accepted_at, _written(events), events.c.id),
    _Trace(dead_letters, dead_letters.c.accepted_at, _written(dead_letters), dead_letters.c.id),
    _Trace(outbox, outbox.c.queued_at, outbox.c.author, outbox.c.cause),
    _Trace(timers, timers.c.due_at, _written(timers)),
    _Trace(forms, forms.c.opened_at, forms.c.author),
    _Trace(action_calls, action_calls.c.planned_at, action_calls.c.author),
    _Trace(proofs, proofs.c.proved_at, proofs.c.author),
    _Trace(codes, codes.c.sent_at, codes.c.author),
    _Trace(wishes, wishes.c.changed_at, wishes.c.author),
    _Trace(people, people.c.introduced_at, people.c.key),
    _Trace(
        spend,
        spend.c.at,
        spend.c.author,
        cleared={"author": "", "message": "", "conversation": ""},
    ),
)
"""Every table with personal data: exported, erased and counted."""

_BY_TABLE = {trace.table: trace for trace in _TRACES}

PERSONAL = tuple(trace.table for trace in _TRACES if not trace.cleared)
"""Tables whose rows are deleted with the person."""

ANONYMISED = tuple(trace.table for trace in _TRACES if trace.cleared)
"""Tables whose rows remain, anonymised."""

IMPERSONAL = (
    conversations,
    conversation_states,
    audit,
    pauses,
    alerts,
    answers,
    first_starts,
    notices,
    probes,
)
"""Tables without customers' data; a conversation is deleted when nothing of it is left."""

_STAFF = (
    audit.c.actor,
    pauses.c.actor,
    conversation_states.c.assignee,
    cases.c.assignee,
    cases.c.closed_by,
    relays.c.author,
)
"""Columns that name a member of staff, whose rows remain."""

NOBODY = "forgotten"
"""Replaces the key of a forgotten member of staff."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Person:
    """A person, and optionally a time limit.

    Attributes:
        key: `platform:workspace:user_id`.
        before: Only data older than this; None: everything.
    """

    key: str
    before: datetime | None = None

    def rows_of(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that selects the person's rows of a table."""
        trace = _BY_TABLE[table]
        if trace.author is not None:
            theirs = trace.author == self.key
            if table is messages:
                theirs |= about_person(self.key)
        else:
            assert trace.message is not None  # noqa: S101 - one of the two is given
            theirs = trace.message.in_(self.messages())
        return theirs & self._old(trace.moment)

    def messages(self) -> CompoundSelect[Any]:
        """Return the query for the ids of all messages and presses of the person."""
        return union(
            *(
                select(trace.message).where(self.rows_of(trace.table))
                for trace in _TRACES
                if trace.author is not None and trace.message is not None
            )
        )

    def _old(self, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
        return true() if self.before is None else moment.is_(None) | (moment <= self.before)


def stored_of(connection: Connection, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a person, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in (people, *(each for each in PERSONAL if each is not people), *ANONYMISED):
        query = select(table).where(person.rows_of(table)).order_by(*table.primary_key)
        found[table.name] = [dict(row) for row in connection.execute(query).mappings()]
    return found


def count_of(connection: Connection, person: Person) -> dict[str, int]:
    """Return the number of rows of a person, by table."""
    return {
        table.name: connection.scalar(
            select(func.count()).select_from(table).where(person.rows_of(table))
        )
        or 0
        for table in (*PERSONAL, *ANONYMISED)
    }


def erase(connection: Connection, person: Person) -> dict[str, int]:
    """Erase a person within the transaction; return the number of erased rows, by table."""
    places = _conversations_of(connection, person)
    _end_jobs(connection, person)
    leave_moves_of(connection, person.key, person.before, nobody=NOBODY)
    erased: dict[str, int] = {}
    for table in PERSONAL:
        erased[table.name] = connection.execute(delete(table).where(person.rows_of(table))).rowcount
    for table in ANONYMISED:
        anonymous = update(table).where(person.rows_of(table)).values(_BY_TABLE[table].cleared)
        erased[table.name] = connection.execute(anonymous).rowcount
    for start in range(0, len(places), _CHUNK):
        forget_summaries(connection, places[start : start + _CHUNK], person.before)
    erased[conversations.name] = drop_empty(connection, places)
    for column in _STAFF:
        named = update(column.table).where(column == person.key)
        connection.execute(named.values({column.name: NOBODY}))
    return erased


def drop_empty(connection: Connection, places: Sequence[str]) -> int:
    """Delete the empty ones of some conversations; return how many."""
    dropped = 0
    for start in range(0, len(places), _CHUNK):
        key = conversations.c.key
        gone = delete(conversations).where(
            key.in_(places[start : start + _CHUNK]),
            ~exists().where(messages.c.conversation == key),
            ~exists().where(decisions.c.conversation == key),
        )
        dropped += connection.execute(gone).rowcount
        stateless = delete(conversation_states).where(
            conversation_states.c.conversation.in_(places[start : start + _CHUNK]),
            ~exists().where(key == conversation_states.c.conversation),
        )
        connection.execute(stateless)
    return dropped


def people_in(connection: Connection) -> set[str]:
    """Return the keys of all people with stored data."""
    keys: set[str] = set()
    for author in (trace.author for trace in _TRACES if trace.author is not None):
        keys.update(connection.scalars(select(author).distinct()))
    return keys - {""}


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
    """Delete the jobs of a person's waiting events: on PostgreSQL each event has one.

    A worker that is handling one finds its claim lost, and would not finish the job.
    """
    if connection.dialect.name != "postgresql":
        return
    numbers = connection.scalars(select(events.c.seq).where(person.rows_of(events))).all()
    connection.execute(
        text("DELETE FROM procrastinate_jobs WHERE (args ->> 'event')::bigint = ANY(:numbers)"),
        {"numbers": list(numbers)},
    )
