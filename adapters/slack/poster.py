"""Posting a reply once, even when an earlier attempt was interrupted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.destination import Destination, Place
from adapters.slack.errors import FAILURES, code_of, retry_after
from adapters.slack.native_stream import NativeStream, NativeStreams
from adapters.slack.post_calls import GONE, KEPT, PostCalls
from adapters.slack.posted import PostedLookup, PostedMessage, label
from adapters.slack.render import Post, Reply, render
from adapters.slack.used_buttons import UsedButtons
from bot.conversations.key import AuthorKey, MessageId
from bot.errors import AccessLost, AdapterError, ServiceUnavailable
from bot.messages import Say
from bot.ports import Posting, Wording
from bot.privacy.disclosure import cleared

_NOT_THERE: Final = {"channel_not_found", "not_in_channel", "user_not_in_channel"}

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Begun:
    """What an attempt has shown of its reply already.

    Attributes:
        standing: What is posted, by number.
        native: Slack's stream of the first post; None where it is shown by edits.
        uncertain: Slack may have taken a post that it did not confirm.
    """

    standing: dict[int, PostedMessage] = field(default_factory=dict)
    native: NativeStream | None = None
    uncertain: bool = False


NOTHING: Final = Begun()
"""For a reply of which nothing was shown."""


class Poster:
    """Posts replies through Slack's Web API.

    Attributes:
        native: Slack's own streaming.
        updates: What edits count against.

    Args:
        client: Waits when Slack asks for it.
        impatient: Fails instead.
        calls: Make single posts.
        wording: The bot's own texts.
        used: Remembers rows of buttons that one person alone sees.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        impatient: AsyncWebClient,
        calls: PostCalls,
        wording: Wording,
        used: UsedButtons,
    ) -> None:
        self._calls = calls
        self._used = used
        self._wording = wording
        self._posted = PostedLookup(client)
        self.native = NativeStreams(client, impatient)
        self.updates = calls.updates

    async def post(
        self, posting: Posting, reply: Reply, begun: Begun = NOTHING, *, strict: bool = False
    ) -> None:
        """Post what earlier attempts did not post, correct what they posted differently.

        What they posted beyond the present reply is removed.

        Args:
            posting: The attempt.
            reply: The whole reply.
            begun: What this attempt has shown of it.
            strict: A post that can no longer be corrected is an error, and not left as it is.

        Raises:
            ServiceUnavailable: Slack is away; another attempt goes on from here.
            AdapterError: Slack will never take it.
            StateChanged: A person took over meanwhile; what is posted stays.
        """
        destination = Destination.of(posting.event.message, private=reply.private)
        if not cleared(destination.message.id, reply.visibilities, destination.readers):
            reply = render(
                [Say(self._wording.say("withheld", reply.language))], destination.place.thread
            )
        told = bool(reply.posts or posting.posted)
        earlier = await self._earlier(posting, destination, begun) if told else {}
        for number, post in enumerate(reply.posts):
            stream = begun.native if number == 0 and not destination.private else None
            try:
                ts = await self._settle(
                    posting, destination, number, post, earlier.get(number), stream
                )
            except AdapterError as error:
                if strict or number not in earlier or code_of(error) not in GONE:
                    raise
                ts = earlier[number].ts  # what staff have deleted stays deleted
            if ts not in posting.posted:
                await posting.remember(ts)
        for number in sorted(earlier.keys() - set(range(len(reply.posts)))):
            await posting.reserve()
            await self._remove(destination, earlier[number].ts)
            await posting.forget(earlier[number].ts)

    async def withdraw(self, posting: Posting) -> None:
        """Delete what stands of a reply; raises what `post` raises."""
        destination = Destination.of(posting.event.message, private=False)
        for earlier in (await self._earlier(posting, destination, NOTHING)).values():
            await self._remove(destination, earlier.ts)
            await posting.forget(earlier.ts)

    async def notify(self, channel: str, reply: Reply) -> None:
        """Post into a channel of staff, by its id.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack will never take it.
        """
        for post in reply.posts:
            await self._calls.make(Place("", channel), post, {}, "")

    async def begin(self, destination: Destination, number: int, post: Post) -> str:
        """Post the beginning of a post that is being made; return the timestamp.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses for good.
        """
        message = destination.message.id
        return await self._calls.make(
            destination.place, post, label(message, number, post), message
        )

    async def edit(self, destination: Destination, number: int, post: Post, ts: str) -> None:
        """Show more of a post that is being made, unless Slack asks to wait.

        Raises:
            ServiceUnavailable: Slack did not take it; the end of the reply makes it good.
            AdapterError: Slack refuses for good.
        """
        try:
            await self._change(destination, number, post, ts, patient=False)
        except ServiceUnavailable as error:
            if isinstance(error.__cause__, FAILURES):
                self.updates.hold(retry_after(error.__cause__))
            raise
        except AdapterError as error:
            if code_of(error) not in GONE:
                raise

    async def _earlier(
        self, posting: Posting, destination: Destination, begun: Begun
    ) -> dict[int, PostedMessage]:
        """Return what stands already: as remembered, and as Slack has it, which knows better."""
        public = dict(begun.standing)
        if posting.attempt > 1 or begun.uncertain:
            public |= await self._found(destination)
        if not destination.private:
            remembered = {number: PostedMessage(ts) for number, ts in enumerate(posting.posted)}
            return remembered | public
        shown = {each.ts for each in public.values()}
        private = [ts for ts in posting.posted if ts not in shown]  # these cannot be looked up
        return {number: PostedMessage(ts) for number, ts in enumerate(private)}

    async def _found(self, destination: Destination) -> dict[int, PostedMessage]:
        try:
            return await self._posted.find(destination.place, destination.message)
        except AccessLost:
            raise
        except AdapterError as error:  # an answer that may come twice beats none
            _log.warning("slack.cannot_look_up", message=destination.message.id, reason=str(error))
            return {}

    async def _settle(
        self,
        posting: Posting,
        destination: Destination,
        number: int,
        post: Post,
        earlier: PostedMessage | None,
        stream: NativeStream | None,
    ) -> str:
        """Make one post stand where it belongs; return its timestamp."""
        if earlier is None:
            await posting.reserve()
            if destination.private:
                return await self._post_privately(destination, number, post)
            return await self.begin(destination, number, post)
        if not destination.private and earlier.digest != post.digest:
            await posting.reserve()
            channel = destination.place.channel
            metadata = label(destination.message.id, number, post)
            if earlier.streamed:
                await self.native.end_earlier(channel, earlier.ts)
            if stream is None or not await self.native.stop(channel, stream, post, metadata):
                await self._change(destination, number, post, earlier.ts)
        return earlier.ts

    async def _post_privately(self, destination: Destination, number: int, post: Post) -> str:
        """Post what only the author sees; Slack shows it in a thread only if that has replies.

        Where the bot is not in the channel, or the person has left it, it becomes a direct message.
        """
        message, place = destination.message, destination.place
        opens_thread = MessageId.parse(message.id).platform_id == place.thread
        user = AuthorKey.parse(message.author.key).user_id
        where = replace(place, thread="") if opens_thread else place
        try:
            stamp = await self._calls.make_unseen(where, user, post, message.id)
        except AdapterError as error:
            if code_of(error) not in _NOT_THERE:
                raise
        else:
            self._used.posted_privately(stamp, post)
            return stamp
        return await self.begin(replace(destination, place=Place(place.app, user)), number, post)

    async def _change(
        self, destination: Destination, number: int, post: Post, ts: str, *, patient: bool = True
    ) -> None:
        message = destination.message.id
        await self._calls.change(
            destination.place.channel,
            ts,
            post,
            label(message, number, post),
            message,
            patient=patient,
        )

    async def _remove(self, destination: Destination, ts: str) -> None:
        """Take back an earlier post that the reply has no use for any more."""
        if destination.private:
            return  # nobody can take these back
        try:
            await self._calls.remove(destination.place.channel, ts)
        except AdapterError as error:
            if code_of(error) not in KEPT:
                raise
