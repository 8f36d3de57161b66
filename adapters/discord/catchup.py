"""Catching up with what was written while nobody listened: Discord itself never redelivers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import discord
import structlog
from discord.utils import time_snowflake, utcnow

from adapters.discord.intake import Intake
from adapters.discord.refusals import FAILURES
from adapters.discord.translate import to_received
from bot.errors import StorageError
from bot.messages import Addressing, Received
from bot.ports import Past

_log = structlog.get_logger(__name__)

MARGIN = timedelta(minutes=5)
"""How far behind the last accepted message we look: others may have been overtaken by it."""

REMEMBERED = timedelta(days=30)
"""How long direct messages and threads that went quiet are looked into."""

DIRECT_LIMIT = 500
ARCHIVED_LIMIT = 100
MESSAGES_LIMIT = 1000
"""How much is read at most: direct messages, threads that are archived, messages of one place."""

AT_ONCE = 8
ATTEMPTS = 5
LONGEST_WAIT = 30.0

_CLOSED_TO_US = (403, 404)

Readable = discord.abc.Messageable
_Listed = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel


class CatchUp:
    """Finds what was written since the last message that was accepted.

    Args:
        client: Logged in.
        intake: Told when we close.
        past: What storage knows of earlier.
        hours: How far back to look at most; 0: not at all.
    """

    def __init__(self, client: discord.Client, intake: Intake, past: Past, hours: float) -> None:
        self._client = client
        self._intake = intake
        self._past = past
        self._back = timedelta(hours=hours)

    async def missed(self, me: discord.ClientUser, app: int) -> list[Received]:
        """Return what may have been missed, the oldest first; known messages are among it.

        Places are read newest first, so that a limit spares what is most urgent.
        """
        prefix = f"discord:{app}:"
        known = await self._known(prefix)
        since = await self._since(prefix, known)
        if since is None:
            return []
        turns = asyncio.Semaphore(AT_ONCE)

        async def read(place: Readable | int) -> list[discord.Message]:
            async with turns:
                return await self._read(place, since)

        found = await asyncio.gather(*map(read, self._places(since, known)))
        events = [
            (message.id, event)
            for place in found
            for message in place
            if (event := to_received(message, me=me, app=app)) and _may_concern_us(event, known)
        ]
        _log.info("discord.caught_up", places=len(found), messages=len(events))
        return [event for _, event in sorted(events, key=lambda each: each[0])]

    async def _known(self, prefix: str) -> Mapping[str, datetime]:
        since = utcnow() - max(REMEMBERED, self._back)
        return await self._past.conversations(
            prefix, since=since, limit=DIRECT_LIMIT + ARCHIVED_LIMIT
        )

    async def _since(self, prefix: str, known: Mapping[str, datetime]) -> int | None:
        """Return the id to go on from; None when there is nothing to go on from.

        Ids tell the time on all of Discord. Those of presses do not count: presses are taken
        while we are still catching up with messages.
        """
        accepted = await self._past.accepted(prefix)
        if not self._back or not (accepted or known):
            return None
        numbers = [each.removeprefix(prefix).split(":") for each in accepted]
        latest = max((int(number[-1]) for number in numbers if len(number) == 2), default=0)
        earliest = time_snowflake(utcnow() - self._back)
        return max(latest - (int(MARGIN.total_seconds() * 1000) << 22), earliest)

    def _places(self, since: int, known: Mapping[str, datetime]) -> Iterator[Readable | int]:
        """Yield where something new may stand; ids are of threads that we must ask for."""
        listed: set[int] = set()
        for guild in self._client.guilds:
            channels: list[_Listed] = [*guild.text_channels, *guild.threads]
            channels += [*guild.voice_channels, *guild.stage_channels]
            for channel in channels:
                listed.add(channel.id)
                if (channel.last_message_id or 0) > since and _readable(channel):
                    yield channel
        places = [key.split(":")[2:] for key in known]
        for (direct,) in [each for each in places if len(each) == 1][:DIRECT_LIMIT]:
            yield self._client.get_partial_messageable(
                int(direct), type=discord.ChannelType.private
            )
        threads = [int(each[1]) for each in places if len(each) > 1]
        yield from [each for each in threads if each not in listed][:ARCHIVED_LIMIT]

    async def _read(self, place: Readable | int, since: int) -> list[discord.Message]:
        """Return what was written in a place; nothing where we may not read any longer."""
        for attempt in range(ATTEMPTS):
            try:
                return await self._history(place, since)
            except FAILURES as error:
                if isinstance(error, discord.HTTPException) and error.status in _CLOSED_TO_US:
                    return []
                reason = type(error).__name__
            if not await self._intake.pause(min(2.0**attempt, LONGEST_WAIT)):
                return []
        _log.error("discord.not_caught_up", place=_id_of(place), error=reason)
        return []

    async def _history(self, place: Readable | int, since: int) -> list[discord.Message]:
        if isinstance(place, int):
            fetched = await self._client.fetch_channel(place)
            if not isinstance(fetched, discord.Thread) or (fetched.last_message_id or 0) <= since:
                return []
            place = fetched
        newest = place.history(
            limit=MESSAGES_LIMIT, after=discord.Object(since), oldest_first=False
        )
        found = [message async for message in newest]
        if len(found) == MESSAGES_LIMIT:
            _log.warning("discord.older_messages_left_out", place=_id_of(place))
        return found


class Gate:
    """Live messages wait behind what was missed, or they would overtake it.

    Args:
        catch_up: Finds what was missed; None: nothing is ever missed.
        intake: Takes it.
    """

    def __init__(self, catch_up: CatchUp | None, intake: Intake) -> None:
        self._catch_up = catch_up
        self._intake = intake
        self._session = 0
        self._open = asyncio.Event()

    async def wait(self) -> None:
        """Wait until all that was written earlier is stored."""
        await self._open.wait()

    def begin(self) -> None:
        """Note that a session begins which knows nothing of what was missed."""
        self._session += 1
        if self._catch_up is not None:
            self._open.clear()
        else:
            self._open.set()

    def open(self) -> None:
        """Let everything in; nothing is left to wait for."""
        self._open.set()

    async def catch_up(self, me: discord.ClientUser, app: int) -> None:
        """Hand over what was missed, in order, then open; unless a later session has begun."""
        if self._catch_up is None:
            return
        session = self._session
        for event in await self._insist(self._catch_up, me, app):
            if not await self._intake.take(event):
                return
        if session == self._session:
            self._open.set()

    async def _insist(self, catch_up: CatchUp, me: discord.ClientUser, app: int) -> list[Received]:
        """Find what was missed, however long storage is away."""
        wait = 1.0
        while True:
            try:
                return await catch_up.missed(me, app)
            except StorageError as error:
                _log.warning("discord.cannot_catch_up", error=type(error).__name__)
            if not await self._intake.pause(wait):
                return []
            wait = min(wait * 2, LONGEST_WAIT)


def _may_concern_us(event: Received, known: Mapping[str, datetime]) -> bool:
    """Leave out small talk, and what people said in a thread before they asked the bot in."""
    message = event.message
    if message.addressing is Addressing.THREAD:
        begun = known.get(message.conversation)
        return begun is None or message.sent_at >= begun
    return message.addressing is not Addressing.AMBIENT


def _readable(channel: _Listed) -> bool:
    """Tell whether we may read what was said; asking in vain counts towards a ban."""
    try:
        allowed = channel.permissions_for(channel.guild.me)
    except discord.ClientException:  # a thread whose channel is hidden from us
        return False
    return allowed.view_channel and allowed.read_message_history


def _id_of(place: Readable | int) -> int:
    return place if isinstance(place, int) else int(getattr(place, "id", 0))
