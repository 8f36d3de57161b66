"""The status next to the bot's name while an answer is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.streaming import SIGN_OF_LIFE_AFTER
from adapters.slack.client import ask
from adapters.slack.destination import place_of
from bot.conversations.key import MessageId
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Addressing, Message
from bot.ports import Wording

_TIMEOUT: Final = 5.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Shown:
    """The status of one message.

    Attributes:
        asked: Slack was asked to show it.
    """

    task: asyncio.Task[None]
    asked: bool = False


class Status:
    """Shows that an answer is being made, unless it is there before that.

    Slack clears the status of a thread when the app posts into it. A status that is still being
    set at that moment would stay, so `settled` waits for it. In a direct message without a thread
    the status belongs to the question, and is taken back by ourselves.
    """

    def __init__(self, client: AsyncWebClient, wording: Wording) -> None:
        self._client = client
        self._wording = wording
        self._refused = False
        self._shown: dict[str, _Shown] = {}

    @asynccontextmanager
    async def show(self, message: Message) -> AsyncIterator[None]:
        """Show the status while the context is open, or nothing where it does not apply."""
        words = self._wording.say("status", message.author.locale)
        thread = _thread_of(message)
        if not thread or not words or self._refused:
            yield
            return
        place = place_of(message.conversation)
        self._show(message.id, place.channel, thread, words)
        try:
            yield
        finally:
            left = await self.settled(message)
            self._shown.pop(message.id, None)
            if left and not self._refused:
                await self._set(place.channel, thread, "")

    async def settled(self, message: Message) -> bool:
        """Wait for the status of a message to be set; return whether it still has to be cleared."""
        shown = self._shown.get(message.id)
        if shown is None:
            return False
        if not shown.asked:
            shown.task.cancel()
        await asyncio.wait([shown.task])
        if shown.asked and not place_of(message.conversation).thread:
            return True  # a post into a flat direct message clears nothing
        self._shown.pop(message.id, None)
        return shown.asked

    def _show(self, message_id: str, channel: str, thread: str, words: str) -> None:
        """Ask for a status after a moment: most answers stand before that."""

        async def show() -> None:
            await asyncio.sleep(SIGN_OF_LIFE_AFTER)
            shown.asked = True
            await self._set(channel, thread, words)

        shown = self._shown[message_id] = _Shown(asyncio.create_task(show()))

    async def _set(self, channel: str, thread: str, words: str) -> None:
        """Set the status; an app without the permission asks for it only once."""
        request = self._client.assistant_threads_setStatus(
            channel_id=channel, thread_ts=thread, status=words
        )
        try:
            async with asyncio.timeout(_TIMEOUT):
                await ask(request, "assistant.threads.setStatus")
        except AdapterError as error:
            self._refused = True
            _log.info("slack.no_status", reason=str(error))
        except (ServiceUnavailable, TimeoutError) as error:
            _log.info("slack.status_failed", error=type(error).__name__)


def _thread_of(message: Message) -> str:
    """Return where a status is shown: the thread, or the question itself in a flat conversation.

    Nothing is shown for what may be meant for others, and for commands, which nobody else sees.
    """
    if message.unseen or message.addressing is Addressing.AMBIENT:
        return ""
    asked = MessageId.parse(message.id)
    return place_of(message.conversation).thread or ("" if asked.kind else asked.number)
