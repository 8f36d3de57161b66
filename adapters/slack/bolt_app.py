"""The Bolt application: messages are stored before Slack is acknowledged."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from time import time
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import quiet_logger
from adapters.slack.edits import is_change, to_change, to_edited
from adapters.slack.identity import Identity
from adapters.slack.names import Names
from adapters.slack.people import People
from adapters.slack.router import Router
from adapters.slack.translate import to_received
from adapters.slack.used_buttons import UsedButtons
from adapters.slack.window_router import WindowRouter
from bot.errors import StorageError
from bot.messages import Deleted, Edited, Message, Received
from bot.ports import Accept, Windows, Wording

_ANYTHING = re.compile("")

_log = structlog.get_logger(__name__)


class BoltApp:
    """Hands messages to `accept` and interactions to the router, through Bolt.

    Args:
        client: Of the Web API.
        identity: Who we are in the workspace.
        accept: Stores an event.
        not_stored: Called with each message that could not be stored.
        wording: The texts for interactions that fail or that no handler is registered for.
        used: Told of each press whose buttons may be marked.
        names: Of people who are mentioned.
        bots: Ids of bots and workflows that may ask.
        windows: What stands in windows; None: there are none.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        identity: Identity,
        accept: Accept,
        not_stored: Callable[[Message], None],
        wording: Wording,
        used: UsedButtons,
        names: Names,
        bots: frozenset[str] = frozenset(),
        windows: Windows | None = None,
    ) -> None:
        self._names = names
        self._bots = bots
        self._identity = identity
        self._accept = accept
        self._not_stored = not_stored
        self._router = Router(
            client, accept, wording, used, identity.user, People(client, identity.team)
        )
        WindowRouter(self._router, windows, wording)
        self._app = self._application(client)

    async def handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Answer one request of Slack's; without a stored event there is no acknowledgement."""
        started = time()
        response = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, response, started)

    async def settled(self, seconds: float) -> None:
        """Wait until interactions are stored and answered that were acknowledged."""
        await self._router.settled(seconds)

    def _application(self, client: AsyncWebClient) -> AsyncApp:
        """Make the Bolt application.

        `process_before_response` makes Bolt run a listener before it acknowledges, where it
        would otherwise acknowledge and run the listener as a task that nobody holds. Authorize
        is our own: Bolt would call auth.test for it, and take tokens from the environment.
        Bolt's warnings are about arguments that it finds there, and quote whole payloads.
        """
        app = AsyncApp(
            name="frontdesk",
            client=client,
            authorize=_authorization(self._identity),
            signing_secret="",
            process_before_response=True,
            # A websocket that we opened needs no proof of who sends, nor what HTTP and
            # functions need: a third of what Bolt spends on an event.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
            logger=quiet_logger("slack_bolt.frontdesk", logging.ERROR),
        )
        app.event("message")(self._on_message)
        app.event("app_mention")(self._on_message)
        app.event(_ANYTHING)(self._on_other)
        self._router.register(app)
        app.error(self._on_error)
        return app

    async def _on_message(self, body: Mapping[str, Any]) -> None:
        event = await self._translated(body)
        if event is None:
            return
        try:
            await self._accept(event)
        except StorageError:
            self._not_stored(event.message)
            raise

    async def _translated(self, body: Mapping[str, Any]) -> Received | Edited | Deleted | None:
        """Translate an event; people whom its text mentions are named."""
        event = body.get("event") or {}
        if not is_change(body):
            received = to_received(body, self._identity, self._bots)
            if received is None:
                return None
            named = await self._names.labelled(event, received.message)
            return to_received({**body, "event": named}, self._identity, self._bots) or received
        change = to_change(body, self._identity, self._bots)
        if not isinstance(change, Edited):
            return change
        named = await self._names.labelled(event["message"], change.message)
        return to_edited(body, named, self._identity, self._bots) or change

    async def _on_other(self, ack: AsyncAck) -> None:
        """Acknowledge what we do not use, or Slack sends it again."""
        await ack()

    async def _on_error(self, error: Exception, body: Mapping[str, Any]) -> None:
        """Log that an event was not stored; its text and the error's stay out of the log."""
        _log.error(
            "slack.event_not_stored",
            error=type(error).__name__,
            event_id=body.get("event_id", ""),
            remedy="Slack will deliver it again",
        )


def _authorization(identity: Identity) -> Callable[[], Awaitable[AuthorizeResult]]:
    """Return what Bolt asks for every request; Bolt accepts a function, but no method."""
    result = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team,
        bot_user_id=identity.user,
        bot_id=identity.bot,
    )

    async def authorize() -> AuthorizeResult:
        return result

    return authorize
