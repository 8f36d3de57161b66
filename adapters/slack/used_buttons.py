"""Rows of buttons that were used: their post shows the choice in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.client import ask
from adapters.slack.destination import place_of
from adapters.slack.errors import FAILURES
from adapters.slack.render import BLOCK_PREFIX, Block, Post, chosen
from bot.errors import ServiceUnavailable
from bot.messages import Event, Pressed

KEPT: Final = 1_000
"""Presses, and posts that one person alone sees, that are remembered at most."""

_Payload = Mapping[str, Any]


class UsedButtons:
    """Marks rows of buttons.

    Slack tells with a press what its post says, but for one that a single person sees: that one is
    remembered from when it was posted. Another process reads the post instead.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._presses: dict[str, _Payload] = {}
        self._unseen: dict[str, Post] = {}

    def begin(self, event: Event, body: _Payload) -> None:
        """Remember a press that is about to be stored."""
        _keep(self._presses, event.message.id, body)

    def posted_privately(self, stamp: str, post: Post) -> None:
        """Remember a post that one person alone sees, by its timestamp."""
        if any(_is_row(block) for block in post.blocks):
            _keep(self._unseen, stamp, post)

    async def mark(self, pressed: Pressed) -> None:
        """Show the choice in the place of the buttons.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses.
        """
        body = self._presses.pop(pressed.message.id, {})
        if (body.get("container") or {}).get("is_ephemeral"):
            await self._mark_unseen(pressed, str(body.get("response_url") or ""))
        elif not pressed.message.unseen and pressed.post:
            message = body.get("message") or await self._read(pressed)
            await self._mark_seen(pressed, message)

    async def _mark_seen(self, pressed: Pressed, message: _Payload) -> None:
        blocks = _marked(message.get("blocks") or (), pressed)
        if blocks is None:
            return
        kept: dict[str, Any] = {"text": str(message.get("text") or ""), "blocks": blocks}
        if message.get("metadata"):  # by which the post is found again
            kept["metadata"] = message["metadata"]
        channel = place_of(pressed.message.conversation).channel
        request = self._client.chat_update(
            channel=channel, ts=pressed.post, parse="none", link_names=False, **kept
        )
        await ask(request, "chat.update")

    async def _mark_unseen(self, pressed: Pressed, response_url: str) -> None:
        post = self._unseen.get(pressed.post)
        blocks = _marked(post.blocks, pressed) if post is not None else None
        if post is None or blocks is None or not response_url:
            return
        webhook = AsyncWebhookClient(response_url, timeout=self._client.timeout)
        try:
            await webhook.send(text=post.text, blocks=blocks, replace_original=True)
        except FAILURES as error:
            raise ServiceUnavailable(f"slack: response_url: {type(error).__name__}") from error

    async def _read(self, pressed: Pressed) -> _Payload:
        """Return the post as Slack has it; empty when it is gone."""
        place = place_of(pressed.message.conversation)
        window: dict[str, Any] = {
            "channel": place.channel,
            "oldest": pressed.post,
            "latest": pressed.post,
            "inclusive": True,
            "limit": 2,  # in a thread its first message always comes along
            "include_all_metadata": True,
        }
        if place.thread:
            replies = self._client.conversations_replies(ts=place.thread, **window)
            answer = await ask(replies, "conversations.replies")
        else:
            history = self._client.conversations_history(**window)
            answer = await ask(history, "conversations.history")
        found = [each for each in answer.get("messages") or () if each.get("ts") == pressed.post]
        return found[0] if found else {}


def _marked(blocks: Sequence[Block], pressed: Pressed) -> list[Block] | None:
    """Return blocks with the choice in the place of the buttons; None when there are none."""
    rows = [number for number, block in enumerate(blocks) if _is_row(block)]
    if not rows:
        return None
    left = [block for number, block in enumerate(blocks) if number not in rows]
    return [*left[: rows[0]], chosen(pressed.message.text), *left[rows[0] :]]


def _is_row(block: Block) -> bool:
    return str(block.get("block_id", "")).startswith(BLOCK_PREFIX)


def _keep(kept: dict[str, Any], key: str, value: object) -> None:
    kept[key] = value
    if len(kept) > KEPT:
        del kept[next(iter(kept))]
