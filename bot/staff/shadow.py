"""Shadow mode: replies go to the staff channel instead of the customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, nullcontext

from bot.errors import AdapterError
from bot.messages import Cite, Decision, DecisionKind, Done, Event, Message, Offer, Part, Say
from bot.ports import (
    Accept,
    Adapter,
    CanNotify,
    DeliversPosts,
    OutgoingPost,
    Posting,
    ReservedPost,
)
from bot.privacy import Pseudonyms
from bot.staff.quoting import beginning, named, quoted, without_links
from bot.text.control_characters import without_controls

_ANSWERED = frozenset({DecisionKind.COMMAND, DecisionKind.FEEDBACK, DecisionKind.STAFF})
"""What is answered as ever: it is no conversation with a customer."""


class Shadow:
    """An `Adapter` that posts replies to a staff channel instead of the customer.

    Args:
        adapter: The platform; it keeps receiving messages.
        announcer: The same platform, to post to staff.
        channel: Id of the staff channel.
    """

    def __init__(self, adapter: Adapter, announcer: CanNotify, channel: str) -> None:
        self.name = adapter.name
        self._adapter = adapter
        self._announcer = announcer
        self._channel = channel

    async def run(self, accept: Accept) -> None:
        """Connect and hand every event to `accept`, until `close`."""
        await self._adapter.run(accept)

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        """Show nothing to customers."""
        return nullcontext()

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post to staff what would be posted; commands of staff are answered normally.

        Raises:
            ServiceUnavailable: The platform did not accept it; worth another attempt.
            AdapterError: The platform will never accept it.
        """
        reply = [part async for part in parts]
        decision = next(part.decision for part in reply if isinstance(part, Done))
        if decision.kind in _ANSWERED:
            await self._adapter.post(posting, _replayed(reply))
            return
        if not posting.posted and any(isinstance(part, Say | Offer) for part in reply):
            await posting.reserve()
            shown = _rendered(posting.event.message, reply, decision)
            await self._announcer.notify(self._channel, shown)
            await posting.remember(f"shadow:{posting.event.message.id}")
        if posting.event.message.unseen:  # nobody is left waiting for an answer
            await self._adapter.post(posting, _replayed([Done(decision)]))

    async def deliver(self, reserved: ReservedPost) -> str:
        """Post what is for staff; tell them what would be posted to customers.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it; or a person wrote it to a customer, who
                gets nothing: nobody may believe that it was sent.
        """
        post = reserved.post
        if isinstance(self._adapter, DeliversPosts) and _is_for_staff(post):
            return await self._adapter.deliver(reserved)
        if reserved.relayed:
            raise AdapterError("shadow mode is on: nothing is sent to customers")
        if post.kind == "delete":  # nothing of it stands anywhere
            return f"shadow:{reserved.key}"
        said = quoted(Pseudonyms().hide(without_controls(beginning(post.markdown))))
        shown = f"I would post in `{post.conversation}`:\n\n{said}"
        await self._announcer.notify(self._channel, shown)
        return f"shadow:{reserved.key}"

    async def close(self) -> None:
        """Stop accepting and disconnect."""
        await self._adapter.close()


def _is_for_staff(post: OutgoingPost) -> bool:
    """Return whether a post stands in a case thread, or before the eyes of a colleague alone."""
    return bool(post.case or post.case_buttons) or post.kind in ("thread", "mark")


async def _replayed(reply: list[Part]) -> AsyncIterator[Part]:
    for part in reply:
        yield part


def _rendered(message: Message, reply: list[Part], decision: Decision) -> str:
    """Return question, answer and decision in Markdown, with placeholders for personal data.

    GPT's answers may repeat what the customer wrote earlier; all other answers are the admins' own
    texts, whose addresses and numbers staff should see.
    """
    vault = Pseudonyms()
    asked = quoted(vault.hide(without_controls(beginning(message.text))))
    hide = vault.hide if decision.kind is DecisionKind.GENERATED else vault.hide_known
    said = hide(beginning("".join(part.markdown for part in reply if isinstance(part, Say))))
    buttons = [each.label for part in reply if isinstance(part, Offer) for each in part.buttons]
    sources = [each.title for part in reply if isinstance(part, Cite) for each in part.sources]

    def reason(text: str) -> str:
        return without_links(vault.hide(without_controls(beginning(text))))

    author = named(message.author.name) or message.author.key
    best = [f"{each.name} {each.confidence:.2f}" for each in decision.intents[:2]]
    lines = [
        f"**{author}** wrote in `{message.conversation}`:",
        asked,
        "I would say:",
        said,
        *([f"Buttons: {', '.join(buttons)}"] if buttons else []),
        *([f"Sources: {', '.join(sources)}"] if sources else []),
        f"*{decision.kind}: {', '.join((*best, *map(reason, decision.reasons)))}*",
    ]
    return "\n\n".join(lines)
