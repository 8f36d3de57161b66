"""Outgoing posts that are no direct answer: stored first, delivered in order, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.conversations.key import ConversationKey
from bot.messages import Attachment, Button, CaseAct, Readers, Visibility

PostKind = Literal["post", "thread", "edit", "delete", "mark"]
"""`thread` opens the thread of its case; `edit`, `delete` and `mark` change an earlier post of the
outbox, `mark` a line of staff as well."""

Mark = Literal["sent", "failed"]
"""What a mark on a line of staff says of it."""


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button for staff, under a post in a case thread or beside a line of their own.

    Attributes:
        case: Number of the case.
        about: As in `Acted`; empty where the act needs nothing.
        style: How it stands out, where the platform knows that.
    """

    act: CaseAct
    case: int
    label: str
    about: str = ""
    style: Literal["", "primary", "danger"] = ""


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    """A post that answers no event of its own conversation: a relayed line, a notice, a reminder.

    Attributes:
        conversation: Where it is to stand, as `platform:app:channel[:thread]`.
        markdown: What it says.
        cause: Id of the event or of the act of staff that it comes from.
        author: Key of the person it is for; empty: no customer. It goes when they are forgotten,
            and private text is shown to them alone.
        visibility: Who may see it.
        readers: Who can read the conversation, as far as the platform told.
        due_at: Not before this moment; None: at once, in the order of its conversation. One that
            is due later waits for no other, and no other for it.
        version: Post only while the conversation's state has this version; None: whatever it has.
        kind: What is done.
        case: Number of the case in whose thread it stands: `conversation` is the channel of that
            thread, and which thread it is, is looked up when it is made. 0: of none.
        target: For `edit`, `delete` and `mark`: number of the earlier post. It waits for its turn
            behind that post, and is cancelled with it.
        marked: For `mark` without a target: id of the line of staff.
        mark: For `mark`: what it says.
        title: For `thread`: its name, where the platform has names for threads.
        case_buttons: Buttons for staff.
        buttons: Buttons for customers.
        files: Sent along: fetched from where they came from, and uploaded anew.
        unfetched: What its customer reads where files could not be fetched; `{files}` stands for
            their names. Empty: nothing.
        instead: Posted where the platform will never take this one; None: staff get a case.
        remembered: Once delivered it is a line of the bot in the transcript of its conversation.
    """

    conversation: str
    markdown: str
    cause: str
    author: str = ""
    visibility: Visibility = Visibility.PUBLIC
    readers: Readers = Readers.OTHERS
    due_at: datetime | None = None
    version: int | None = None
    kind: PostKind = "post"
    case: int = 0
    target: int = 0
    marked: str = ""
    mark: Mark = "sent"
    title: str = ""
    case_buttons: tuple[CaseButton, ...] = ()
    buttons: tuple[Button, ...] = ()
    files: tuple[Attachment, ...] = ()
    unfetched: str = ""
    instead: OutgoingPost | None = None
    remembered: bool = False

    @property
    def adapter(self) -> str:
        """Name of the adapter that delivers it."""
        return ConversationKey.parse(self.conversation).platform


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file that was fetched to be sent on."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReservedPost:
    """An outgoing post that one worker alone is about to deliver.

    Attributes:
        number: Of its row in the outbox.
        token: Names this reservation; one that was taken over can record nothing.
        attempt: 1 the first time; above 1, an earlier attempt may have posted it.
        queued_at: When it came into the outbox.
        begun_at: When its first attempt began.
        standing: Platform ids of what the outbox has delivered to the same conversation; told
            when it may have been posted before, so that none of them is taken for it.
        changes: Platform ids of the earlier post that it changes, in their order.
        contents: Of the files, as far as they could be fetched, in their order.
        missing: Names of the files that could not be fetched.
        relayed: It carries what a person wrote to a customer, or changes that.
    """

    post: OutgoingPost
    number: int
    token: str
    attempt: int
    queued_at: datetime
    begun_at: datetime
    standing: frozenset[str] = frozenset()
    changes: tuple[str, ...] = ()
    contents: tuple[FileContent, ...] = ()
    missing: tuple[str, ...] = ()
    relayed: bool = False

    @property
    def key(self) -> str:
        """What the platform is to know the post by; the same in every attempt."""
        return f"outbox-{self.number}-{int(self.queued_at.timestamp())}"

    @property
    def repeated(self) -> bool:
        """Whether an earlier attempt may have posted it."""
        return self.attempt > 1


class Outbox(Protocol):
    """Keeps posts until they are delivered, each conversation's in order; beside the inbox.

    A call with a reservation that was taken over raises `ClaimLost` and changes nothing. Any call
    raises `StorageError` while the database is away.
    """

    async def enqueue(self, *posts: OutgoingPost) -> Sequence[int]:
        """Store posts durably, in a transaction of their own; return their numbers."""
        ...

    async def cancel(self, number: int) -> bool:
        """Let a post not be made; False when it has been begun, or is over."""
        ...

    async def reserve(self, adapters: Collection[str], limit: int) -> Sequence[ReservedPost]:
        """Mark posts that are due as being made, at most one of a conversation; return at once.

        One whose conversation has another version than it asks for is cancelled instead.

        Args:
            adapters: Names of those that can deliver here.
            limit: How many at most.
        """
        ...

    async def wait(self, seconds: float) -> None:
        """Return when something may have become due, or after some seconds."""
        ...

    def wake(self) -> None:
        """Let whoever waits look at once: something was stored in a transaction of its cause."""
        ...

    async def delivered(self, reserved: ReservedPost, platform_id: str) -> None:
        """Record that a post stands on its platform."""
        ...

    async def retry(self, reserved: ReservedPost, reason: str, delay: float) -> None:
        """Give a post back, to be made again later; its conversation waits for it."""
        ...

    async def fail(self, reserved: ReservedPost, reason: str) -> None:
        """Give a post up: keep a case for staff, and let its conversation go on."""
        ...

    async def backlog(self) -> Backlog:
        """Tell how much is due and not yet delivered."""
        ...


class OutboxMeter(Protocol):
    """Is told what becomes of outgoing posts; must not raise."""

    def post_delivered(self, post: OutgoingPost) -> None:
        """A post stands on its platform."""
        ...

    def post_retried(self, post: OutgoingPost, error: Exception) -> None:
        """An attempt failed; another one will follow."""
        ...

    def post_failed(self, post: OutgoingPost, error: Exception) -> None:
        """The last attempt failed."""
        ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """Size and age of what is in an inbox: waiting, scheduled for a retry or being answered.

    Attributes:
        depth: Number of events.
        oldest_age: Seconds since the oldest event was accepted; 0.0 when there is none.
    """

    depth: int
    oldest_age: float
