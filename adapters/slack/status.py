"""The status next to the bot's name while an answer is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from adapters.slack.destination import Place
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import Wording

_TIMEOUT: Final = 5.0

_log = structlog.get_logger(__name__)


class Status:
    """Shows that an answer is being made, where Slack can: in a thread.

    Slack clears the status when the app posts into the thread. A status that is still being
    set at that moment would stay, so `settled` waits for it.
    """

    def __init__(self, client: AsyncWebClient, wording: Wording) -> None:
        self._client = client
        self._wording = wording
        self._refused = False
        self._shown: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def show(self, place: Place, language: str) -> AsyncIterator[None]:
        """Show the status while the context is open, or nothing where it does not apply.

        Args:
            place: Where the answer will stand.
            language: Of whoever asked; empty when nobody knows it.
        """
        words = self._wording.say("status", language)
        if not place.thread or not words or self._refused:
            yield
            return
        self._shown[place.key] = asyncio.create_task(self._set(place, words))
        try:
            yield
        finally:
            if await self.settled(place) and not self._refused:
                await self._set(place, "")

    async def settled(self, place: Place) -> bool:
        """Wait for the status of a place to be set; return whether there was one."""
        task = self._shown.pop(place.key, None)
        if task is None:
            return False
        await task
        return True

    async def _set(self, place: Place, words: str) -> None:
        """Set the status; an app without the permission asks for it only once."""
        request = self._client.assistant_threads_setStatus(
            channel_id=place.channel, thread_ts=place.thread, status=words
        )
        try:
            async with asyncio.timeout(_TIMEOUT):
                await ask(request, "assistant.threads.setStatus")
        except AdapterError as error:
            self._refused = True
            _log.info("slack.no_status", reason=str(error))
        except (ServiceUnavailable, TimeoutError) as error:
            _log.info("slack.status_failed", error=type(error).__name__)
