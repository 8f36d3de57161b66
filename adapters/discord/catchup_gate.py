"""The order of what is live and what was missed: live messages wait until the rest is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import discord
import structlog

from adapters.discord.catchup import BACKOFF, LONGEST_WAIT, CatchUp, MissedMessages
from adapters.discord.retrying_intake import RetryingIntake
from bot.errors import StorageError

_log = structlog.get_logger(__name__)


class CatchUpGate:
    """Live messages wait behind what was missed, or they would overtake it.

    Args:
        catch_up: Finds what was missed; None: nothing is ever missed.
        intake: Takes it.
    """

    def __init__(self, catch_up: CatchUp | None, intake: RetryingIntake) -> None:
        self._catch_up = catch_up
        self._intake = intake
        self._session = 0
        self._open = asyncio.Event()

    async def wait(self) -> None:
        """Wait until all that was written earlier is stored."""
        await self._open.wait()

    def begin(self) -> None:
        """Note that a session begins that does not replay what was missed."""
        self._session += 1
        if self._catch_up is not None:
            self._open.clear()
        else:
            self._open.set()

    def open(self) -> None:
        """Let everything in; nothing is left to wait for."""
        self._open.set()

    async def catch_up(self, me: discord.ClientUser, app: int) -> None:
        """Hand over what was missed, in order, then open; unless a later session has begun.

        What could not be read is looked for again while live messages go on.
        """
        if self._catch_up is None:
            return
        session, since = self._session, None
        while session == self._session:
            missed = await self._retry_forever(partial(self._catch_up.missed, me, app, since))
            for event in missed.events:
                if not await self._intake.take(event):
                    return
            if session == self._session:
                self._open.set()
            since = missed.unread_since
            if since is None or not await self._intake.pause(LONGEST_WAIT):
                return

    async def _retry_forever(self, look: Callable[[], Awaitable[MissedMessages]]) -> MissedMessages:
        """Find what was missed, however long storage is away."""
        failures = 0
        while True:
            try:
                return await look()
            except StorageError as error:
                _log.warning("discord.cannot_catch_up", error=type(error).__name__)
            failures += 1
            if not await self._intake.pause(BACKOFF.delay(failures)):
                return MissedMessages([], None)
