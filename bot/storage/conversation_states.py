"""Stored states of conversations; every change is a compare-and-set."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Row, func, select, update

from bot.errors import StateChanged
from bot.ownership import ConversationState, Owner
from bot.ports import Clock
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import conversation_states


class StoredStates:
    """The `ConversationStates` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def state(self, key: str) -> ConversationState:
        """Return the state of a conversation; one that was never changed belongs to the bot."""
        return await self._database.query(partial(state_of, key=key))

    async def change(self, changed: ConversationState) -> ConversationState:
        """Store a state that was made from the stored one; return it with its new version.

        Raises:
            StateChanged: Storage has another version than the one it was made from.
        """
        now = self._clock.now()
        return await self._database.write(partial(compare_and_set, changed=changed, at=now))


def state_of(connection: Connection, key: str) -> ConversationState:
    """Return the state of a conversation, inside a transaction."""
    query = select(conversation_states).where(conversation_states.c.conversation == key)
    row = connection.execute(query).one_or_none()
    return ConversationState(key) if row is None else _state(row)


def hold_state(connection: Connection, key: str) -> None:
    """Let nobody else change a conversation's state until the transaction ends.

    On SQLite a transaction that writes excludes all others by itself.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtext("conversation state"), func.hashtext(key))
        connection.execute(select(lock))


def compare_and_set(
    connection: Connection, changed: ConversationState, *, at: datetime
) -> ConversationState:
    """Store a state in the transaction of its cause; see `StoredStates.change`.

    Raises:
        StateChanged: Another change came first.
    """
    hold_state(connection, changed.key)
    table = conversation_states
    values = {
        "owner": str(changed.owner),
        "assignee": changed.assignee,
        "team": changed.team,
        "version": changed.version + 1,
        "changed_at": at,
    }
    if changed.version == 0:
        fresh = insert(connection, table).values(conversation=changed.key, **values)
        first = fresh.on_conflict_do_nothing().returning(table.c.version)
        stored = connection.execute(first).scalar_one_or_none()
    else:
        expected = (table.c.conversation == changed.key) & (table.c.version == changed.version)
        newer = update(table).where(expected).values(values).returning(table.c.version)
        stored = connection.execute(newer).scalar_one_or_none()
    if stored is None:
        raise StateChanged(f"{changed.key} has changed since version {changed.version}")
    return state_of(connection, changed.key)


def _state(row: Row[tuple[object, ...]]) -> ConversationState:
    return ConversationState(
        row.conversation,
        Owner(row.owner),
        row.assignee,
        row.team,
        row.version,
    )
