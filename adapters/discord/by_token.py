"""Answers that one person alone sees, by the token of the command or press that they answer.

Discord takes them for 15 minutes from whoever has the token: it is stored with the event, so that
another process, or the next start, answers as privately.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, cast

import discord

from adapters.discord.render import Post
from bot.messages import Message

LIFETIME: Final = timedelta(minutes=14, seconds=30)
"""How long a token is used: Discord counts requests with an expired one against the address."""

ACKNOWLEDGED_WITHIN: Final = timedelta(seconds=5)
"""Age up to which the process that took an event in may still be giving the first response."""

AGAIN: Final = 0.5
"""Seconds between two attempts until then."""

NOBODY: Final = discord.AllowedMentions.none()

_ORIGINAL: Final = cast("int", "@original")  # what Discord calls the first response, by its id


class TokenAnswers:
    """Answers events by their tokens.

    Args:
        client: Logged in.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def answer(self, message: Message, posts: Sequence[Post]) -> bool:
        """Put an answer in the place of the first response; doing so again changes nothing.

        Returns:
            False when Discord takes no answer any more.
        """
        webhook = self._webhook(message)
        if webhook is None:
            return False
        first, *more = posts
        while not await self._edited(webhook, first):
            if _age(message) > ACKNOWLEDGED_WITHIN:
                return False
            await asyncio.sleep(AGAIN)
        return await self.follow_up(message, more)

    async def _edited(self, webhook: discord.Webhook, post: Post) -> bool:
        """Put a post in the place of the first response; False when there is none."""
        try:
            await webhook.edit_message(
                _ORIGINAL,
                content=post.text,
                view=post.view(),
                embeds=post.embeds(),
                allowed_mentions=NOBODY,
            )
        except discord.NotFound:
            return False
        return True

    async def follow_up(self, message: Message, posts: Sequence[Post]) -> bool:
        """Send further posts; False when Discord takes none any more."""
        webhook = self._webhook(message)
        if webhook is None:
            return not posts
        try:
            for post in posts:
                view = post.view()
                extras: dict[str, Any] = {} if view is None else {"view": view}
                if post.cards:
                    extras["embeds"] = post.embeds()
                await webhook.send(
                    post.text,
                    ephemeral=True,
                    suppress_embeds=not post.cards,
                    allowed_mentions=NOBODY,
                    wait=True,
                    **extras,
                )
        except discord.NotFound:
            return False
        return True

    async def dismiss(self, message: Message) -> None:
        """Delete the first response: no answer comes."""
        webhook = self._webhook(message)
        if webhook is not None:
            with suppress(discord.NotFound):
                await webhook.delete_message(_ORIGINAL)

    def _webhook(self, message: Message) -> discord.Webhook | None:
        """Return what takes answers to an event; None when nothing does any more."""
        application = self._client.application_id
        if not message.token or application is None or _age(message) >= LIFETIME:
            return None
        webhook = discord.Webhook.partial(application, message.token, client=self._client)
        webhook.type = discord.WebhookType.application  # only these answer one person alone
        return webhook


def _age(message: Message) -> timedelta:
    return discord.utils.utcnow() - message.sent_at
