"""Looking for what Slack's own retries did not bring: after six minutes Slack gives an event up.

Slack may allow an app one look a minute, so this runs slowly in the background, never waits
in the way of a new message, and ends at a bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.destination import PLATFORM, Place, place_of
from adapters.slack.edits import missing, to_edited
from adapters.slack.errors import FAILURES, translate
from adapters.slack.identity import Identity
from adapters.slack.names import Names
from adapters.slack.translate import to_received
from bot.conversations.key import app_prefix, app_source
from bot.errors import AdapterError, ServiceUnavailable, StorageError
from bot.messages import Addressing, Edited, Message, Readers, Received
from bot.ports import Accept, History

CONVERSATIONS: Final = 200
PAGE: Final = 100  # Slack cuts it to 15 where it limits an app to a page a minute
PAGES: Final = 10
LONGEST: Final = 3600.0
"""What one round reads at most: conversations, messages of a page, pages of a conversation; and
how many seconds it may take."""

RETRIES: Final = 360.0
"""Seconds after which Slack delivers an event no more."""

SHORT: Final = 60.0
"""Seconds without a connection that Slack's retries bridge for certain."""

_STORAGE_PAUSE: Final = 5.0
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ATTEMPTS: Final = 3

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class CatchUp:
    """Reads the conversations that the bot takes part in, and hands over what is in them.

    What was accepted before is known to the inbox, which keeps it for a day at least; so a round
    may be repeated, and need not know where an earlier one ended.

    Attributes:
        past: Tells which conversations there are; None: nothing is looked for.
        hours: How far back; at most 24, since older messages may no longer be known. 0: not.
        pace: Seconds between two requests; more when Slack asks for more.
        retries: Seconds to wait when an event was not stored, before it is looked for.
        bots: Ids of bots and workflows that may ask.
        support: Ids of channels in which questions need no mention.
        names: Of people who are mentioned; None: their ids stand.
    """

    client: AsyncWebClient
    identity: Identity
    accept: Accept
    past: History | None
    hours: float
    pace: float
    retries: float = RETRIES
    bots: frozenset[str] = frozenset()
    support: frozenset[str] = frozenset()
    names: Names | None = None
    _first: datetime = _EVER
    _missed: dict[str, datetime] = field(default_factory=dict)
    _readers_of: dict[str, Readers] = field(default_factory=dict)
    _needed: asyncio.Event = field(default_factory=asyncio.Event)
    _alarm: asyncio.TimerHandle | None = None

    def connected(self, away: float) -> None:
        """Note a new connection, and for how many seconds there was none."""
        if away >= SHORT:
            self._needed.set()

    def not_stored(self, message: Message) -> None:
        """Note that Slack had no acknowledgement for a message; it tries again by itself first."""
        begun = min(message.sent_at, self._missed.get(message.conversation, message.sent_at))
        self._missed[message.conversation] = begun
        self._readers_of[message.conversation] = message.readers
        if self._alarm is not None:
            self._alarm.cancel()
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(self.retries, self._needed.set)

    async def run(self) -> None:
        """Look whenever it is needed, until cancelled."""
        if self.past is None:
            return
        self._first = await self._first_start(self.past)
        if not self.hours:
            return
        try:
            while True:
                await self._needed.wait()
                self._needed.clear()
                await self._round(self.past)
        finally:
            if self._alarm is not None:
                self._alarm.cancel()

    async def _first_start(self, past: History) -> datetime:
        """Return when this account was first listened to, however long storage is away."""
        now = datetime.now(UTC)
        while True:
            try:
                return await past.first_start(app_source(PLATFORM, self.identity.account), now)
            except StorageError as error:
                _log.warning("slack.first_start_unknown", reason=type(error).__name__)
            await asyncio.sleep(_STORAGE_PAUSE)

    async def _round(self, past: History) -> None:
        """Look once, the liveliest conversations first."""
        missed, self._missed = self._missed, {}
        readers_of, self._readers_of = self._readers_of, {}
        found = 0
        try:
            async with asyncio.timeout(LONGEST):
                since = max(datetime.now(UTC) - timedelta(hours=self.hours), self._first)
                known = await past.conversations(
                    app_prefix(PLATFORM), since=since, limit=CONVERSATIONS
                )
                for key, begun in {**missed, **known}.items():
                    readers = await past.readers(key) or readers_of.get(key, Readers.OTHERS)
                    found += await self._take(past, place_of(key), readers, since, begun)
                for app in sorted({place_of(key).app for key in known}):
                    for channel in sorted(self.support):
                        place = Place(app, channel)
                        found += await self._take(past, place, Readers.OTHERS, since, since)
        except TimeoutError:
            _log.warning("slack.backfill_cut_short", seconds=LONGEST)
        except StorageError as error:
            _log.warning("slack.backfill_interrupted", reason=type(error).__name__)
            self._missed, self._readers_of = missed | self._missed, readers_of | self._readers_of
            await asyncio.sleep(_STORAGE_PAUSE)
            self._needed.set()
        else:
            _log.info("slack.backfill_done", found=found)

    async def _take(
        self, past: History, place: Place, readers: Readers, since: datetime, begun: datetime
    ) -> int:
        """Hand over what stands in one conversation, in order; return how much of it was new.

        What is stored and stands there no more was deleted.
        """
        listens = place.channel in self.support
        if not place.thread and readers is not Readers.AUTHOR and not listens:
            return 0  # a command was given there; who speaks in a channel speaks to others
        gone = await past.stored(app_prefix(PLATFORM), since=since, conversation=place.key)
        events: list[Received | Edited] = []
        try:
            async for message in self._messages(place, since):
                body = await self._body(message, place, readers)
                event = to_received(body, self.identity, self.bots)
                if event is None:
                    continue
                gone.discard(event.message.id)
                if _is_meant(event.message, since, begun, listens=listens):
                    edited = to_edited(body, body["event"], self.identity, self.bots)
                    if edited is not None:
                        said = replace(event.message, edited_at=edited.edited_at)
                        event = replace(event, message=said)
                    events += [event, *([edited] if edited is not None else [])]
        except (AdapterError, ServiceUnavailable) as error:
            _log.info("slack.backfill_skipped", conversation=place.key, reason=str(error))
            gone.clear()
        events.sort(key=lambda event: event.message.sent_at)
        found = sum([await self.accept(event) for event in events])
        now = datetime.now(UTC)
        return found + sum(
            [await self.accept(missing(each, readers, now)) for each in sorted(gone)]
        )

    async def _body(
        self, message: Mapping[str, Any], place: Place, readers: Readers
    ) -> dict[str, Any]:
        """Return the event that a message of a history stands for; it tells less than one."""
        kind = "im" if readers is Readers.AUTHOR else "channel"
        event = {**message, "type": "message", "channel": place.channel, "channel_type": kind}
        if place.thread:
            event["thread_ts"] = place.thread
        body = {"api_app_id": place.app, "team_id": self.identity.team, "event": event}
        received = to_received(body, self.identity, self.bots)
        if received is None or self.names is None:
            return body
        return {**body, "event": await self.names.labelled(event, received.message)}

    async def _messages(self, place: Place, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        """Yield what was written in a place, page by page.

        Raises:
            ServiceUnavailable: Slack is away, or not all of it was read.
            AdapterError: Slack refuses for good.
        """
        cursor = ""
        for _ in range(PAGES):
            page = await self._page(place, since, cursor)
            for message in page.get("messages") or []:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise ServiceUnavailable(f"slack: more than {PAGES} pages in {place.key}")

    async def _page(self, place: Place, since: datetime, cursor: str) -> AsyncSlackResponse:
        """Ask for a page, as often as Slack wants to be asked."""
        window: dict[str, Any] = {"oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        if cursor:
            window["cursor"] = cursor
        attempt = 1
        while True:
            await asyncio.sleep(self.pace)
            try:
                if place.thread:
                    return await self.client.conversations_replies(
                        channel=place.channel, ts=place.thread, **window
                    )
                return await self.client.conversations_history(channel=place.channel, **window)
            except FAILURES as error:
                failure = translate(error, "looking for what was missed")
                if attempt == _ATTEMPTS or isinstance(failure, AdapterError):
                    raise failure from error
                self.pace = max(self.pace, _asked_for(error))
            attempt += 1


def _is_meant(message: Message, since: datetime, begun: datetime, *, listens: bool) -> bool:
    """Leave out what is too old to be known, and talk from before the bot was asked in.

    Args:
        message: Found in a history.
        since: How far back to look.
        begun: When the bot was asked in.
        listens: Questions need no mention there.
    """
    if message.sent_at < since:
        return False
    if message.addressing is Addressing.AMBIENT:
        return listens
    return message.addressing is not Addressing.THREAD or message.sent_at >= begun


def _asked_for(error: Exception) -> float:
    """Return the seconds that Slack wants to be left alone for."""
    if not isinstance(error, SlackApiError):
        return 0.0
    headers = getattr(error.response, "headers", {})
    return float(headers.get("Retry-After") or 0.0)
