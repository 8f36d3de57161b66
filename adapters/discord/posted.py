"""Finding what an interrupted attempt has posted, once Discord itself no longer knows the nonce.

Discord remembers nonces for some minutes, and tells them only to whoever posts. So a post is
recognised by what it says: by its buttons, whose ids no other answer has; else by its text. What
finished answers have said since the question is left out of account, so that an equal answer to
another question is not taken for this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord
import structlog

from adapters.discord.destination import Destination
from adapters.discord.render import SOURCES, Post, posts
from bot.conversations.key import ConversationKey, MessageId
from bot.messages import Message
from bot.ports import History

_log = structlog.get_logger(__name__)

SKEW = timedelta(minutes=5)
"""What our clock may be ahead of Discord's."""

LOOKED_AT = 200
"""Messages after the question: an answer stands soon after it."""

BEGINNING = 20
"""Characters from which a post that an answer begins with is taken for its beginning."""


class PostedLookup:
    """Looks into a place's history.

    Args:
        client: Logged in.
        past: What the bot has said; None: every equal post counts as ours.
    """

    def __init__(self, client: discord.Client, past: History | None) -> None:
        self._client = client
        self._past = past
        self._others: frozenset[str] = frozenset()

    def is_left_out(self, message: int) -> bool:
        """Return whether something else that was delivered stands in a message."""
        return str(message) in self._others

    def leave_out(self, others: frozenset[str]) -> None:
        """Take no message with one of these ids, as `deliver` told them, for what is looked for."""
        self._others = frozenset(each.rpartition("/")[2] for each in others)

    async def find(
        self, question: Message, place: Destination, messages: Sequence[Post]
    ) -> dict[int, int]:
        """Return the posts that answer a question already: ids, by their number among `messages`.

        Raises:
            discord.HTTPException: Discord is away.
        """
        try:
            standing = await self._standing(question, place)
        except discord.Forbidden:
            _log.warning("discord.history_hidden", place=place.id)
            return {}
        said = await self._said(question.conversation, question.sent_at)
        left = _without(said or [], standing)
        own = _is_own(place, question) and _is_question(question)
        if own and question.revision and said is not None:
            # an answer to the message as it read before says something else
            return {number: each.id for number, each in enumerate(left)}
        if own and said == []:
            return {number: each.id for number, each in enumerate(standing[: len(messages)])}
        return _matched(messages, left)

    async def orphans(self, question: Message, place: Destination) -> list[int]:
        """Return the ids of posts that no finished answer has made since a question.

        Raises:
            discord.HTTPException: Discord is away.
        """
        try:
            standing = await self._standing(question, place)
        except discord.Forbidden:
            _log.warning("discord.history_hidden", place=place.id)
            return []
        said = await self._said(question.conversation, question.sent_at)
        if said is None or not _is_question(question):
            return []
        return [each.id for each in _without(said, standing)]

    async def _standing(self, question: Message, place: Destination) -> list[discord.Message]:
        """Return what we have posted since the question, the oldest first."""
        after = discord.Object(_moment(question))
        me = self._client.user
        return [
            each
            async for each in place.channel.history(after=after, limit=LOOKED_AT)
            if me is not None
            and each.author.id == me.id
            and not self.is_left_out(each.id)
            and _belongs(each, place)
        ]

    async def _said(self, conversation: str, since: datetime) -> list[str] | None:
        """Return the texts of finished posts; None when nobody knows."""
        if self._past is None:
            return None
        replies = await self._past.replies(conversation, since=since)
        return [post.text for reply in replies for post in posts(reply)]


def _is_question(question: Message) -> bool:
    """Return whether a message stands on Discord; an outgoing post answers none."""
    return MessageId.parse(question.id).number.isdecimal()


def _moment(question: Message) -> int:
    """Return an id after which an answer can stand; by our clock where Discord gave none."""
    if _is_question(question):
        return int(MessageId.parse(question.id).number)
    return discord.utils.time_snowflake(question.sent_at - SKEW)


def _is_own(place: Destination, question: Message) -> bool:
    """Return whether a place is the conversation's alone: whatever we say there belongs to it."""
    key = ConversationKey.parse(question.conversation)
    return (key.thread or key.channel) == str(place.id) and place.reference is None


def _belongs(message: discord.Message, place: Destination) -> bool:
    """Return whether a post may answer the question: where answers are replies, those to it."""
    if place.reference is None:
        return True
    reference = message.reference
    return reference is not None and reference.message_id == place.reference.message_id


def _without(said: Sequence[str], standing: Sequence[discord.Message]) -> list[discord.Message]:
    """Leave out one post for each text that a finished answer has posted."""
    left = list(standing)
    for text in said:
        finished = next((each for each in left if _says(each, text)), None)
        if finished is not None:
            left.remove(finished)
    return left


def _matched(messages: Sequence[Post], standing: list[discord.Message]) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, message in enumerate(messages):
        same = next((each for each in standing if is_same(each, message)), None)
        if same is not None:
            found[number] = same.id
            standing.remove(same)
    return found


def is_same(standing: discord.Message, message: Post) -> bool:
    """Return whether a message is a post, or the beginning of it, as far as it tells."""
    wanted = [*message.custom_ids]
    if len(standing.attachments) != len(message.files):
        return False
    if buttons_of(standing) == wanted and (bool(wanted) or standing.content == message.text):
        return True
    # shown while it was made: a beginning, without its buttons
    begun = standing.content.strip()
    long = len(begun) >= BEGINNING and not standing.components
    return long and message.text.startswith(begun)


def buttons_of(message: discord.Message) -> list[str]:
    """Return the custom ids of a message's buttons and menus."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    kinds = (discord.Button, discord.SelectMenu)
    return [
        each.custom_id or "" for row in rows for each in row.children if isinstance(each, kinds)
    ]


def _says(message: discord.Message, text: str) -> bool:
    return message.content == text or message.content.startswith(f"{text}{SOURCES}")
