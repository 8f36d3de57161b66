"""Filters incoming events before the inbox.

Messages that are not meant for the bot are never stored; in those that are, payment cards are
masked first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog

from bot.conversations.key import ConversationKey
from bot.messages import Acted, Addressing, Deleted, Edited, Event, Message, Pressed, Received
from bot.ports import Inbox, Listens, Meter, Transcripts
from bot.ports.delivery import NullMeter
from bot.ports.takeovers import Takeovers
from bot.privacy.cards import mask_cards
from bot.text.shorten import STORED, shortened

log = structlog.get_logger(__name__)

LONG = 5_000
"""Length in characters from which a text is masked off the event loop."""

OVERTAKEN = timedelta(minutes=1)
"""Age up to which a message that was never stored is taken from its edit, and ..."""

NAMED_WITHIN = timedelta(days=1)
"""... that of one which is edited to name the bot."""

LOOKS, BETWEEN = 12, 0.15
"""How often, and after how many seconds each, a line in a case thread is looked for whose edit came
first: together less than a platform waits for."""

NAME = 1_000
"""Maximum length of an attachment's name in characters; no file system allows longer ones."""


class Intake:
    """Accepts events that are meant for the bot; pass `accept` to the adapters."""

    def __init__(
        self,
        inbox: Inbox,
        transcripts: Transcripts,
        *,
        meter: Meter | None = None,
        mark: Callable[[Event], Event] | None = None,
        listening: Listens | None = None,
        case_of_thread: Callable[[str], Awaitable[int | None]] | None = None,
        takeovers: Takeovers | None = None,
    ) -> None:
        """Prepare.

        Args:
            inbox: Where events are stored.
            transcripts: Tells where the bot takes part.
            meter: Counts events; None: nobody does.
            mark: Adds what config alone knows of an event: who is staff, who reads the place.
            listening: Tells where and to whom the bot speaks; None: everywhere, to everybody, and
                unasked nowhere.
            case_of_thread: Tells which case a conversation is the inside thread of; None: there
                are no such threads.
            takeovers: Gives conversations to colleagues who speak there; None: nobody is staff.
        """
        self._case_of_thread = case_of_thread
        self._takeovers = takeovers
        self._listening = listening
        self._mark = mark or (lambda event: event)
        self._meter = meter or NullMeter()
        self._inbox = inbox
        self._transcripts = transcripts
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(self, event: Event) -> bool:
        """Store an event that the bot should handle; False when there is nothing to do.

        Events of a conversation are stored one after the other, in the order of arrival, so that
        each check sees the events before it.

        Raises:
            StorageError: It could not be stored: do not acknowledge it to the platform.
        """
        if isinstance(event, Deleted):
            return await self._accept_change(event)
        event = self._mark(event)
        if isinstance(event, Edited):
            return await self._accept_change(event)
        message = event.message
        inside = isinstance(event, Received) and await self._is_inside(message)
        if not (_is_of_staff(message) if inside else self._is_heard(event)):
            return False
        async with self._turns.setdefault(message.conversation, asyncio.Lock()):
            if not inside and not await self._concerns_us(event):
                return False
            event = await _without_cards(event)
            if self._takeovers is not None and message.author.staff and not inside:
                # before it is stored: from here on the bot begins no post in the conversation
                await self._takeovers.take(event)
            fresh = await self._inbox.accept(event)
        self._meter.accepted(event, fresh=fresh)
        log.info("accepted" if fresh else "duplicate ignored", message_id=message.id)
        return fresh

    async def _accept_change(self, event: Edited | Deleted) -> bool:
        """Store an edit or a deletion of a message that is, or may yet be, stored."""
        message = event.message
        if isinstance(event, Edited) and await self._is_inside(message):
            await self._line_of(event)
        async with self._turns.setdefault(message.conversation, asyncio.Lock()):
            place = await self._transcripts.place_of(event.original)
            if place is not None:
                event = replace(event, message=replace(message, conversation=place))
                fresh = await self._inbox.accept(await _without_cards(event))
                log.info("change accepted" if fresh else "duplicate ignored", message_id=message.id)
                return fresh
            if isinstance(event, Deleted):
                # Its message may come later than it: that one is refused then.
                known = await self._is_inside(message) or await self._concerns_us(event)
                return known and await self._inbox.accept(event)
        if not _stands_for_its_message(event):
            return False
        said = replace(message, sent_at=event.edited_at, edited_at=event.edited_at)
        if await self.accept(Received(replace(said, id=event.original))):
            return True
        # One that the bot heard in silence is known, and not stored.
        named = message.addressing is Addressing.MENTION
        return named and await self.accept(Received(said))

    async def _line_of(self, event: Edited) -> None:
        """Wait a moment for the line that an edit has overtaken.

        What it said first decides whether it goes to a customer.
        """
        for _ in range(LOOKS):
            if await self._transcripts.place_of(event.original) is not None:
                return
            await asyncio.sleep(BETWEEN)

    async def _is_inside(self, message: Message) -> bool:
        """Return whether a line stands in the inside thread of a case."""
        if self._case_of_thread is None or message.unseen:
            return False
        if not ConversationKey.parse(message.conversation).thread:
            return False
        return await self._case_of_thread(message.conversation) is not None

    def _is_heard(self, event: Event) -> bool:
        """Return whether config lets the bot hear this person in this place."""
        message, listening = event.message, self._listening
        if message.addressing is Addressing.COMMAND or isinstance(event, Acted):
            return True
        if listening is not None and not listening.admits(message):
            return False
        if message.addressing is not Addressing.AMBIENT or not isinstance(event, Received):
            return True
        return listening is not None and listening.is_support(message.conversation)

    async def _concerns_us(self, event: Event) -> bool:
        """Return whether the bot was addressed, or takes part in this conversation."""
        message = event.message
        if isinstance(event, Deleted) and message.addressing is Addressing.AMBIENT:
            return False
        if not isinstance(event, Pressed) and message.addressing is Addressing.THREAD:
            return await self._transcripts.bot_participates(message.conversation)
        return True


def _is_of_staff(message: Message) -> bool:
    """Return whether a line in a case thread is a person's of the staff; others are not heard."""
    return message.author.staff and not message.author.bot


def _stands_for_its_message(event: Edited) -> bool:
    """Return whether an edit of a message that never came is taken in its place.

    So is one that mentions the bot, which the message may not have done, and one that overtook
    its message; what was said long before is none of the bot's business.
    """
    named = event.message.addressing is Addressing.MENTION
    age = event.edited_at - event.message.sent_at
    return age <= (NAMED_WITHIN if named else OVERTAKEN)


async def _without_cards(event: Event) -> Event:
    """Cut texts that are longer than any platform sends, and mask payment cards irreversibly."""
    message = event.message
    text = shortened(message.text, STORED)
    if len(text) < LONG:
        text = mask_cards(text)
    else:  # some milliseconds
        text = await asyncio.to_thread(mask_cards, text)
    names = [replace(each, name=mask_cards(each.name[:NAME])) for each in message.attachments]
    message = replace(message, text=text, attachments=tuple(names))
    if message.formatted:
        formatted = await asyncio.to_thread(mask_cards, shortened(message.formatted, STORED))
        message = replace(message, formatted=formatted)
    return replace(event, message=message)
