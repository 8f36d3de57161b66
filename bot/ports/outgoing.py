"""What an adapter can do besides answering: tell staff, make and take back posts, fetch files."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.conversations.key import ConversationKey
from bot.messages import Attachment, Message
from bot.ports.adapters import Posting
from bot.ports.outbox import ReservedPost


@runtime_checkable
class CanNotify(Protocol):
    """An `Adapter` that can post notifications to a staff channel."""

    async def notify(self, channel: str, markdown: str) -> None:
        """Post to a channel, by the platform's id.

        Raises:
            ServiceUnavailable: The platform did not accept it; worth another attempt.
            AdapterError: The platform will never accept it.
        """
        ...


@runtime_checkable
class DeliversPosts(Protocol):
    """An `Adapter` that can make a post which answers no event."""

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post in its conversation, or change an earlier one; return the platform's ids.

        What is done says `ReservedPost.post.kind`:

        - `post`: the ids of all messages that it became, the first one first, joined by spaces;
          with its buttons, its files uploaded, in the thread of its case where it has one;
        - `thread`: a post in a channel of staff that a thread is opened under (in a forum: a post
          of it); the id returned first names the thread;
        - `edit`, `delete`: what `changes` names says something else, or is gone; what is gone
          already, or can no longer be changed, is an `AdapterError` that says so;
        - `mark`: a reaction on what `changes` or `marked` names takes the place of an earlier mark.

        When an earlier attempt may have made it, it is looked for on the platform first.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it.
        """
        ...


@runtime_checkable
class FetchesFiles(Protocol):
    """An `Adapter` that can fetch the files that came with messages."""

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the content of a file.

        Args:
            attachment: As it came through this adapter.
            limit: Bytes from which it is refused, whatever the platform said of its size.

        Raises:
            ServiceUnavailable: The platform did not give it; worth another attempt.
            AdapterError: The platform will never give it, or it is larger than allowed.
        """
        ...


@runtime_checkable
class KnowsPlaces(Protocol):
    """An `Adapter` that can name a channel and a person as conversations."""

    def place(self, channel: str) -> ConversationKey:
        """Return the key of a channel, by the platform's id.

        Raises:
            ServiceUnavailable: Which app we are is not known yet: never connected.
        """
        ...

    async def name_of(self, person: str) -> str:
        """Return the display name of a person, by their key; empty when the platform tells none."""
        ...


@runtime_checkable
class CanWithdraw(Protocol):
    """An `Adapter` that can take a reply back."""

    async def withdraw(self, posting: Posting) -> None:
        """Delete what stands of a reply.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it.
        """
        ...


@runtime_checkable
class CanLink(Protocol):
    """An `Adapter` that can link to a message, for staff."""

    def link(self, message: Message) -> str:
        """Return a web address that staff can open; empty when there is none."""
        ...
