"""Ports of stored conversations: transcripts, states, buttons and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.conversations.transcript import Conversation
from bot.messages import Author, Button, Choice, DecisionKind, Message, Readers, Voted
from bot.ownership import ConversationState

Pressing = Literal["first", "again", "stranger", "unknown"]
"""Who pressed a button: the person asked, for the first time or again; somebody else; or unknown,
when that person is no longer stored."""


@dataclass(frozen=True, slots=True)
class OfferedButton:
    """A button under an answer, with what it means."""

    button: Button
    choice: Choice


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What a person was answered last in a conversation.

    Attributes:
        message: Id of the message or press that was answered.
        intent: The likeliest intent of the answer, or the one that was chosen; empty for none.
        offered: The buttons under it that still work, in their order.
    """

    message: str
    kind: DecisionKind
    intent: str = ""
    offered: tuple[OfferedButton, ...] = ()


VoteResult = Literal["stored", "unknown"]
"""What became of a vote; `unknown`: no such answer stands there."""


class Feedback(Protocol):
    """What people think of answers."""

    async def vote(self, voted: Voted) -> VoteResult:
        """Store a vote; a later one of the same person on the same answer takes its place."""
        ...


class LastAnswers(Protocol):
    """What people were answered last."""

    async def last_answer(
        self, conversation: str, author: str, *, without: str = ""
    ) -> LastAnswer | None:
        """Return what a person was answered last in a conversation.

        Answers to others do not count; None when there is none, or staff wrote there since.

        Args:
            conversation: The key of the conversation.
            author: The key of the person.
            without: Id of a message that does not count: it is being answered again.
        """
        ...


class Buttons(Protocol):
    """Stored meanings of buttons."""

    async def offer(
        self,
        message_id: str,
        choices: Sequence[tuple[str, Choice]],
        *,
        first: int = 0,
        revision: int = 0,
    ) -> tuple[Button, ...]:
        """Store label and meaning of each button offered in reply to a message.

        Args:
            message_id: The message.
            choices: Label and meaning of each.
            first: Position of the first one; another one for each offer under a reply.
            revision: Of the message: buttons of an answer to it as it read before work no more.
        """
        ...

    async def choice(self, button: str) -> Choice | None:
        """Return a button's meaning; None when it is unknown or expired."""
        ...

    async def pressing(self, button: str, press: Message) -> Pressing:
        """Return who pressed a button; the first press is stored.

        The same press returns the same result, so that an interrupted attempt can be repeated.
        """
        ...


class Transcripts(Protocol):
    """Stored transcripts, by conversation."""

    async def conversation(self, key: str, author: Author, *, without: str = "") -> Conversation:
        """Return the stored conversation; an empty one for an unknown key.

        Args:
            key: The key of the conversation.
            author: Whose private turns are part of it.
            without: Id of a message that is left out with its answer: it is being answered again.
        """
        ...

    async def place_of(self, message_id: str) -> str | None:
        """Return the conversation of a stored message, answered or not; None: it is not stored."""
        ...

    async def bot_participates(self, key: str) -> bool:
        """Return whether the bot has posted in a conversation, or is about to."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """Who wrote in a channel.

    Attributes:
        author: Key of the person.
        kind: What was decided about the line.
    """

    author: str
    kind: str


class ChannelLines(Protocol):
    """Who wrote in a channel lately; what they wrote is not stored."""

    async def latest(self, message: Message, *, since: datetime) -> Sequence[ChannelLine]:
        """Return the lines of a message's channel before it, threads included, the latest first.

        Args:
            message: Where and before what.
            since: Earlier lines are left out.
        """
        ...


class Unanswered(Protocol):
    """Questions in channels with `support: true` that were not answered."""

    async def keep(self, message: Message, language: str) -> None:
        """Store a question for staff, personal data replaced; idempotent."""
        ...


class ConversationStates(Protocol):
    """The state of each conversation: who answers."""

    async def state(self, key: str) -> ConversationState:
        """Return the state of a conversation; one that was never changed belongs to the bot."""
        ...

    async def change(self, changed: ConversationState) -> ConversationState:
        """Store a state that was made from the stored one; return it with its new version.

        A change that an event causes goes into its `Outcome` instead, and is stored with it.

        Raises:
            StateChanged: Storage has another version than the one it was made from.
        """
        ...


class History(Protocol):
    """Stored history, for an adapter that catches up after a downtime."""

    async def accepted(self, prefix: str) -> Sequence[str]:
        """Return the ids of the messages accepted last, newest first.

        Args:
            prefix: Prefix of the ids: `platform:app:`.
        """
        ...

    async def conversations(
        self, prefix: str, *, since: datetime, limit: int
    ) -> Mapping[str, datetime]:
        """Return conversations that the bot takes part in, most recently active first.

        Args:
            prefix: Prefix of their keys.
            since: Only conversations with an event handled after this moment, or waiting.
            limit: Maximum number.

        Returns:
            By key, the time of the first message that the bot handled there.
        """
        ...

    async def first_start(self, source: str, now: datetime) -> datetime:
        """Return when the bot first listened to a source of messages; `now` for a new source.

        Args:
            source: One of our accounts on a platform: `platform:id`.
            now: The current time, aware, in UTC.
        """
        ...

    async def readers(self, conversation: str) -> Readers | None:
        """Return who can read a conversation's channel; None when it was never reported."""
        ...

    async def stored(self, prefix: str, *, since: datetime, conversation: str = "") -> set[str]:
        """Return the ids of stored messages that people sent since a moment.

        Those that wait to be answered count; presses and commands do not.

        Args:
            prefix: Prefix of the ids.
            since: Only what was sent after it.
            conversation: Only messages of this one; empty: of all.
        """
        ...

    async def replies(self, conversation: str, *, since: datetime) -> Sequence[str]:
        """Return the bot's replies in a conversation since a moment, in Markdown."""
        ...
