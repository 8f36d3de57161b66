"""Requests about single messages: sent, changed, read, deleted; bounded in time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import discord
import structlog

from adapters.common.refused import Refusals
from adapters.discord.client import NOBODY
from adapters.discord.destination import Destination, Destinations
from adapters.discord.errors import translate, translated
from adapters.discord.posted import buttons_of
from adapters.discord.render import Post
from bot.errors import AdapterError

T = TypeVar("T")

_log = structlog.get_logger(__name__)

THREAD_IS_ARCHIVED = 50083
DIRECT_MESSAGES_CLOSED = (50007, 50278)  # by the person, or for lack of a server in common
NONCE_LENGTH = 24  # Discord takes 25 characters


class DirectMessagesClosed(AdapterError):
    """The person cannot be written to."""


class Gone(AdapterError):
    """The message, or the place that it stood in, is deleted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message of ours that stands.

    Attributes:
        content: What it says.
        buttons: Custom ids of its buttons.
    """

    id: int
    content: str
    buttons: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: discord.Message) -> Standing:
        """Return what a message says, as Discord has it."""
        return cls(message.id, message.content, tuple(buttons_of(message)))

    @classmethod
    def like(cls, message: int, post: Post) -> Standing:
        """Return a message that is taken to say what a post is to say."""
        return cls(message, post.text, post.custom_ids)

    def says(self, post: Post) -> bool:
        """Return whether it says what a post is to say."""
        return self.content.strip() == post.text.strip() and self.buttons == post.custom_ids


class Requests:
    """Makes requests in our terms.

    Args:
        destinations: Reopens threads.
        timeout: Seconds that a request may take, waits for rate limits included.
        refusals: Posts in another form what Discord refuses.
    """

    def __init__(self, destinations: Destinations, timeout: float, refusals: Refusals) -> None:
        self._refusals = refusals
        self._destinations = destinations
        self._timeout = timeout

    async def send(self, place: Destination, post: Post, nonce: str, about: str = "") -> Standing:
        """Send one message, as plain text if Discord refuses its form.

        Args:
            place: Where.
            post: What.
            nonce: What Discord recognises it by.
            about: Id of the message that is answered; empty for none.

        Returns:
            What stands: with a nonce that Discord knows, the message that it led to before.
        """
        return await self.posted(post, lambda form: self._send(place, form, nonce), about)

    async def posted(self, post: Post, send: Callable[[Post], Awaitable[T]], about: str = "") -> T:
        """Send something, as plain text if Discord refuses its form; see `Refusals.posted`."""
        return await self._refusals.posted(post, Post.plain, send, about)

    async def _send(self, place: Destination, post: Post, nonce: str) -> Standing:
        async with self.bounded("posting a message"):
            return await self._reopened(place, lambda: _sent(place, post, nonce))

    async def _reopened(self, place: Destination, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request; an archived thread that stays shut is reopened once for it."""
        try:
            return await request()
        except discord.HTTPException as error:
            if error.code != THREAD_IS_ARCHIVED:
                raise
            try:
                await self._destinations.reopen(place)
            except discord.Forbidden:  # it is locked as well
                raise error from None
        _log.info("discord.thread_reopened", thread=place.id)
        return await request()

    async def edit(self, place: Destination, message: int, post: Post, about: str) -> None:
        """Change a message, into plain text if Discord refuses its form.

        One that somebody has deleted stays deleted.
        """
        try:
            await self.change(place, message, post, about)
        except Gone:
            _log.info("discord.message_gone", message=message)

    async def change(self, place: Destination, message: int, post: Post, about: str = "") -> None:
        """Change a message that stands, into plain text if Discord refuses its form.

        Raises:
            Gone: It is deleted.
        """
        await self.posted(post, lambda form: self._edit(place, message, form), about)

    async def _edit(self, place: Destination, message: int, post: Post) -> None:
        changed: dict[str, Any] = {"content": post.text, "view": post.view()}
        if post.cards:
            changed |= {"embeds": post.embeds(), "suppress": False}
        edited = partial(_partial(place, message).edit, allowed_mentions=NOBODY, **changed)
        async with self.bounded("changing a message"):
            await self._reopened(place, edited)

    async def read(self, place: Destination, message: int) -> Standing | None:
        """Return what a message says; None when it is deleted, or may not be read."""
        async with self.bounded("reading a message"):
            try:
                return Standing.of(await _partial(place, message).fetch())
            except (discord.NotFound, discord.Forbidden):
                return None

    async def delete(self, place: Destination, message: int) -> None:
        """Delete a message of ours, if it stands."""
        with suppress(Gone):
            await self.remove(place, message)

    async def remove(self, place: Destination, message: int) -> None:
        """Delete a message of ours that stands.

        Raises:
            Gone: It is deleted already.
        """
        async with self.bounded("deleting a message"):
            await self._reopened(place, _partial(place, message).delete)

    async def mark(self, place: Destination, message: int, emoji: str, *, instead_of: str) -> None:
        """Put our reaction under a message in the place of an earlier one.

        Raises:
            Gone: It is deleted.
        """
        marked = _partial(place, message)
        async with self.bounded("marking a message"):
            await self._reopened(place, partial(marked.add_reaction, emoji))
            with suppress(discord.NotFound):
                await marked.remove_reaction(instead_of, _me(self._destinations.client))

    @asynccontextmanager
    async def bounded(self, doing: str) -> AsyncIterator[None]:
        """Bound requests in time, and tell their failures in our errors.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            DirectMessagesClosed: The person cannot be written to.
            Gone: What it is about is deleted.
            AdapterError: Discord will never take it.
        """
        with translated(doing):
            try:
                async with asyncio.timeout(self._timeout):
                    yield
            except discord.HTTPException as error:
                if error.code in DIRECT_MESSAGES_CLOSED:
                    raise DirectMessagesClosed(str(translate(error, doing))) from error
                if isinstance(error, discord.NotFound):
                    raise Gone(str(translate(error, doing))) from error
                raise


def nonce_of(message_id: str, part: str, revision: int = 0) -> str:
    """Return what Discord recognises a post by when it is sent again.

    A post that an earlier answer to the message had, and that was deleted since, has another.

    >>> nonce_of("discord:1:2:3", "shown-0")
    '163eb907fd2d28693fc93172'
    """
    revised = f"#{revision}" if revision else ""
    return hashlib.sha256(f"{message_id}#{part}{revised}".encode()).hexdigest()[:NONCE_LENGTH]


def _partial(place: Destination, message: int) -> discord.PartialMessage:
    channel = place.channel
    if not isinstance(channel, discord.PartialMessageable | discord.DMChannel):
        raise TypeError(f"{type(channel).__name__} is no place that answers go to")
    return channel.get_partial_message(message)


def _me(client: discord.Client) -> discord.abc.Snowflake:
    if client.user is None:
        raise RuntimeError("requests come after the login")
    return client.user


async def _sent(place: Destination, post: Post, nonce: str) -> Standing:
    extras: dict[str, Any] = {"reference": place.reference, "view": post.view()}
    extras["files"] = post.uploads() or None
    extras["embeds"] = post.embeds() or None
    sent = await place.channel.send(
        post.text,
        nonce=nonce,
        allowed_mentions=NOBODY,
        suppress_embeds=not post.cards,
        **{name: value for name, value in extras.items() if value is not None},
    )
    return Standing.of(sent)
