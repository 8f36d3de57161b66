"""What is remembered: transcripts, states of conversations, what buttons mean, and the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from bot.conversations.state import ConversationState
from bot.messages import Author, Button, Choice, Conversation, Message, Readers

Pressing = Literal["first", "again", "stranger", "unknown"]
"""Whose press of a button it is: the first of the person asked, one more of theirs, somebody
else's, or of a button whose person is no longer known."""


class Buttons(Protocol):
    """What buttons mean, kept in storage."""

    async def offer(
        self, message_id: str, choices: Sequence[tuple[str, Choice]]
    ) -> tuple[Button, ...]:
        """Keep label and meaning of each button offered in answer to a message."""
        ...

    async def choice(self, button: str) -> Choice | None:
        """Return what a button means, or None when it is unknown or has expired."""
        ...

    async def pressing(self, button: str, press: Message) -> Pressing:
        """Return whose press of a button this is; the first one is remembered.

        The same press gives the same answer, so that an interrupted answer is made again.
        """
        ...


class Transcripts(Protocol):
    """What was said, by conversation."""

    async def conversation(self, key: str, author: Author) -> Conversation:
        """Return what is remembered of a conversation; an unknown key gives an empty one."""
        ...

    async def bot_participates(self, key: str) -> bool:
        """Tell whether the bot has spoken in a conversation, or is about to."""
        ...


class ConversationStates(Protocol):
    """Who answers in each conversation, and what is open in it."""

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

    async def expired(self, before: datetime) -> Sequence[ConversationState]:
        """Return the states whose open form or wait has ended by a moment, the oldest first."""
        ...


class History(Protocol):
    """What storage knows of earlier, for an adapter that has to catch up."""

    async def accepted(self, prefix: str) -> Sequence[str]:
        """Return ids of the messages that were accepted last, the newest first.

        Args:
            prefix: What the ids begin with: `platform:app:`.
        """
        ...

    async def conversations(
        self, prefix: str, *, since: datetime, limit: int
    ) -> Mapping[str, datetime]:
        """Return conversations that the bot takes part in, the liveliest first.

        Args:
            prefix: What their keys begin with.
            since: Only those in which something was handled after this moment, or waits.
            limit: At most so many.

        Returns:
            By key, the moment of the first message that the bot handled there.
        """
        ...

    async def first_start(self, source: str, now: datetime) -> datetime:
        """Return when a source of messages was first listened to; now, if that is the first time.

        Args:
            source: An account of ours on a platform: `platform:id`.
            now: The present, in UTC, aware.
        """
        ...

    async def readers(self, conversation: str) -> Readers | None:
        """Return who can read a conversation's place; None when the platform never said so."""
        ...

    async def replies(self, conversation: str, *, since: datetime) -> Sequence[str]:
        """Return what the bot has said in a conversation since a moment, in Markdown."""
        ...
