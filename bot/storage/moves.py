"""Moves of a conversation from one owner to another, each with its entry in the transcript.

The entry has the role `move`. Where it ends a person's part (`summary` is not null), the bot's
memory of the conversation begins after it, with the summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, exists, select, update

from bot.ownership import ALLOWED_MOVES, ConversationState, Owner
from bot.storage.conversation_states import compare_and_set, hold_state, state_of
from bot.storage.dialect import insert
from bot.storage.forms import close_forms
from bot.storage.tables import conversations, messages

MOVE = "move"
"""Role of the entry in the transcript."""

_PERSONS = (Owner.WAITING, Owner.HUMAN)
_ENDED = (Owner.BOT, Owner.CLOSED)


def move(
    connection: Connection,
    key: str,
    owner: Owner,
    *,
    cause: str,
    at: datetime,
    assignee: str = "",
    team: str = "",
    summary: str = "",
    actor: str = "",
) -> ConversationState:
    """Move a conversation in the transaction of the cause; return its state then.

    Nobody else changes the state until the transaction ends. Where owner, assignee and team are
    these already, nothing is written.

    Args:
        connection: In that transaction.
        key: The conversation.
        owner: Who answers from now on.
        cause: Id of the event or of the act that moves it.
        at: When.
        assignee: Key of the member of staff, for a move to a person.
        team: The team that is asked, or that the person belongs to.
        summary: What the bot is to remember of a person's part that ends: the closing line.
        actor: Key of who did it; empty: the assignee.

    Raises:
        MoveNotAllowed: The table of moves has no such move.
    """
    hold_state(connection, key)
    before = state_of(connection, key)
    if (before.owner, before.assignee, before.team) == (owner, assignee, team):
        return before
    moved = before.moved(owner, assignee=assignee, team=team)
    return _store(connection, before, moved, _Entry(cause, at, actor or assignee, summary))


def store_state(
    connection: Connection, changed: ConversationState, *, cause: str, at: datetime, actor: str = ""
) -> ConversationState:
    """Store a state that was made from the stored one, with an entry where the owner changes.

    Raises:
        StateChanged: Storage has another version than the one it was made from.
    """
    hold_state(connection, changed.key)
    before = state_of(connection, changed.key)
    return _store(connection, before, changed, _Entry(cause, at, actor or changed.assignee))


def was_moved_by(connection: Connection, cause: str) -> bool:
    """Return whether an event or an act has moved a conversation."""
    entry = exists().where(messages.c.event == f"{MOVE}:{cause}", messages.c.role == MOVE)
    return bool(connection.scalar(select(entry)))


@dataclass(frozen=True, slots=True)
class EndOfHuman:
    """The entry that ended a person's part in a conversation.

    Attributes:
        id: Of its row: what was recorded later has a higher one.
        at: When it was made.
        summary: The closing line; may be empty.
        actor: Key of who ended it; may be empty.
    """

    id: int
    at: datetime
    summary: str
    actor: str

    def followed_by(self) -> ColumnElement[bool]:
        """Return the condition for what was recorded after it.

        A line of staff that was written before it belongs to the part that it ended.
        """
        staff_earlier = (messages.c.role == "staff") & (messages.c.at <= self.at)
        return (messages.c.id > self.id) & ~staff_earlier


def end_of_human(connection: Connection, key: str) -> EndOfHuman | None:
    """Return the latest end of a person's part in a conversation; None where there was none."""
    latest = (
        select(messages.c.id, messages.c.at, messages.c.summary, messages.c.author)
        .where(
            messages.c.conversation == key,
            messages.c.role == MOVE,
            messages.c.summary.is_not(None),
        )
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    row = connection.execute(latest).one_or_none()
    return None if row is None else EndOfHuman(*row)


def remembered_since(end: EndOfHuman | None) -> ColumnElement[bool]:
    """Return the condition for what the bot remembers of a conversation; moves are no lines."""
    said = messages.c.role != MOVE
    return said if end is None else said & end.followed_by()


def forget_summaries(
    connection: Connection, places: Sequence[str], before: datetime | None
) -> None:
    """Empty closing lines about a customer who is forgotten; drop moves that nothing is left of.

    Args:
        connection: In the transaction that erases.
        places: Conversations that the person took part in, a limited number.
        before: Only what is older; None: everything.
    """
    moves = messages.c.conversation.in_(places) & (messages.c.role == MOVE)
    if before is not None:
        moves &= messages.c.at <= before
    emptied = update(messages).where(moves, messages.c.summary.is_not(None))
    connection.execute(emptied.values(summary=""))
    other = messages.alias("other")
    alone = ~exists().where(other.c.conversation == messages.c.conversation, other.c.role != MOVE)
    connection.execute(delete(messages).where(moves, alone))


def leave_moves_of(
    connection: Connection, person: str, before: datetime | None, *, nobody: str
) -> None:
    """Let the moves of a member of staff who is forgotten remain, without them and their words.

    Without the end of their part the bot would remember what came before it.
    """
    theirs = (messages.c.author == person) & (messages.c.role == MOVE)
    if before is not None:
        theirs &= messages.c.at <= before
    connection.execute(
        update(messages)
        .where(theirs)
        .values(author=nobody, summary=case((messages.c.summary.is_not(None), ""), else_=None))
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an entry says beside the move itself."""

    cause: str
    at: datetime
    actor: str
    summary: str = ""


def _store(
    connection: Connection, before: ConversationState, changed: ConversationState, entry: _Entry
) -> ConversationState:
    stored = compare_and_set(connection, changed, at=entry.at)
    if (before.owner, before.assignee, before.team) != (
        stored.owner,
        stored.assignee,
        stored.team,
    ):
        if stored.owner is not Owner.BOT:
            close_forms(connection, stored.key)
        _record(connection, before, stored, entry)
    return stored


def _record(
    connection: Connection, before: ConversationState, after: ConversationState, entry: _Entry
) -> None:
    """Write the entry of a move; a second move of one cause has an id of its own."""
    place = {"key": after.key, "started_at": entry.at, "latest_at": entry.at, "spoken": False}
    connection.execute(insert(connection, conversations).values(**place).on_conflict_do_nothing())
    row = _row(before, after, entry)
    for event in (f"{MOVE}:{entry.cause}", f"{MOVE}:{entry.cause}#{after.version}"):
        new = insert(connection, messages).values(**row, event=event)
        done = connection.execute(new.on_conflict_do_nothing().returning(messages.c.id))
        if done.one_or_none() is not None:
            return


def _row(before: ConversationState, after: ConversationState, entry: _Entry) -> dict[str, Any]:
    ends = before.owner in _PERSONS and after.owner in _ENDED
    named = f" ({after.team})" if after.team else ""
    return {
        "conversation": after.key,
        "role": MOVE,
        "author": entry.actor,
        "text": f"{before.owner} -> {after.owner}{named}: {_why(before.owner, after.owner)}",
        "at": entry.at,
        "summary": entry.summary if ends or entry.summary else None,
    }


def _why(before: Owner, after: Owner) -> str:
    return ALLOWED_MOVES[before][after]
