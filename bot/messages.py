"""What travels through Frontdesk: events in, parts of a reply out. Frozen and platform-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.addressing import NOBODY, Addressees
from bot.addressing import Addressing as Addressing  # noqa: PLC0414 - mypy: offered here, too
from bot.sentiment import Sentiment


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
    """A file that came with a message; its content is never fetched unasked."""

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
    """

    message: Message
    button: str


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


class DecisionKind(StrEnum):
    """What the responder decided to do."""

    INTENT = "intent"
    CLARIFY = "clarify"
    FORM = "form"
    RECOMMEND = "recommend"
    GENERATED = "generated"
    QUOTED = "quoted"
    HANDOFF = "handoff"
    SAFETY = "safety"
    LIMITED = "limited"
    STALE = "stale"
    COMMAND = "command"
    DECLINED = "declined"
    """A press of a button that is not answered: it is somebody else's, or was pressed before."""
    STAFF = "staff"
    """A member of staff spoke in a customer's thread: recorded, not answered."""
    HELP = "help"
    """The customer asked what the bot can do, and was told."""
    UNANSWERED = "unanswered"
    """A question that nobody put to the bot, in a channel with `support: true`, and that it was not
    sure of: it said nothing."""
    SILENT = "silent"
    UNKNOWN = "unknown"


ASIDE = frozenset({DecisionKind.COMMAND, DecisionKind.DECLINED})
"""Decisions whose event and answer are no part of the conversation in which they came."""


@dataclass(frozen=True, slots=True)
class ScoredIntent:
    """An intent with its calibrated confidence in [0, 1]."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that was considered, by its citation, with its retrieval score in [0, 1].

    Attributes:
        meaning, words: What the score was joined from, in [0, 1].
        place: File and line, page or paragraph.
    """

    citation: str
    score: float
    meaning: float = 0.0
    words: float = 0.0
    place: str = ""


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """What was decided about one of the requests in a message, and why.

    Attributes:
        intents: The likeliest intents first.
        reasons: Why, in words that an admin understands, in the order they were found.
    """

    kind: DecisionKind
    intents: tuple[ScoredIntent, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one message, and why.

    Attributes:
        id: Derived from the message id; one message has one decision.
        kind: That of the first part.
        intents: Those of the first part, the likeliest first.
        threshold: Confidence from which an intent is answered without asking.
        cost: Spent on the model provider, in units of the configured currency.
        milliseconds: Duration of each stage, by its name.
        reasons: Why, in words that an admin understands, in the order they were found.
        parts: One for each request in the message; never empty.
        sentiment: How the customer felt; None where it was not read.
    """

    id: str
    message_id: str
    kind: DecisionKind
    intents: tuple[ScoredIntent, ...] = ()
    threshold: float = 0.0
    passages: tuple[ScoredPassage, ...] = ()
    language: str = ""
    model_version: str = ""
    intents_hash: str = ""
    cost: float = 0.0
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    parts: tuple[DecisionPart, ...] = ()
    sentiment: Sentiment | None = None

    def __post_init__(self) -> None:
        """Give a decision about one request its one part.

        Raises:
            ValueError: The first part is of another kind than the decision.
        """
        if not self.parts:
            only = DecisionPart(self.kind, self.intents, self.reasons)
            object.__setattr__(self, "parts", (only,))
        elif self.parts[0].kind is not self.kind:
            raise ValueError(f"a decision of the kind {self.kind} begins with {self.parts[0].kind}")


@dataclass(frozen=True, slots=True)
class Done:
    """The last part of every reply; a reply of `Done` alone is silence."""

    decision: Decision


Part = Say | Offer | Cite | Done
