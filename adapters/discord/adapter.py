"""The Discord adapter: stays connected, hands events in, posts replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from adapters.common.refused import Refusals
from adapters.common.used_buttons import marking
from adapters.discord.client import FrontdeskClient
from adapters.discord.config import DiscordConfig
from adapters.discord.connection import Connection
from adapters.discord.destination import message_link
from adapters.discord.files import FileFetcher
from adapters.discord.lookback import earlier_lines
from adapters.discord.outgoing import OutgoingPoster
from adapters.discord.people import direct_channel, name_of
from adapters.discord.poster import Poster
from adapters.discord.status import show_typing
from adapters.discord.translate import PLATFORM
from bot.conversations.key import ConversationKey
from bot.errors import ServiceUnavailable
from bot.messages import Attachment, Event, Message, Part
from bot.ports import (
    Accept,
    Alerts,
    EarlierLine,
    History,
    Posting,
    ReservedPost,
    Windows,
    Wording,
)


class DiscordAdapter:
    """The `Adapter` of Discord.

    Args:
        config: The section `discord:`.
        token: The bot token.
    """

    name = PLATFORM

    def __init__(self, config: DiscordConfig, token: str) -> None:
        self._config = config
        self._connection = Connection(config, token)
        self._refusals = Refusals("Discord")

    @property
    def connected(self) -> bool:
        """Events can come in now; for a process that only answers: replies can be posted."""
        return self._connection.is_open

    @property
    def connections(self) -> int:
        """Number of connections since the start."""
        return self._connection.sessions

    @property
    def limitations(self) -> Sequence[str] | None:
        """What Discord does not allow, with how to fix it; None before the first session."""
        return self._connection.limitations

    def recall(self, past: History) -> None:
        """Set the history to catch up from; called once, before `run`."""
        self._connection.past = past

    def use_wording(self, wording: Wording) -> None:
        """Set the wording of the bot's own texts; called once, before `run`."""
        self._connection.wording = wording

    def use_windows(self, windows: Windows) -> None:
        """Set what stands in windows; called once, before `run`."""
        self._connection.windows = windows

    def use_alerts(self, alerts: Alerts) -> None:
        """Set what alerts staff; called once, before `run`."""
        self._refusals.use(alerts)

    async def run(self, accept: Accept) -> None:
        """Connect and hand every event to `accept`, until `close`.

        Raises:
            AdapterError: Discord refuses us for good: token, intent, version.
        """
        await self._connection.listen(accept)

    async def speak(self) -> None:
        """Post replies without a gateway connection, until `close`.

        Raises:
            AdapterError: Discord refuses the token.
        """
        await self._connection.speak()

    @asynccontextmanager
    async def thinking(self, event: Event) -> AsyncIterator[None]:
        """Show that the bot is typing; that neither delays an answer nor fails with it."""
        client = self._connection.client
        typing = None
        if client is not None and not event.message.unseen:  # its answer is for one person alone
            typing = asyncio.create_task(show_typing(client, event))
        try:
            yield
        finally:
            if typing is not None:
                typing.cancel()
                await asyncio.wait([typing])

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post a reply into the place where the event came from; `Done` alone posts nothing.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        async with self._logged_in() as client:
            poster = self._poster(client)
            parts = marking(posting, parts, poster.mark_used)
            if posting.event.message.unseen:
                await poster.answer_unseen(posting, parts)
            else:
                await poster.post(posting, parts)

    async def withdraw(self, posting: Posting) -> None:
        """Delete what stands of a reply; raises what `post` raises."""
        async with self._logged_in() as client:
            poster = self._poster(client)
            await poster.withdraw(posting)

    async def notify(self, channel: str, markdown: str) -> None:
        """Post into a channel of staff; raises what `post` raises."""
        async with self._logged_in() as client:
            poster = self._poster(client)
            await poster.notify(channel, markdown)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Do what a post of the outbox is to do; return ids of messages, see `DeliversPosts`.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        async with self._logged_in() as client:
            poster = OutgoingPoster(client, self._config, self._connection.past, self._refusals)
            return await poster.deliver(reserved)

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the content of a file that came with a message; see `FetchesFiles`."""
        async with self._logged_in() as client:
            return await FileFetcher(client, self._config).fetch(attachment, limit=limit)

    def place(self, channel: str) -> ConversationKey:
        """Return the key of a channel, by its id; see `KnowsPlaces`."""
        client = self._connection.client
        if client is None or client.application_id is None:
            raise ServiceUnavailable("discord: not connected")
        return ConversationKey(PLATFORM, str(client.application_id), channel)

    async def name_of(self, person: str) -> str:
        """Return the display name of a person, by their key; empty when nobody tells it."""
        client = self._connection.client
        return await name_of(client, person) if client is not None else ""

    async def direct_messages(self, person: str) -> str:
        """Return the key of the direct messages with a person, see `OpensDirectMessages`.

        Whether they are closed Discord tells only to whoever posts.
        """
        async with self._logged_in() as client:
            channel = await direct_channel(client, person)
        return str(self.place(channel)) if channel else ""

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        """Return what people wrote before a message, see `LooksBack`."""
        client = self._connection.client
        return await earlier_lines(client, message) if client else ()

    def link(self, message: Message) -> str:
        """Return the address of a message in a server; empty for direct messages."""
        return message_link(self._connection.client, message)

    async def close(self) -> None:
        """Stop accepting and disconnect; returns when no more events will be handed in."""
        await self._connection.close()

    def _poster(self, client: FrontdeskClient) -> Poster:
        return Poster(client, self._config, self._connection.past, self._refusals)

    @asynccontextmanager
    async def _logged_in(self) -> AsyncIterator[FrontdeskClient]:
        """Yield the client, as long as we are connected."""
        client = self._connection.client
        if client is None or client.is_closed():
            raise ServiceUnavailable("discord: not connected")
        try:
            yield client
        except RuntimeError as error:
            if not client.is_closed():
                raise
            # the HTTP session was closed under a request that was waiting for its turn
            raise ServiceUnavailable("discord: disconnected while posting") from error
