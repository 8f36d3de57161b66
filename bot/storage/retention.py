"""Deletes old data in small batches, so that other writers do not wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    delete,
    exists,
    select,
    true,
)

from bot.storage.engine import Database
from bot.storage.erasure import drop_empty
from bot.storage.outbox import OPEN
from bot.storage.tables import (
    accepted,
    action_calls,
    answers,
    audit,
    cases,
    choices,
    codes,
    dead_letters,
    decisions,
    events,
    feedback,
    forms,
    messages,
    notices,
    outbox,
    people,
    proofs,
    relays,
    spend,
    surveys,
    unanswered,
    wishes,
)

BATCH = 200
"""Rows deleted per transaction: takes SQLite's only writer 10 to 20 ms."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of data with a retention period.

    Attributes:
        moment: Column with the time of a row; indexed in large tables.
        spared: Rows that are kept regardless of age.
    """

    table: Table
    moment: ColumnElement[datetime]
    spared: ColumnElement[bool] | None = None

    def too_old(self, before: datetime) -> Select[Any]:
        """Return the query for the next rows to delete, skipping rows locked by others."""
        (key,) = self.table.primary_key
        spared = true() if self.spared is None else ~self.spared
        query = select(key).where(self.moment < before, spared).order_by(self.moment)
        return query.limit(BATCH).with_for_update(skip_locked=True, of=self.table)


KINDS: Mapping[str, _Kind] = {
    "transcripts": _Kind(messages, messages.c.at),
    "choices": _Kind(choices, choices.c.offered_at),
    "decisions": _Kind(decisions, decisions.c.at),
    "feedback": _Kind(feedback, feedback.c.at),
    "cases": _Kind(cases, cases.c.opened_at),
    "relays": _Kind(relays, relays.c.at),
    "surveys": _Kind(surveys, surveys.c.asked_at),
    "notices": _Kind(notices, notices.c.queued_at),
    "unanswered": _Kind(unanswered, unanswered.c.asked_at),
    "forms": _Kind(forms, forms.c.expires_at),
    "actions": _Kind(
        action_calls,
        action_calls.c.planned_at,
        action_calls.c.state.in_(("sent", "unknown")),
    ),
    "codes": _Kind(codes, codes.c.sent_at),
    "proofs": _Kind(proofs, proofs.c.expires_at),
    "wishes": _Kind(wishes, wishes.c.changed_at),
    "spend": _Kind(spend, spend.c.at),
    "answers": _Kind(answers, answers.c.kept_at),
    "audit": _Kind(audit, audit.c.at),
    "outbox": _Kind(outbox, outbox.c.queued_at, outbox.c.state.in_(OPEN)),
    "dead_letters": _Kind(dead_letters, dead_letters.c.buried_at),
    # A message that still waits must not be accepted a second time.
    "dedupe": _Kind(accepted, accepted.c.at, exists().where(events.c.id == accepted.c.event)),
}
"""Kinds of data by name in config; `choices` are deleted with the transcripts, `relays` and
`notices` with the cases, `surveys` with the feedback."""


async def prune(database: Database, limits: Mapping[str, datetime]) -> dict[str, int]:
    """Delete rows older than their limit.

    Args:
        database: May be in use by others.
        limits: Time before which rows are deleted, by kind; kinds without a limit are kept.

    Returns:
        Number of deleted rows, by kind.

    Raises:
        StorageError: The database is unavailable; earlier batches stay deleted.
    """
    deleted: dict[str, int] = {}
    for name, before in limits.items():
        batch = partial(_delete, kind=KINDS[name], before=before)
        deleted[name] = last = await database.write(batch)
        while last == BATCH:
            last = await database.write(batch)
            deleted[name] += last
    return deleted


def _delete(connection: Connection, *, kind: _Kind, before: datetime) -> int:
    """Delete one batch and its dependent rows; return the size of the batch."""
    table = kind.table
    (key,) = table.primary_key
    gone = delete(table).where(key.in_(kind.too_old(before)))
    if table not in (messages, decisions):
        return connection.execute(gone).rowcount
    rows = connection.execute(gone.returning(table.c.conversation, table.c.author)).all()
    _tidy(connection, rows)
    return len(rows)


def _tidy(connection: Connection, rows: Sequence[Row[str, str]]) -> None:
    """Delete conversations without data, and people without messages."""
    drop_empty(connection, sorted({row.conversation for row in rows}))
    silent = delete(people).where(
        people.c.key.in_({row.author for row in rows}),
        ~exists().where(messages.c.author == people.c.key),
    )
    connection.execute(silent)
