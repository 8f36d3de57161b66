"""Posting a reply once, even when an earlier attempt was interrupted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from adapters.slack.destination import Destination, Place
from adapters.slack.errors import FAILURES, error_code, translate
from adapters.slack.posted import PostedLookup, PostedMessage, label
from adapters.slack.render import Post, Reply, render
from adapters.slack.used_buttons import UsedButtons
from bot.conversations.key import AuthorKey, MessageId
from bot.errors import AccessLost, AdapterError
from bot.messages import Say
from bot.ports import Posting, Wording
from bot.privacy.disclosure import cleared

_NOT_THERE: Final = {"channel_not_found", "not_in_channel", "user_not_in_channel"}
_GONE: Final = {"message_not_found", "cant_update_message", "edit_window_closed"}
_KEPT: Final = {"message_not_found", "cant_delete_message", "compliance_exports_prevent_deletion"}

_log = structlog.get_logger(__name__)


class Poster:
    """Posts replies through Slack's Web API."""

    def __init__(self, client: AsyncWebClient, wording: Wording, used: UsedButtons) -> None:
        self._client = client
        self._used = used
        self._wording = wording
        self._posted = PostedLookup(client)

    async def post(self, posting: Posting, reply: Reply) -> None:
        """Post what earlier attempts did not post, correct what they posted differently.

        What they posted beyond the present reply is removed.

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
        earlier = await self._earlier(posting, destination) if reply.posts else {}
        for number, post in enumerate(reply.posts):
            ts = await self._settle(posting, destination, number, post, earlier.get(number))
            if ts not in posting.posted:
                await posting.remember(ts)
        for number in sorted(earlier.keys() - set(range(len(reply.posts)))):
            await posting.reserve()
            await self._remove(destination, earlier[number].ts)

    async def notify(self, channel: str, reply: Reply) -> None:
        """Post into a channel of staff, by its id.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack will never take it.
        """
        for post in reply.posts:
            request = self._client.chat_postMessage(
                channel=channel, unfurl_links=False, unfurl_media=False, **_content(post)
            )
            await ask(request, "chat.postMessage")

    async def _earlier(
        self, posting: Posting, destination: Destination
    ) -> dict[int, PostedMessage]:
        """Return what stands already: as remembered, and as Slack has it, which knows better."""
        remembered = {number: PostedMessage(ts) for number, ts in enumerate(posting.posted)}
        if posting.attempt == 1 or destination.private:  # private posts cannot be looked up
            return remembered
        try:
            return remembered | await self._posted.find(destination.place, destination.message)
        except AccessLost:
            raise
        except AdapterError as error:  # an answer that may come twice beats none
            _log.warning("slack.cannot_look_up", message=destination.message.id, reason=str(error))
            return remembered

    async def _settle(
        self,
        posting: Posting,
        destination: Destination,
        number: int,
        post: Post,
        earlier: PostedMessage | None,
    ) -> str:
        """Make one post stand where it belongs; return its timestamp."""
        if earlier is None:
            await posting.reserve()
            post_it = self._post_privately if destination.private else self._post
            return await post_it(destination, number, post)
        if not destination.private and earlier.digest != post.digest:
            await posting.reserve()
            await self._update(destination, number, post, earlier.ts)
        return earlier.ts

    async def _post(self, destination: Destination, number: int, post: Post) -> str:
        request = self._client.chat_postMessage(
            channel=destination.place.channel,
            thread_ts=destination.place.thread or None,
            unfurl_links=False,
            unfurl_media=False,
            metadata=label(destination.message.id, number, post),
            **_content(post),
        )
        return str((await ask(request, "chat.postMessage"))["ts"])

    async def _post_privately(self, destination: Destination, number: int, post: Post) -> str:
        """Post what only the author sees; Slack shows it in a thread only if that has replies.

        Where the bot is not in the channel, or the person has left it, it becomes a direct message.
        """
        message, place = destination.message, destination.place
        opens_thread = MessageId.parse(message.id).platform_id == place.thread
        user = AuthorKey.parse(message.author.key).user_id
        request = self._client.chat_postEphemeral(
            channel=place.channel,
            user=user,
            thread_ts=None if opens_thread else place.thread or None,
            **_content(post),
        )
        try:
            stamp = str((await ask(request, "chat.postEphemeral"))["message_ts"])
        except AdapterError as error:
            cause = error.__cause__
            if not (isinstance(cause, SlackApiError) and error_code(cause) in _NOT_THERE):
                raise
        else:
            self._used.posted_privately(stamp, post)
            return stamp
        direct = replace(destination, place=Place(place.app, user))
        return await self._post(direct, number, post)

    async def _update(self, destination: Destination, number: int, post: Post, ts: str) -> None:
        """Correct an earlier post; one that staff have deleted stays deleted."""
        try:
            await self._client.chat_update(
                channel=destination.place.channel,
                ts=ts,
                metadata=label(destination.message.id, number, post),
                **_content(post),
            )
        except FAILURES as error:
            if not (isinstance(error, SlackApiError) and error_code(error) in _GONE):
                raise translate(error, "chat.update") from error

    async def _remove(self, destination: Destination, ts: str) -> None:
        """Take back an earlier post that the reply has no use for any more."""
        if destination.private:
            return  # nobody can take these back
        try:
            await self._client.chat_delete(channel=destination.place.channel, ts=ts)
        except FAILURES as error:
            if not (isinstance(error, SlackApiError) and error_code(error) in _KEPT):
                raise translate(error, "chat.delete") from error


def _content(post: Post) -> dict[str, Any]:
    """Return what a post says; Slack must turn nothing in it into names or links."""
    return {"text": post.text, "blocks": list(post.blocks), "parse": "none", "link_names": False}
