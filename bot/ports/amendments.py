"""Messages that their authors edited or deleted: what stands of them, what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.messages import Event, Message, Readers


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A message of a customer, as the transcript has it.

    Attributes:
        sent_at: UTC, aware.
        edited_at: When its author last changed it; None: never.
    """

    id: str
    text: str
    sent_at: datetime
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """What is stored of a message that was edited or deleted after it was handled.

    Attributes:
        answer: Id that the answer has: of the message, or of the last of those answered with it.
        conversation: The key of the conversation.
        author: Key of who wrote the message.
        lines: The messages that the answer covers, the oldest first.
        kind: What was decided, as in `DecisionKind`; empty when nobody knows any more.
        role: Whose line it is: `customer` or `staff`.
        readers: Who can read the conversation; None: the platform never told.
        revision: How often the answer was made again.
        posted: The platform's ids of what the answer stands in.
        answered_at: When it was answered; None: in silence.
        private: The answer, or a part of it, is for the author alone.
        author_went_on: The author wrote, or pressed, something later in the conversation.
        others_since: Anybody wrote something later, or a member of staff did.
        staff_since: A member of staff wrote something later.
        owned: A person owns the conversation or was asked to, or a form of the author is open.
    """

    answer: str
    conversation: str
    author: str
    lines: tuple[StoredLine, ...]
    kind: str = ""
    role: str = "customer"
    readers: Readers | None = None
    revision: int = 0
    posted: tuple[str, ...] = ()
    answered_at: datetime | None = None
    private: bool = False
    author_went_on: bool = False
    others_since: bool = False
    staff_since: bool = False
    owned: bool = False


@dataclass(frozen=True, slots=True)
class StoredChange:
    """What an edit or a deletion changes in what is stored.

    Attributes:
        texts: What messages say now, by id, and since when; None: as long as before.
        forgotten: Ids of messages whose text leaves everything that is kept.
        withdrawn: Id that the answer has which was taken back; empty: none was.
        note: Kept as a further line of its author; None: nothing is.
    """

    texts: Mapping[str, tuple[str, datetime | None]] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()
    withdrawn: str = ""
    note: Message | None = None


class FollowsChanges(Protocol):
    """Lets what was made of a message elsewhere follow its edit or its deletion; idempotent."""

    async def __call__(self, event: Event, *, withdrawn: bool = False) -> None:
        """Follow a change.

        Args:
            event: The edit or deletion; or a message that was deleted while it was handled.
            withdrawn: It is such a message.
        """
        ...
