"""The Discord adapter: stays connected, hands events in, posts replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import discord
import structlog
from discord.gateway import DiscordWebSocket

from adapters.common.refused import Refusals
from adapters.common.used_buttons import marking
from adapters.discord.client import FrontdeskClient, hang_up, point_at
from adapters.discord.config import DiscordConfig
from adapters.discord.destination import message_link
from adapters.discord.errors import (
    MALFORMED,
    gateway_refused,
    intent_missing,
    not_discord,
    token_refused,
    translated,
)
from adapters.discord.lookback import earlier_lines
from adapters.discord.poster import Poster
from adapters.discord.retrying_intake import RetryingIntake
from adapters.discord.status import show_typing
from adapters.discord.translate import PLATFORM
from bot.backoff import Backoff
from bot.errors import ServiceUnavailable
from bot.messages import Event, Message, Part
from bot.ports import Accept, Alerts, EarlierLine, History, Posting, ReservedPost, Wording

_log = structlog.get_logger(__name__)

LONGEST_WAIT = 60.0
STEADY = 60.0  # seconds connected after which the next interruption counts as the first
LOGIN_TIME = 15.0
_DISALLOWED_INTENTS = 4014  # close code
CLOSE_WITHIN = 5.0  # seconds for closing the gateway connection


class DiscordAdapter:
    """The `Adapter` of Discord.

    Args:
        config: The section `discord:`.
        token: The bot token.
    """

    name = PLATFORM

    def __init__(self, config: DiscordConfig, token: str) -> None:
        self._config = config
        self._token = token
        self._closed = asyncio.Event()
        self._client: FrontdeskClient | None = None
        self._intake: RetryingIntake | None = None
        self._past: History | None = None
        self._wording: Wording | None = None
        self._refusals = Refusals("Discord")
        self._speaking = False
        self._reads_all = True

    @property
    def connected(self) -> bool:
        """Events can come in now; for a process that only answers: replies can be posted."""
        if self._speaking:
            return True
        client = self._client
        if client is None or not client.is_ready():
            return False
        # the attribute is None before the first connection, whatever its annotation says
        socket: DiscordWebSocket | None = client.ws
        return socket is not None and socket.open

    @property
    def connections(self) -> int:
        """Number of connections since the start."""
        return self._client.sessions if self._client is not None else 0

    @property
    def limitations(self) -> Sequence[str] | None:
        """What Discord does not allow, with how to fix it; None before the first session."""
        if not self._reads_all:
            return (": ".join(intent_missing()),)
        return () if self.connections and not self._speaking else None

    def recall(self, past: History) -> None:
        """Set the history to catch up from; called once, before `run`."""
        self._past = past

    def use_wording(self, wording: Wording) -> None:
        """Set the wording of the bot's own texts; called once, before `run`."""
        self._wording = wording

    def use_alerts(self, alerts: Alerts) -> None:
        """Set what alerts staff; called once, before `run`."""
        self._refusals.use(alerts)

    async def run(self, accept: Accept) -> None:
        """Connect and hand every event to `accept`, until `close`.

        Raises:
            AdapterError: Discord refuses us for good: token, intent, version.
        """
        point_at(self._config)
        self._intake = RetryingIntake(accept, retry_after=self._config.reconnect_after)
        try:
            client = await self._logged_in(self._intake)
            while client is not None:
                client = await self._stay_connected(client, self._intake)
        finally:
            await self._disconnect()

    async def speak(self) -> None:
        """Post replies without a gateway connection, until `close`.

        Raises:
            AdapterError: Discord refuses the token.
        """
        point_at(self._config)
        try:
            if await self._logged_in(RetryingIntake(_accept_nothing)) is not None:
                self._speaking = True
                await self._closed.wait()
        finally:
            self._speaking = False
            await self._disconnect()

    @asynccontextmanager
    async def thinking(self, event: Event) -> AsyncIterator[None]:
        """Show that the bot is typing; that neither delays an answer nor fails with it."""
        client = self._client
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
        async with self._poster() as poster:
            parts = marking(posting, parts, poster.mark_used)
            if posting.event.message.unseen:
                await poster.answer_unseen(posting, parts)
            else:
                await poster.post(posting, parts)

    async def withdraw(self, posting: Posting) -> None:
        """Delete what stands of a reply; raises what `post` raises."""
        async with self._poster() as poster:
            await poster.withdraw(posting)

    async def notify(self, channel: str, markdown: str) -> None:
        """Post into a channel of staff; raises what `post` raises."""
        async with self._poster() as poster:
            await poster.notify(channel, markdown)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post of the outbox; return the ids of all messages that it became.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        async with self._poster() as poster:
            return await poster.deliver(reserved)

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        """Return what people wrote before a message, see `LooksBack`."""
        return await earlier_lines(self._client, message) if self._client else ()

    def link(self, message: Message) -> str:
        """Return the address of a message in a server; empty for direct messages."""
        return message_link(self._client, message)

    async def close(self) -> None:
        """Stop accepting and disconnect; returns when no more events will be handed in."""
        self._closed.set()
        await self._disconnect()

    @asynccontextmanager
    async def _poster(self) -> AsyncIterator[Poster]:
        """Yield what posts, as long as we are connected."""
        client = self._client
        if client is None or client.is_closed():
            raise ServiceUnavailable("discord: not connected")
        try:
            yield Poster(client, self._config, self._past, self._refusals)
        except RuntimeError as error:
            if not client.is_closed():
                raise
            # the HTTP session was closed under a request that was waiting for its turn
            raise ServiceUnavailable("discord: disconnected while posting") from error

    async def _logged_in(self, intake: RetryingIntake) -> FrontdeskClient | None:
        """Return a client that Discord knows; None when we are closed before that."""
        failures = 0
        while not self._closed.is_set():
            client = FrontdeskClient(
                intake, self._config, self._past, self._wording, reads_all=self._reads_all
            )
            try:
                await self._log_in(client)
            except ServiceUnavailable as error:
                _log.warning("discord.login_failed", error=str(error))
            else:
                self._client = client
                return client
            finally:
                if self._client is not client:
                    await client.close()
            await self._pause(failures)
            failures += 1
        return None

    async def _log_in(self, client: discord.Client) -> None:
        try:
            with translated("logging in"):
                async with asyncio.timeout(min(self._config.timeout, LOGIN_TIME)):
                    await client.login(self._token)
        except discord.LoginFailure as error:
            raise token_refused(self._config.token_env) from error
        except MALFORMED:
            raise not_discord() from None

    async def _stay_connected(
        self, client: FrontdeskClient, intake: RetryingIntake
    ) -> FrontdeskClient | None:
        """Keep the gateway connection up until we close or Discord refuses it for good.

        Returns:
            The client to go on with, which asks for less; None when we are closed.
        """
        failures = 0
        while not self._closed.is_set():
            started = asyncio.get_running_loop().time()
            try:
                await client.connect()
            except discord.PrivilegedIntentsRequired as error:
                if not self._reads_all:
                    raise gateway_refused(_DISALLOWED_INTENTS) from error
                return await self._without_content(client, intake)
            except discord.ConnectionClosed as error:
                raise gateway_refused(error.code) from error
            except Exception:  # noqa: BLE001 - the adapter's outermost loop: an event that
                # discord.py cannot parse ends connect() for good, with what the parser raised
                _log.exception("discord.connection_lost")
            if asyncio.get_running_loop().time() - started > STEADY:
                failures = 0
            await hang_up(client)
            await self._pause(failures)
            failures += 1
        return None

    async def _without_content(
        self, client: FrontdeskClient, intake: RetryingIntake
    ) -> FrontdeskClient | None:
        """Return a client that asks for no content of others' messages, in place of another."""
        found, remedy = intent_missing()
        _log.warning("discord.message_content_missing", found=found, remedy=remedy)
        self._reads_all = False
        await client.close()
        return await self._logged_in(intake)

    async def _pause(self, failures: int) -> None:
        """Wait before the next attempt, longer each time; less when we are closed."""
        seconds = Backoff(self._config.reconnect_after, LONGEST_WAIT).delay(failures + 1)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), seconds)

    async def _disconnect(self) -> None:
        if self._intake is not None:
            await self._intake.close()
        if self._client is not None:
            try:
                await asyncio.wait_for(self._client.close(), CLOSE_WITHIN)
            except TimeoutError:
                await self._client.http.close()


async def _accept_nothing(_event: Event) -> bool:
    """Accept nothing: without the gateway there are no events."""
    return False
