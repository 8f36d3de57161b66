"""What becomes of an edit or a deletion of a message that was handled: decided from what is stored.

- The author's edit of their last question, soon after it: the question is answered again, and the
  posts of the first answer are changed into the new one.
- Any other edit: the stored text follows. Where a person owns the conversation, or a form is open,
  the edit is a note for them.
- A deletion: the text leaves what is stored. The answer is taken back as long as it is young and
  nobody has written since; where the question had further lines, these are answered again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.conversations.attachments import with_attachments, without_attachments
from bot.delivery.bursts import merged
from bot.messages import (
    ASIDE,
    Addressing,
    DecisionKind,
    Deleted,
    Edited,
    Event,
    Message,
    Readers,
)
from bot.ports import (
    Adapter,
    CanWithdraw,
    Claim,
    Posting,
    StandingAnswer,
    StoredChange,
    StoredLine,
)

REWORDED_WITHIN = timedelta(seconds=60)
"""How soon after sending it an edit of the last question is answered."""

WITHDRAWN_WITHIN = timedelta(minutes=15)
"""How long an answer is taken back when its question is deleted."""

_ANSWERED = {str(kind) for kind in DecisionKind} - {
    str(kind) for kind in (*ASIDE, DecisionKind.STAFF)
}


@dataclass(frozen=True, slots=True)
class Ending:
    """An event that is answered by nothing.

    Attributes:
        change: What it changes in what is stored.
        taken_back: The message whose answer is deleted on the platform; None: none is.
    """

    change: StoredChange
    taken_back: Event | None = None


def resolve(claim: Claim) -> Claim | Ending:
    """Return what is to be done about a claimed event: answer it as this claim says, or end it."""
    event = claim.event
    if claim.withdrawn:
        return Ending(StoredChange(), event if claim.begun else None)
    if not isinstance(event, Edited | Deleted):
        return claim
    standing = claim.standing
    if standing is None:
        return Ending(StoredChange())
    if isinstance(event, Edited):
        return _edited(claim, event, standing)
    return _deleted(claim, event, standing)


def _edited(claim: Claim, event: Edited, standing: StandingAnswer) -> Claim | Ending:
    line = _line(standing, event.original)
    text = event.message.text
    late = line is not None and line.edited_at is not None and line.edited_at >= event.edited_at
    said = with_attachments(text, event.message.attachments)
    if line is None or late or said == line.text:
        return Ending(StoredChange())
    if standing.owned:
        return Ending(StoredChange(note=event.message))
    soon = event.edited_at - line.sent_at <= REWORDED_WITHIN
    went_on = standing.author_went_on or standing.staff_since
    if _asks_now(event, standing):
        soon = True
    if not soon or went_on or standing.kind not in _ANSWERED:
        return Ending(StoredChange({event.original: (said, event.edited_at)}))
    changed = replace(line, text=said, edited_at=event.edited_at)
    lines = [changed if each is line else each for each in standing.lines]
    return _again(claim, event.message, standing, lines, event.original)


def _asks_now(event: Edited, standing: StandingAnswer) -> bool:
    """Return whether an edit names the bot in a message that it has left unanswered."""
    named = event.message.addressing is Addressing.MENTION
    return named and standing.answered_at is None


def _deleted(claim: Claim, event: Deleted, standing: StandingAnswer) -> Claim | Ending:
    forgotten = StoredChange(forgotten=(event.original,))
    if standing.answered_at is None or standing.owned or standing.others_since:
        return Ending(forgotten)
    if event.message.sent_at - standing.answered_at > WITHDRAWN_WITHIN:
        return Ending(forgotten)
    lines = [each for each in standing.lines if each.id != event.original]
    if lines:
        return _again(claim, _place_of(event.message, standing), standing, lines, event.original)
    if not standing.posted:
        return Ending(forgotten)
    place = _place_of(event.message, standing)
    place = replace(place, id=standing.answer, sent_at=standing.lines[0].sent_at)
    taken_back = merged([place], place)
    return Ending(replace(forgotten, withdrawn=standing.answer), taken_back)


def _again(
    claim: Claim, place: Message, standing: StandingAnswer, lines: list[StoredLine], original: str
) -> Claim:
    """Return the claim to answer a question again, as it reads now.

    Args:
        claim: Of the change.
        place: Where the changed message stands, and what came with it.
        standing: What is stored.
        lines: The question, as its lines are to be stored.
        original: Id of the changed message.
    """
    said = tuple(
        replace(
            place,
            id=line.id,
            text=without_attachments(line.text),
            sent_at=line.sent_at,
            edited_at=line.edited_at,
            attachments=place.attachments if line.id == original else (),
        )
        for line in lines
    )
    lead = replace(said[-1], id=standing.answer, revision=standing.revision + 1)
    return replace(claim, event=merged(said, lead), covers=said)


def _place_of(message: Message, standing: StandingAnswer) -> Message:
    """Return where a message stood: a deletion need not tell all of it."""
    readers = standing.readers or message.readers
    direct = readers is Readers.AUTHOR
    return replace(
        message,
        conversation=standing.conversation,
        author=replace(message.author, key=standing.author),
        addressing=Addressing.DIRECT if direct else Addressing.THREAD,
        readers=readers,
    )


def _line(standing: StandingAnswer, message_id: str) -> StoredLine | None:
    return next((line for line in standing.lines if line.id == message_id), None)


async def withdraw(adapter: Adapter, posting: Posting) -> None:
    """Take back what was posted, where the platform can."""
    if isinstance(adapter, CanWithdraw):
        await adapter.withdraw(posting)
