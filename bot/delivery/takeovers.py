"""Gives a customer's conversation to the colleague who writes in it, before the line is stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog

from bot.messages import Addressing, Event, Message, Received
from bot.ports import Clock
from bot.storage.engine import Database
from bot.storage.takeovers import IsStaff, OwnLine, take_over

log = structlog.get_logger(__name__)


class StoredTakeovers:
    """The `Takeovers` of a database.

    Args:
        database: Open.
        clock: The time.
        team: That works on a case which nobody asked a team about.
        is_staff: Tells who of those that asked is no customer.
        is_command: Tells what is said to the bot alone.
        link: Returns the web address of a message; empty: it has none.
        wake: Called once something new is in the outbox.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        team: str,
        is_staff: IsStaff,
        is_command: Callable[[Message], bool],
        link: Callable[[Message], str] = lambda _: "",
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._team = team
        self._is_staff = is_staff
        self._is_command = is_command
        self._link = link
        self._wake = wake

    async def take(self, event: Event) -> bool:
        """Give a customer's conversation to the member of staff who speaks there."""
        message = event.message
        if not isinstance(event, Received) or not self._speaks_to_customer(message):
            return False
        now, link = self._clock.now(), self._link(message)
        line = OwnLine(message, self._team, self._is_staff, now, link)
        taken = await self._database.write(partial(take_over, line=line))
        if taken:
            self._wake()
            log.info("taken over", message_id=message.id)
        return taken

    def _speaks_to_customer(self, message: Message) -> bool:
        """Return whether a member of staff speaks where a customer may have asked.

        What is said in a channel to its customers takes no conversation over.
        """
        if not message.author.staff or message.answered_alone or message.author.bot:
            return False
        return message.addressing is not Addressing.AMBIENT and not self._is_command(message)
