"""Edits and deletions of messages that were handled: what stands of them, and what is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, or_, select, update

from bot.conversations.attachments import with_attachments, without_attachments
from bot.messages import ASIDE, Message, Readers
from bot.ownership import Owner
from bot.ports import EventOutcome, StandingAnswer, StoredChange, StoredLine
from bot.storage.buttons import button_id
from bot.storage.conversation_states import state_of
from bot.storage.dialect import insert
from bot.storage.forms import form_of
from bot.storage.tables import (
    choices,
    conversations,
    dead_letters,
    decisions,
    messages,
    people,
    unanswered,
)

POSITIONS = 100
"""Positions that a button under an answer can have."""

_PEOPLES = messages.c.role.in_(("customer", "staff"))


def standing_of(connection: Connection, message_id: str) -> StandingAnswer | None:
    """Return what is stored of a message that was handled; None when nothing is.

    Of one that was given up only the text is, and nobody answered it.
    """
    found = _line(connection, message_id)
    if found is None:
        return _given_up(connection, message_id)
    answer = found.answered_by or found.event
    together = or_(messages.c.event == answer, messages.c.answered_by == answer)
    lines = connection.execute(
        select(messages).where(_PEOPLES, together).order_by(messages.c.id)
    ).all()
    said = (messages.c.event == answer) & (messages.c.role == "bot")
    bot = connection.execute(select(messages).where(said)).one_or_none()
    kind = connection.scalar(select(decisions.c.kind).where(decisions.c.message == answer))
    readers = select(conversations.c.readers).where(conversations.c.key == found.conversation)
    told = connection.scalar(readers)
    own = messages.c.author == found.author
    after = lines[-1].at
    return StandingAnswer(
        answer=answer,
        conversation=found.conversation,
        author=found.author,
        lines=tuple(StoredLine(row.event, row.text, row.at, row.edited_at) for row in lines),
        kind=kind or "",
        role=found.role,
        readers=Readers(told) if told else None,
        revision=max(row.revision for row in lines),
        posted=tuple(bot.posted or ()) if bot is not None else (),
        answered_at=bot.at if bot is not None else None,
        private=bool(bot is not None and bot.private) or kind in ASIDE,
        author_went_on=_spoke(connection, found.conversation, after, own),
        others_since=_spoke(connection, found.conversation, after),
        staff_since=_spoke(connection, found.conversation, after, messages.c.role == "staff"),
        owned=_is_owned(connection, found.conversation, found.author),
    )


def apply_change(connection: Connection, change: StoredChange) -> None:
    """Change what is stored; idempotent.

    Args:
        connection: In the transaction that finishes the edit or the deletion.
        change: What is changed.
    """
    for message_id, (text, edited_at) in sorted(change.texts.items()):
        said = update(messages).where(messages.c.event == message_id, _PEOPLES)
        connection.execute(said.values(text=text, edited_at=edited_at))
        _reword_letter(connection, message_id, text)
    for message_id in sorted(change.forgotten):
        _forget(connection, message_id)
    if change.withdrawn:
        _withdraw(connection, change.withdrawn)
    if change.note is not None:
        _keep_note(connection, change.note)


def record_again(
    connection: Connection, standing: StandingAnswer, lines: Sequence[Message], revision: int
) -> None:
    """Make room for the new answer to a question that its author has changed.

    The lines say what they say now, those that are gone leave; the earlier decision and the
    buttons of the earlier answer leave as well.

    Args:
        connection: In the transaction that records the new answer.
        standing: What was stored before.
        lines: The messages that the new answer covers.
        revision: Of the new answer.
    """
    left = {line.id: line for line in lines}
    stored = {line.id: line.text for line in standing.lines}
    texts = {
        line.id: (with_attachments(line.text, line.attachments), line.edited_at)
        for line in lines
        if line.text != without_attachments(stored[line.id])
    }
    gone = tuple(line.id for line in standing.lines if line.id not in left)
    apply_change(connection, StoredChange(texts, gone))
    kept = messages.c.event.in_(sorted(left)) & _PEOPLES
    connection.execute(update(messages).where(kept).values(revision=revision))
    connection.execute(delete(decisions).where(decisions.c.message == standing.answer))
    drop_buttons(connection, standing.answer, revision - 1)


def say_again(connection: Connection, answer: str, outcome: EventOutcome) -> None:
    """Let an answer that was made again say what it says now; of silence nothing is left."""
    said = (messages.c.event == answer) & (messages.c.role == "bot")
    if not outcome.reply:
        connection.execute(delete(messages).where(said))
        return
    now = update(messages).where(said).values(text=outcome.reply, private=outcome.private)
    connection.execute(now.values(posted=list(outcome.posted)))


def drop_buttons(connection: Connection, answer: str, revision: int) -> None:
    """Let the buttons of an answer that stands no more be pressed in vain."""
    ids = [button_id(answer, position, revision) for position in range(POSITIONS)]
    connection.execute(delete(choices).where(choices.c.id.in_(ids)))


def _line(connection: Connection, message_id: str) -> Row[Any] | None:
    query = select(messages).where(messages.c.event == message_id, _PEOPLES)
    return connection.execute(query).one_or_none()


def _given_up(connection: Connection, message_id: str) -> StandingAnswer | None:
    """Return what is stored of a message that was given up."""
    letter = select(dead_letters).where(dead_letters.c.id == message_id)
    row = connection.execute(letter).one_or_none()
    if row is None:
        return None
    message = row.payload["message"]
    sent_at = datetime.fromisoformat(message["sent_at"])
    line = StoredLine(message_id, message["text"], sent_at)
    return StandingAnswer(
        message_id, row.conversation, message["author"]["key"], (line,), author_went_on=True
    )


def _spoke(connection: Connection, conversation: str, after: datetime, who: Any = True) -> bool:  # noqa: ANN401
    """Return whether somebody wrote something in a conversation after a line, in the open.

    What was written before it can be handled after it: the time of writing counts.
    """
    later = exists().where(
        messages.c.conversation == conversation,
        messages.c.at > after,
        _PEOPLES,
        ~messages.c.private,
    )
    return bool(connection.scalar(select(later if who is True else later.where(who))))


def _is_owned(connection: Connection, conversation: str, author: str) -> bool:
    state = state_of(connection, conversation)
    form_open = form_of(connection, conversation, author) is not None
    return state.owner in (Owner.HUMAN, Owner.WAITING) or form_open


def _reword_letter(connection: Connection, message_id: str, text: str) -> None:
    """Change what a message says that was given up and is kept for staff."""
    letter = select(dead_letters.c.payload).where(dead_letters.c.id == message_id)
    payload = connection.scalar(letter)
    if payload is not None:
        message = {**payload["message"], "text": text}
        if not text:
            message["attachments"] = []
        changed = update(dead_letters).where(dead_letters.c.id == message_id)
        connection.execute(changed.values(payload={**payload, "message": message}))


def _forget(connection: Connection, message_id: str) -> None:
    """Let a message's text leave transcript, buttons and what was given up."""
    found = _line(connection, message_id)
    if found is not None:
        asked = {message_id, found.answered_by or message_id}
        connection.execute(delete(choices).where(choices.c.message.in_(sorted(asked))))
        connection.execute(delete(messages).where(messages.c.id == found.id))
    connection.execute(delete(unanswered).where(unanswered.c.event == message_id))
    _reword_letter(connection, message_id, "")


def _withdraw(connection: Connection, answer: str) -> None:
    """Let an answer leave the transcript; whoever was introduced by it is introduced again."""
    said = (messages.c.event == answer) & (messages.c.role == "bot")
    row = connection.execute(select(messages).where(said)).one_or_none()
    if row is None:
        return
    connection.execute(delete(messages).where(messages.c.id == row.id))
    met = update(people).where(people.c.key == row.author, people.c.introduced_at == row.at)
    connection.execute(met.values(introduced_at=None))


def _keep_note(connection: Connection, note: Message) -> None:
    """Keep what a customer changed, for the person who owns the conversation."""
    row = {
        "conversation": note.conversation,
        "event": note.id,
        "role": "customer",
        "author": note.author.key,
        "text": note.text,
        "private": False,
        "at": note.sent_at,
    }
    connection.execute(insert(connection, messages).values(**row).on_conflict_do_nothing())
