"""The connection to Discord: logs in, stays connected, asks for less where it must."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import discord
import structlog
from discord.gateway import DiscordWebSocket

from adapters.discord.client import FrontdeskClient, hang_up, point_at
from adapters.discord.config import DiscordConfig
from adapters.discord.errors import (
    MALFORMED,
    gateway_refused,
    intent_missing,
    not_discord,
    token_refused,
    translated,
)
from adapters.discord.retrying_intake import RetryingIntake
from bot.backoff import Backoff
from bot.errors import ServiceUnavailable
from bot.messages import Event
from bot.ports import Accept, History, Windows, Wording

_log = structlog.get_logger(__name__)

LONGEST_WAIT = 60.0
STEADY = 60.0  # seconds connected after which the next interruption counts as the first
LOGIN_TIME = 15.0
_DISALLOWED_INTENTS = 4014  # close code
CLOSE_WITHIN = 5.0  # seconds for closing the gateway connection


class Connection:
    """One app's way to Discord and back.

    Attributes:
        client: Logged in; None before that.
        past: Where to go on after a downtime.
        wording: The bot's own texts.
        windows: What stands in windows.

    Args:
        config: The section `discord:`.
        token: The bot token.
    """

    def __init__(self, config: DiscordConfig, token: str) -> None:
        self._config = config
        self._token = token
        self._closed = asyncio.Event()
        self._intake: RetryingIntake | None = None
        self._speaking = False
        self._reads_all = True
        self.client: FrontdeskClient | None = None
        self.past: History | None = None
        self.wording: Wording | None = None
        self.windows: Windows | None = None

    @property
    def is_open(self) -> bool:
        """Events can come in now; for a process that only answers: replies can be posted."""
        if self._speaking:
            return True
        client = self.client
        if client is None or not client.is_ready():
            return False
        # the attribute is None before the first connection, whatever its annotation says
        socket: DiscordWebSocket | None = client.ws
        return socket is not None and socket.open

    @property
    def sessions(self) -> int:
        """Number of connections since the start."""
        return self.client.sessions if self.client is not None else 0

    @property
    def limitations(self) -> Sequence[str] | None:
        """What Discord does not allow, with how to fix it; None before the first session."""
        if not self._reads_all:
            return (": ".join(intent_missing()),)
        return () if self.sessions and not self._speaking else None

    async def listen(self, accept: Accept) -> None:
        """Hand every event to `accept`, until `close`.

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
        """Allow posting without a gateway connection, until `close`.

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

    async def close(self) -> None:
        """Stop accepting and disconnect; returns when no more events will be handed in."""
        self._closed.set()
        await self._disconnect()

    async def _logged_in(self, intake: RetryingIntake) -> FrontdeskClient | None:
        """Return a client that Discord knows; None when we are closed before that."""
        failures = 0
        while not self._closed.is_set():
            client = FrontdeskClient(
                intake,
                self._config,
                self.past,
                self.wording,
                reads_all=self._reads_all,
                windows=self.windows,
            )
            try:
                await self._log_in(client)
            except ServiceUnavailable as error:
                _log.warning("discord.login_failed", error=str(error))
            else:
                self.client = client
                return client
            finally:
                if self.client is not client:
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
        if self.client is not None:
            try:
                await asyncio.wait_for(self.client.close(), CLOSE_WITHIN)
            except TimeoutError:
                await self.client.http.close()


async def _accept_nothing(_event: Event) -> bool:
    """Accept nothing: without the gateway there are no events."""
    return False
