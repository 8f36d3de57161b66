"""One posting attempt: records the reply as it is posted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

from bot.messages import Done, Event, Part, Readers, Say, SayElsewhere, Visibility
from bot.ports import EventOutcome, OutgoingPost

TAKEN_OVER = "a person took over while it was posted"
"""Reason of a reply that was not posted to its end."""


@dataclass(slots=True)
class PostingAttempt:
    """The `Posting` for a claim.

    Attributes:
        posted: Platform ids, those of earlier attempts first.
        keep: Stores all of them.
        reserved: Stores that a post is being made.
        begun: A post was begun in this attempt.
    """

    event: Event
    attempt: int
    posted: tuple[str, ...]
    keep: Callable[[tuple[str, ...]], Awaitable[None]]
    reserved: Callable[[], Awaitable[None]]
    begun: bool = False

    async def reserve(self) -> None:
        """Store that a post is being made; call it before every post and every edit.

        Raises:
            StateChanged: Somebody has taken the conversation over: post nothing more.
            Superseded: What is answered has changed: post nothing more.
        """
        self.begun = True
        await self.reserved()

    async def remember(self, platform_id: str) -> None:
        """Store the id of a posted message, so that a later attempt does not post it again."""
        if platform_id not in self.posted:
            self.posted = (*self.posted, platform_id)
            await self.keep(self.posted)

    async def forget(self, platform_id: str) -> None:
        """Store that a posted message was taken back."""
        self.posted = tuple(each for each in self.posted if each != platform_id)
        await self.keep(self.posted)


class ReplyRecorder(AsyncIterator[Part]):
    """Passes the parts of a reply through and records them.

    What is said elsewhere is kept back: it is delivered once the event is finished.
    """

    def __init__(self, parts: AsyncIterator[Part]) -> None:
        self._parts = parts
        self._said: list[str] = []
        self._elsewhere: list[SayElsewhere] = []
        self._private = False
        self._done: Done | None = None

    async def __anext__(self) -> Part:
        part = await anext(self._parts)
        while isinstance(part, SayElsewhere):
            self._elsewhere.append(part)
            part = await anext(self._parts)
        if isinstance(part, Say):
            self._said.append(part.markdown)
            self._private |= part.visibility is Visibility.PRIVATE
        elif isinstance(part, Done):
            self._done = part
        return part

    async def outcome(self) -> EventOutcome:
        """Return the recorded reply, after consuming what is left of it.

        Raises:
            ValueError: The reply had no decision.
        """
        async for _ in self:  # parts that the adapter did not consume
            pass
        if self._done is None:
            raise ValueError("the reply ended without Done")
        said = "".join(self._said)
        done = self._done
        cause = done.decision.message_id
        return EventOutcome(
            done.decision,
            said,
            self._private,
            done.state,
            outgoing=tuple(_outgoing(each, cause) for each in self._elsewhere),
            form=done.form,
        )

    async def taken_over(self) -> EventOutcome:
        """Return what has come of a reply of which something was shown before a take-over."""
        whole = await self.outcome()
        reasons = (*whole.decision.reasons, TAKEN_OVER)
        ended = replace(whole.decision, reasons=reasons, parts=())
        return replace(whole, decision=ended, state=None, form=None, outgoing=())

    async def aclose(self) -> None:
        """Close the responder's stream."""
        if isinstance(self._parts, AsyncGenerator):
            await self._parts.aclose()


def _outgoing(said: SayElsewhere, cause: str) -> OutgoingPost:
    """Return what is said elsewhere as a post of the outbox."""
    alone = said.visibility is Visibility.PRIVATE
    return OutgoingPost(
        said.conversation,
        said.markdown,
        cause,
        said.author,
        said.visibility,
        Readers.AUTHOR if alone else Readers.OTHERS,
        buttons=said.buttons,
        instead=_outgoing(said.instead, cause) if said.instead is not None else None,
        remembered=alone,
    )
