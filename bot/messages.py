"""What travels through Frontdesk: events in, parts of a reply out. Frozen and platform-free."""

from __future__ import annotations

from dataclasses import dataclass
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

__all__ = [
    "ASIDE",
    "Addressing",
    "Attachment",
    "Author",
    "Button",
    "Choice",
    "Cite",
    "Decision",
    "DecisionKind",
    "DecisionPart",
    "Done",
    "Event",
    "MarkUsed",
    "Message",
    "Offer",
    "Part",
    "Pressed",
    "Readers",
    "Received",
    "Say",
    "ScoredIntent",
    "ScoredPassage",
    "Source",
    "Visibility",
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
    """

    name: str
    media_type: str = ""
    size: int = 0


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
        to: Whom it speaks to beside the bot.
    """

    id: str
    conversation: str
    author: Author
    text: str
    sent_at: datetime
    addressing: Addressing = Addressing.DIRECT
    attachments: tuple[Attachment, ...] = ()
    readers: Readers = Readers.OTHERS
    to: Addressees = NOBODY

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


Event = Received | Pressed


class Visibility(StrEnum):
    """Who may see a reply."""

    PUBLIC = "public"
    PRIVATE = "private"
    """The author alone."""

    INTERNAL = "internal"
    """Staff alone: made of internal articles."""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice that the customer can press; what it means is looked up in storage by its id."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What pressing a button means; kept in storage, never on the platform.

    Attributes:
        kind: `intent` answers with the intent named by `value`; `neither` says that none of the
            offered intents fits; `handoff` asks for a human.
        value: The intent's name for `intent`, else empty.
        question: The text that led to the offer, so that `neither` can go on with it.
        language: BCP 47 tag that the offer was made in.
    """

    kind: Literal["intent", "neither", "handoff"]
    value: str = ""
    question: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from, for the customer to read on."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A checked piece of the reply, in Markdown; pieces join without a separator."""

    markdown: str
    visibility: Visibility = Visibility.PUBLIC


@dataclass(frozen=True, slots=True)
class Offer:
    """Buttons under the reply."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Cite:
    """Sources under the reply."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The last part of every reply; a reply of `Done` alone is silence."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class MarkUsed:
    """The buttons beside the pressed one have served: their post is to show which was chosen."""


Part = Say | Offer | Cite | MarkUsed | Done
