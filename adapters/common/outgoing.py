"""Posts of the outbox, told to a poster as if they answered a message of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from bot.conversations.key import ConversationKey
from bot.messages import Author, Event, Message, Received, Say
from bot.ports import ReservedPost


@dataclass(slots=True)
class OutgoingPosting:
    """The `Posting` of an outgoing post.

    Attributes:
        posted: Platform ids of what was made, or found.
    """

    event: Event
    attempt: int
    posted: tuple[str, ...] = ()

    @classmethod
    def of(cls, reserved: ReservedPost, channel: str) -> Self:
        """Return the posting of a reserved post.

        Args:
            reserved: What is to be posted.
            channel: The platform's id of the channel that it stands in.
        """
        post = reserved.post
        place = replace(ConversationKey.parse(post.conversation), channel=channel)
        message = Message(
            id=str(place.message(reserved.key)),
            conversation=post.conversation,
            author=Author(post.author),
            text="",
            sent_at=reserved.queued_at,
            readers=post.readers,
        )
        return cls(Received(message), reserved.attempt)

    async def reserve(self) -> None:
        """The outbox has reserved the post already."""

    async def remember(self, platform_id: str) -> None:
        """Note what stands now; should that be lost, it is found on the platform."""
        if platform_id not in self.posted:
            self.posted = (*self.posted, platform_id)

    async def forget(self, platform_id: str) -> None:
        """Note what was taken back."""
        self.posted = tuple(each for each in self.posted if each != platform_id)


def said_in(reserved: ReservedPost) -> Say:
    """Return what a post says."""
    return Say(reserved.post.markdown, reserved.post.visibility)
