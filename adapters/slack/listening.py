"""Receiving events: the websocket, the application behind it, and what runs alongside."""

from __future__ import annotations

import asyncio
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.bolt_app import BoltApp
from adapters.slack.catchup import CatchUp
from adapters.slack.config import SlackConfig
from adapters.slack.identity import Identity
from adapters.slack.names import Names
from adapters.slack.socket_mode import SocketMode
from adapters.slack.used_buttons import UsedButtons
from adapters.slack.user_groups import UserGroups
from bot.ports import Accept, History, Windows, Wording

_SETTLING: Final = 10.0  # seconds for interactions under way when the adapter closes


class Listening:
    """Hands events to `accept` over Socket Mode.

    Args:
        client: Of the Web API.
        config: The section `slack:`.
        app_token: Opens websockets.
        wording: The bot's own texts.
        used: Told of each press whose buttons may be marked.
        past: What to catch up from; None: nothing is looked for.
        windows: What stands in windows; None: there are none.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        config: SlackConfig,
        app_token: str,
        wording: Wording,
        used: UsedButtons,
        past: History | None,
        windows: Windows | None = None,
    ) -> None:
        self._client = client
        self._config = config
        self._app_token = app_token
        self._wording = wording
        self._used = used
        self._past = past
        self._windows = windows
        self._socket: SocketMode | None = None

    @property
    def connected(self) -> bool:
        """Events can come in now."""
        return self._socket is not None and self._socket.connected

    @property
    def connections(self) -> int:
        """Number of connections since the start."""
        return self._socket.connections if self._socket is not None else 0

    async def run(
        self, identity: Identity, names: Names, accept: Accept, closing: asyncio.Event
    ) -> None:
        """Listen until `closing` is set.

        Raises:
            AdapterError: Slack refuses the app token.
        """
        config = self._config
        groups = UserGroups(self._client, config.allow.roles | config.deny.roles)
        await groups.look()
        accept = groups.marking(accept)
        catch_up = self._catch_up(identity, names, accept)
        app = BoltApp(
            self._client,
            identity,
            accept,
            catch_up.not_stored,
            self._wording,
            self._used,
            names,
            config.bots,
            self._windows,
        )
        self._socket = SocketMode(
            self._client, self._app_token, app.handle, config.ping_interval, catch_up.connected
        )
        looking = [asyncio.create_task(each.run()) for each in (catch_up, groups)]
        try:
            await self._socket.run(closing)
        finally:
            for each in looking:
                each.cancel()
            await asyncio.wait(looking)
            await app.settled(_SETTLING)

    def _catch_up(self, identity: Identity, names: Names, accept: Accept) -> CatchUp:
        config = self._config
        hours, pace = config.catch_up_hours, config.catch_up_pace
        return CatchUp(
            *(self._client, identity, accept, self._past, hours, pace),
            bots=config.bots,
            support=config.support,
            names=names,
        )
