"""Makes posts of the outbox, and changes, deletes and marks what was posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord

from adapters.common.outgoing import OutgoingPosting
from adapters.common.refused import Refusals
from adapters.discord.case_threads import CaseThreads, root_posts
from adapters.discord.client import FrontdeskClient
from adapters.discord.config import DiscordConfig
from adapters.discord.destination import Destination, Destinations
from adapters.discord.posted import PostedLookup
from adapters.discord.render import Post, posts
from adapters.discord.requests import Gone, Requests, nonce_of
from adapters.discord.sending import Sender
from adapters.discord.stream import SHOWN
from bot.conversations.key import AuthorKey, ConversationKey, MessageId
from bot.errors import AdapterError
from bot.messages import Readers, Visibility
from bot.ports import History, ReservedPost
from bot.ports.outbox import Mark

MARKS: Final[dict[Mark, str]] = {"sent": "✅", "failed": "❌"}
"""Reactions that say what became of a line of staff."""


class OutgoingPoster:
    """Delivers posts of the outbox.

    Args:
        client: Logged in.
        config: The time that one request may take, and who is no member of a server.
        past: What the bot has said before.
        refusals: Posts in another form what Discord refuses.
    """

    def __init__(
        self,
        client: FrontdeskClient,
        config: DiscordConfig,
        past: History | None,
        refusals: Refusals,
    ) -> None:
        self._client = client
        self._bots = config.bots
        self._destinations = Destinations(client)
        self._requests = Requests(self._destinations, config.timeout, refusals)
        self._posted = PostedLookup(client, past)
        self._sender = Sender(client, self._destinations, self._requests, self._posted)
        self._threads = CaseThreads(client, self._requests, self._sender, self._posted)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Do what a post of the outbox is to do; see `DeliversPosts`.

        Ids of messages in another channel than that of the conversation, as those of direct
        messages are, stand behind that channel's: `CHANNEL/MESSAGE`.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        self._posted.leave_out(reserved.standing)
        match reserved.post.kind:
            case "post":
                return await self._post(reserved)
            case "thread":
                return " ".join(await self._threads.open(reserved, self._posting(reserved)))
            case "edit":
                return await self._edit(reserved)
            case "delete":
                return await self._delete(reserved)
            case "mark":
                return await self._mark(reserved)

    async def _post(self, reserved: ReservedPost) -> str:
        """Make a post where its conversation is; private text in direct messages alone."""
        post = reserved.post
        place, posting = await self._place(reserved)
        await self._check_member(reserved, place)
        messages = _messages(reserved)
        if post.visibility is Visibility.PRIVATE and place.readers is not Readers.AUTHOR:
            await self._sender.send_privately(posting, messages)
            made = posting.posted
            if not post.case_buttons:  # what is for staff is no business of who reads there
                pointer = Post(self._client.wording.say("sent_privately", ""))
                await self._sender.send_all(posting, place, [pointer], "pointer")
        else:
            await self._sender.send_all(posting, place, messages, SHOWN)
            made = posting.posted
        return " ".join(_named(MessageId.parse(each), place) for each in made)

    async def _edit(self, reserved: ReservedPost) -> str:
        """Let what stands say something else; it may become more messages, or fewer."""
        standing = [await self._standing(reserved, each) for each in reserved.changes]
        ends = standing[-1][0]
        is_root = reserved.changes[0] == _thread(reserved)
        if is_root:
            ends = self._destinations.channel(int(_thread(reserved)), reserved.post.readers)
        messages: Sequence[Post] = root_posts(reserved) if is_root else _messages(reserved)
        messages = self._sender.readable(reserved.key, messages, ends)
        for (place, number), message in zip(standing, messages, strict=False):
            await self._requests.change(place, number, message)
        for place, number in standing[len(messages) :]:
            await self._requests.delete(place, number)
        ids = [*reserved.changes[: len(messages)]]
        for index, message in enumerate(messages[len(standing) :], len(standing)):
            nonce = nonce_of(reserved.key, f"edited-{index}")
            made = await self._requests.send(ends, message, nonce)
            channel, _, _ = reserved.changes[-1].rpartition("/")
            ids.append("/".join(filter(None, (channel, str(made.id)))))
        return " ".join(ids)

    async def _delete(self, reserved: ReservedPost) -> str:
        for each in reserved.changes:
            place, number = await self._standing(reserved, each)
            try:
                await self._requests.remove(place, number)
            except Gone:
                if not reserved.repeated:
                    raise
        return " ".join(reserved.changes)

    async def _mark(self, reserved: ReservedPost) -> str:
        post = reserved.post
        if post.marked:
            line = MessageId.parse(post.marked)
            if not line.number.isdecimal() or line.kind:
                raise AdapterError("discord: marking a line: it is no message that can be marked")
            place = self._destinations.channel(int(line.channel), Readers.STAFF)
            number = int(line.number)
        else:
            place, number = await self._standing(reserved, reserved.changes[0])
        other = next(emoji for mark, emoji in MARKS.items() if mark != post.mark)
        await self._requests.mark(place, number, MARKS[post.mark], instead_of=other)
        return str(number)

    async def _place(self, reserved: ReservedPost) -> tuple[Destination, OutgoingPosting]:
        """Return where a post goes, and the post as a poster takes it.

        Raises:
            AdapterError: The thread is gone, and what it was made from as well; or it is that of
                a case.
        """
        conversation = ConversationKey.parse(reserved.post.conversation)
        async with self._requests.bounded("looking for a thread"):
            channel = await self._destinations.channel_of(reserved.post.conversation)
            if reserved.post.case and conversation.thread and channel != conversation.thread:
                raise AdapterError("discord: the thread of the case was deleted")
            posting = self._posting(reserved, channel)
            place = await self._destinations.of_answer(posting.event)
        if place.reference is not None and place.reference.message_id:
            await self._check_root(place, place.reference.message_id)
        return place, posting

    async def _check_root(self, place: Destination, root: int) -> None:
        """Refuse to post in the open what replies to a message that is deleted."""
        async with self._requests.bounded("looking for the customer's message"):
            await self._client.get_partial_messageable(place.id).fetch_message(root)

    async def _check_member(self, reserved: ReservedPost, place: Destination) -> None:
        """Refuse to post into a server what is for somebody who has left it, or was removed.

        What staff read of a customer in the thread of a case is for staff.
        """
        post = reserved.post
        if not post.author or post.case or place.readers is Readers.AUTHOR:
            return
        person = AuthorKey.parse(post.author).user_id
        async with self._requests.bounded("looking for the customer in the server"):
            found = self._client.get_channel(place.id) or await self._client.fetch_channel(place.id)
            guild = getattr(found, "guild", None)
            if isinstance(guild, discord.Guild) and person.isdecimal() and person not in self._bots:
                await guild.fetch_member(int(person))

    async def _standing(self, reserved: ReservedPost, named: str) -> tuple[Destination, int]:
        """Return where an earlier post stands, by its id as `deliver` told it."""
        post = reserved.post
        channel, _, number = named.rpartition("/")
        if channel:
            return self._destinations.channel(int(channel), Readers.AUTHOR), int(number)
        async with self._requests.bounded("looking for a thread"):
            if number == _thread(reserved):
                channel = await self._threads.channel_of_root(post.conversation)
            else:
                channel = await self._destinations.channel_of(post.conversation)
        return self._destinations.channel(int(channel), post.readers), int(number)

    @staticmethod
    def _posting(reserved: ReservedPost, channel: str = "") -> OutgoingPosting:
        key = ConversationKey.parse(reserved.post.conversation)
        return OutgoingPosting.of(reserved, channel or key.channel)


def _messages(reserved: ReservedPost) -> Sequence[Post]:
    """Return the messages that a post becomes."""
    post = reserved.post
    return posts(
        post.markdown,
        post.buttons,
        visibilities=frozenset({post.visibility}),
        case_buttons=post.case_buttons,
        files=reserved.contents,
    )


def _thread(reserved: ReservedPost) -> str:
    return ConversationKey.parse(reserved.post.conversation).thread


def _named(message: MessageId, place: Destination) -> str:
    """Return the id of a message as `deliver` tells it."""
    here = message.channel == str(place.id)
    return message.platform_id if here else f"{message.channel}/{message.platform_id}"
