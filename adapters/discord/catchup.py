"""Catching up with what was written while nobody listened: Discord itself never redelivers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
import structlog
from discord.utils import snowflake_time, time_snowflake, utcnow

from adapters.discord.edits import missing, to_edited
from adapters.discord.errors import FAILURES
from adapters.discord.retrying_intake import RetryingIntake
from adapters.discord.translate import PLATFORM, to_received
from bot.backoff import Backoff
from bot.conversations.key import ConversationKey, MessageId, app_prefix, app_source
from bot.messages import Addressing, Deleted, Edited, Received
from bot.ports import History

_log = structlog.get_logger(__name__)

MARGIN = timedelta(minutes=15)
"""How far behind the last accepted message we look: others may have been overtaken by it, and
younger answers are withdrawn when their question was deleted meanwhile."""

REMEMBERED = timedelta(days=30)
"""How long direct messages and threads that went quiet are looked into."""

DIRECT_LIMIT = 500
ARCHIVED_LIMIT = 100
MESSAGES_LIMIT = 1000
"""How much is read at most: direct messages, threads that are archived, messages of one place."""

AT_ONCE = 8
REQUEST_TIME = 60.0
PATIENCE = 120.0
"""Seconds that live messages are kept waiting at most, when Discord does not let us read."""

LONGEST_WAIT = 30.0
BACKOFF = Backoff(first=1.0, longest=LONGEST_WAIT)

_CLOSED_TO_US = (403, 404)

Readable = discord.abc.Messageable
_Listed = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel


@dataclass(frozen=True, slots=True)
class MissedMessages:
    """What was found.

    Attributes:
        events: The oldest first.
        unread_since: Where to go on from in places that could not be read; None: all were.
    """

    events: Sequence[Received | Edited | Deleted]
    unread_since: int | None


class CatchUp:
    """Finds what was written since the last message that was accepted.

    Args:
        client: Logged in.
        intake: Told when we close.
        past: What storage knows of earlier.
        hours: How far back to look at most; 0: not at all.
        patience: Seconds for one look.
        heard: Ids of bots and webhooks that may ask, and of channels in which questions need no
            mention.
    """

    def __init__(
        self,
        client: discord.Client,
        intake: RetryingIntake,
        past: History,
        hours: float,
        *,
        patience: float = PATIENCE,
        heard: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
    ) -> None:
        self._bots, self._support = heard
        self._client = client
        self._intake = intake
        self._past = past
        self._back = timedelta(hours=hours)
        self._patience = patience
        # Channels with newer messages that are stored, and those that were read to their end.
        self._lately: set[int] = set()
        self._whole: set[int] = set()

    async def missed(
        self, me: discord.ClientUser, app: int, since: int | None = None
    ) -> MissedMessages:
        """Return what may have been missed, the oldest first; known messages are among it.

        Places are read newest first, so that a limit spares what is most urgent.

        Args:
            me: The bot's own user.
            app: The application's id.
            since: Where to go on from; None: from the last message that was accepted.
        """
        prefix = app_prefix(PLATFORM, str(app))
        first = await self._past.first_start(app_source(PLATFORM, str(app)), utcnow())
        known = await self._known(prefix)
        accepted = await self._past.accepted(prefix)
        if since is None:
            since = self._since(accepted, known)
        if since is None:
            return MissedMessages([], None)
        since = max(since, time_snowflake(first))
        stored = await self._past.stored(prefix, since=snowflake_time(since))
        self._lately = {int(MessageId.parse(each).channel) for each in stored}
        self._whole = set()
        places = [*self._places(since, known, accepted)]
        read = await self._read_all(places, since)
        messages = [*itertools.chain.from_iterable(found for found in read if found)]
        events = [
            (message.id, event)
            for message in messages
            if (event := to_received(message, me=me, app=app, bots=self._bots))
            and self._may_concern_us(event, known)
        ]
        _log.info("discord.caught_up", places=len(places), messages=len(events))
        ordered = [event for _, event in sorted(events, key=lambda each: each[0])]
        edits: list[Edited] = [
            edit
            for each in messages
            if (edit := to_edited(each, me=me, app=app, bots=self._bots)) is not None
        ]
        gone = _gone(stored, self._whole, {message.id for message in messages})
        return MissedMessages([*ordered, *edits, *gone], since if None in read else None)

    def _may_concern_us(self, event: Received, known: Mapping[str, datetime]) -> bool:
        """Leave out small talk, and what people said in a thread before they asked the bot in."""
        message = event.message
        if message.addressing is Addressing.THREAD:
            begun = known.get(message.conversation)
            return begun is None or message.sent_at >= begun
        if message.addressing is Addressing.AMBIENT:
            return ConversationKey.parse(message.conversation).channel in self._support
        return True

    async def _known(self, prefix: str) -> Mapping[str, datetime]:
        since = utcnow() - max(REMEMBERED, self._back)
        return await self._past.conversations(
            prefix, since=since, limit=DIRECT_LIMIT + ARCHIVED_LIMIT
        )

    def _since(self, accepted: Sequence[str], known: Mapping[str, datetime]) -> int | None:
        """Return the id to go on from; None when there is nothing to go on from.

        Ids tell the time on all of Discord. Those of presses do not count: presses are taken
        while we are still catching up with messages.
        """
        if not self._back or not (accepted or known):
            return None
        ids = [MessageId.parse(each) for each in accepted]
        latest = max((int(each.number) for each in ids if not each.kind), default=0)
        earliest = time_snowflake(utcnow() - self._back)
        return max(latest - (int(MARGIN.total_seconds() * 1000) << 22), earliest)

    def _places(
        self, since: int, known: Mapping[str, datetime], accepted: Sequence[str]
    ) -> Iterator[Readable | int]:
        """Yield where something new may stand, or something was deleted.

        Ids are of places that we must ask for.
        """
        listed: set[int] = set()
        for guild in self._client.guilds:
            channels: list[_Listed] = [*guild.text_channels, *guild.threads]
            channels += [*guild.voice_channels, *guild.stage_channels]
            for channel in channels:
                listed.add(channel.id)
                news = (channel.last_message_id or 0) > since or channel.id in self._lately
                if news and _readable(channel):
                    yield channel
        places = [ConversationKey.parse(key) for key in known]
        # a channel where a command was used can be among these: Discord reports what each is
        direct = [int(each.channel) for each in places if not each.thread]
        # and direct messages with somebody whose only message was deleted before its answer
        heard = [int(MessageId.parse(each).channel) for each in accepted]
        direct = list(dict.fromkeys([*direct, *heard]))
        yield from [each for each in direct if each not in listed][:DIRECT_LIMIT]
        threads = [int(each.thread) for each in places if each.thread]
        yield from [each for each in threads if each not in listed][:ARCHIVED_LIMIT]

    async def _read_all(
        self, places: Sequence[Readable | int], since: int
    ) -> list[list[discord.Message] | None]:
        """Read some places at a time; None stands for one that could not be read in time."""
        turns = asyncio.Semaphore(AT_ONCE)
        deadline = asyncio.get_running_loop().time() + self._patience

        async def read(place: Readable | int) -> list[discord.Message] | None:
            try:
                async with asyncio.timeout_at(deadline), turns:
                    return await self._read(place, since)
            except TimeoutError:
                _log.warning("discord.not_caught_up", place=_id_of(place))
                return None

        return await asyncio.gather(*map(read, places))

    async def _read(self, place: Readable | int, since: int) -> list[discord.Message]:
        """Return what was written in a place; nothing where we may not read any longer."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(REQUEST_TIME):
                    return await self._history(place, since)
            except FAILURES as error:
                if isinstance(error, discord.HTTPException) and error.status in _CLOSED_TO_US:
                    return []
            except RuntimeError:
                if not self._client.is_closed():
                    raise  # the HTTP session was closed under the request
            failures += 1
            if not await self._intake.pause(BACKOFF.delay(failures)):
                return []

    async def _history(self, place: Readable | int, since: int) -> list[discord.Message]:
        if isinstance(place, int):
            fetched = await self._fetched(place)
            quiet = fetched is not None and _is_quiet(fetched, since)
            if fetched is None or (quiet and fetched.id not in self._lately):
                return []
            place = fetched
        newest = place.history(
            limit=MESSAGES_LIMIT, after=discord.Object(since), oldest_first=False
        )
        found = [message async for message in newest]
        if len(found) == MESSAGES_LIMIT:
            _log.warning("discord.older_messages_left_out", place=_id_of(place))
        else:
            self._whole.add(_id_of(place))
        return found

    async def _fetched(self, place: int) -> discord.Thread | discord.DMChannel | None:
        """Ask Discord what a place is; None for a channel, where people speak to each other."""
        try:
            fetched = await self._client.fetch_channel(place)
        except discord.InvalidData:  # of a type that discord.py does not know
            return None
        return fetched if isinstance(fetched, discord.Thread | discord.DMChannel) else None


def _gone(stored: Collection[str], read: Collection[int], found: Collection[int]) -> list[Deleted]:
    """Return the deletions of stored messages that stand no more in the places that were read."""
    keys = [MessageId.parse(each) for each in sorted(stored)]
    return [
        missing(str(key))
        for key in keys
        if int(key.channel) in read and int(key.number) not in found
    ]


def _is_quiet(place: discord.Thread | discord.DMChannel, since: int) -> bool:
    """Return whether nothing new stands in a place; discord.py does not tell of direct messages."""
    return isinstance(place, discord.Thread) and (place.last_message_id or 0) <= since


def _readable(channel: _Listed) -> bool:
    """Return whether we may read what was said; asking in vain counts towards a ban."""
    try:
        allowed = channel.permissions_for(channel.guild.me)
    except discord.ClientException:  # a thread whose channel is hidden from us
        return False
    return allowed.view_channel and allowed.read_message_history


def _id_of(place: Readable | int) -> int:
    return place if isinstance(place, int) else int(getattr(place, "id", 0))
