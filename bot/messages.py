"""What travels through Frontdesk: events in, parts of a reply out. Frozen and platform-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.addressing import NOBODY, Addressees, Addressing
from bot.decisions import (
    ASIDE,
    Decision,
    DecisionKind,
    DecisionPart,
    ScoredIntent,
    ScoredPassage,
)
from bot.parts import (
    MANY,
    AskFeedback,
    Button,
    Card,
    Choice,
    Cite,
    Done,
    MarkUsed,
    Offer,
    Part,
    Say,
    SayElsewhere,
    Source,
    Visibility,
)

__all__ = [
    "ASIDE",
    "MANY",
    "Acted",
    "Addressing",
    "AskFeedback",
    "Attachment",
    "Author",
    "Button",
    "Card",
    "CaseAct",
    "Choice",
    "Cite",
    "Decision",
    "DecisionKind",
    "DecisionPart",
    "Deleted",
    "Done",
    "Edited",
    "Event",
    "MarkUsed",
    "Message",
    "Offer",
    "Part",
    "Pressed",
    "Readers",
    "Received",
    "Say",
    "SayElsewhere",
    "ScoredIntent",
    "ScoredPassage",
    "Source",
    "Verdict",
    "Visibility",
    "Voted",
]


class Readers(StrEnum):
    """Who can read what stands in a place, as the platform or the configuration says."""

    AUTHOR = "author"
    """The author of the event alone: a direct message, or a post for their eyes only."""

    STAFF = "staff"
    """Staff alone: their configured channel."""

    OTHERS = "others"
    """Other people as well: channels, group messages, threads."""


@dataclass(frozen=True, slots=True)
class Author:
    """A person on a platform.

    Attributes:
        key: `platform:workspace:user_id`; the same person always has the same key.
        name: Display name, as the platform shows it; may be empty.
        locale: BCP 47 tag when the platform tells it, else empty.
        roles: Ids of the roles that the person has where the message was written.
        staff: Config names the person, or one of the roles, as staff; known once taken in.
        bot: Another bot or a workflow, which config lets ask.
    """

    key: str
    name: str = ""
    locale: str = ""
    roles: tuple[str, ...] = ()
    staff: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, a poll or a sticker that came with a message; its content is never fetched unasked.

    Attributes:
        name: Of the file or sticker, or what the poll asks; may be empty.
        media_type: As the platform tells it; `poll` or `sticker` for what is no file.
        size: In bytes; 0 where it is not told.
        source: By which the adapter that it came through fetches its content; never shown; empty:
            it has none that can be fetched.
    """

    name: str
    media_type: str = ""
    size: int = 0
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One utterance of one person.

    Attributes:
        id: `platform:app:channel:platform_message_id`, without a workspace, so that a channel
            shared by two workspaces is answered once.
        conversation: `platform:app:channel[:thread]`; a direct message without threads is one
            conversation.
        text: What was typed, mentions of the bot removed; may be empty.
        sent_at: UTC, aware.
        readers: Who can read what is posted where the message stands. Adapters say AUTHOR only
            when the platform told them so.
        revision: How often its answer was made again because its author changed it.
        edited_at: When its author last changed what the text says; None: never, as far as known.
        to: Whom it speaks to beside the bot.
        token: By which the platform takes an answer for some minutes; empty where it needs none.
        formatted: The text as Markdown with the names of who is mentioned, for people to read;
            empty: as the text.
    """

    id: str
    conversation: str
    author: Author
    text: str
    sent_at: datetime
    addressing: Addressing = Addressing.DIRECT
    attachments: tuple[Attachment, ...] = ()
    readers: Readers = Readers.OTHERS
    revision: int = 0
    edited_at: datetime | None = None
    to: Addressees = NOBODY
    token: str = field(default="", repr=False)
    formatted: str = ""

    @property
    def unseen(self) -> bool:
        """Whether nobody but its author sees it, wherever it was written, nor its answer."""
        return self.addressing in (Addressing.COMMAND, Addressing.EPHEMERAL)

    @property
    def apart(self) -> bool:
        """Whether it is no part of what is said in a place where others read."""
        return self.unseen and self.readers is not Readers.AUTHOR

    @property
    def answered_alone(self) -> bool:
        """Whether its author alone can read the answer."""
        return self.unseen or self.readers is Readers.AUTHOR


@dataclass(frozen=True, slots=True)
class Received:
    """Somebody wrote a message."""

    message: Message


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button.

    Attributes:
        message: Identity, author and place of the press itself; its text is the button's label
            where the platform tells it.
        button: The opaque id of the button, as an `Offer` carried it.
        post: The platform's id of the post that the button stands under; empty: not told.
    """

    message: Message
    button: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """The author changed a message after it was sent.

    Attributes:
        message: The message as it reads now, under an id of the edit's own; sent when the
            original was.
        original: Id of the message that was changed.
        edited_at: UTC, aware.
    """

    message: Message
    original: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was deleted, by its author or a moderator.

    Attributes:
        message: Identity and place of the deletion itself, as far as the platform tells them; the
            author may have an empty key, the text is empty.
        original: Id of the message that was deleted.
    """

    message: Message
    original: str


Verdict = Literal["up", "down"]
"""What somebody thinks of an answer."""


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody judged an answer, or said why they judged it so.

    Attributes:
        message: Identity, author and place of the vote; its text is the reason, empty for none.
        answer: Id of the message whose answer is judged.
        verdict: What they think of it.
    """

    message: Message
    answer: str
    verdict: Verdict


CaseAct = Literal["claim", "assign", "reply", "send", "return", "close", "retry", "use"]
"""What staff do with a case: `reply` sends the text of a form or a command to the customer, `send`
a line that was written before, `use` a drafted reply; `return` gives the conversation back to the
bot, `retry` sends again what could not be delivered."""


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody acted on a case: with a button, a form, a command or a shortcut.

    Adapters do not know who is staff: whoever handles it checks that.

    Attributes:
        message: Identity, author and place of the act itself; its text is what the form said.
        case: Number of the case; 0: the one in whose thread it was done.
        about: For `assign` the key of the member of staff; for `send` the id of the line; for
            `retry` and `use` the number of the post in the outbox; else empty.
    """

    message: Message
    act: CaseAct
    case: int = 0
    about: str = ""


Event = Received | Pressed | Edited | Deleted | Voted | Acted
