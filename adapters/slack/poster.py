"""Posting a reply once, even when an earlier attempt was interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from adapters.slack.errors import FAILURES, error_code, translate
from adapters.slack.posted import Earlier, find_posts, label
from adapters.slack.render import Composed, Post, compose
from adapters.slack.translate import Place, place_of
from bot.conversations.key import AuthorKey, MessageId
from bot.errors import AccessLost, AdapterError
from bot.messages import Addressing, Message, Readers, Say
from bot.ports import Posting, Wording
from bot.privacy.disclosure import cleared

_GONE: Final = {"message_not_found", "cant_update_message", "edit_window_closed"}
_KEPT: Final = {"message_not_found", "cant_delete_message", "compliance_exports_prevent_deletion"}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a reply goes.

    Attributes:
        readers: Who can read it where it will stand.
        private: It is shown to the author of the message alone, in a place where others read.
    """

    message: Message
    place: Place
    readers: Readers
    private: bool

    @classmethod
    def of(cls, message: Message, composed: Composed) -> _Address:
        """Return where a reply to a message goes."""
        place = place_of(message.conversation)
        aside = composed.private or message.addressing is Addressing.COMMAND
        private = aside and message.readers is not Readers.AUTHOR
        return cls(message, place, Readers.AUTHOR if private else message.readers, private)


class Poster:
    """Posts replies through Slack's Web API."""

    def __init__(self, client: AsyncWebClient, wording: Wording) -> None:
        self._client = client
        self._wording = wording

    async def post(self, posting: Posting, composed: Composed) -> None:
        """Post what earlier attempts did not post, correct what they posted differently.

        What they posted beyond the present reply is removed.

        Raises:
            ServiceUnavailable: Slack is away; another attempt goes on from here.
            AdapterError: Slack will never take it.
        """
        address = _Address.of(posting.event.message, composed)
        if not cleared(address.message.id, composed.visibilities, address.readers):
            composed = compose(
                [Say(self._wording.say("withheld", composed.language))], address.place.thread
            )
        earlier = await self._earlier(posting, address) if composed.posts else {}
        for number, post in enumerate(composed.posts):
            ts = await self._settle(address, number, post, earlier.get(number))
            if ts not in posting.posted:
                await posting.remember(ts)
        for number in sorted(earlier.keys() - set(range(len(composed.posts)))):
            await self._remove(address, earlier[number].ts)

    async def notify(self, channel: str, composed: Composed) -> None:
        """Post into a channel of staff, by its id.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack will never take it.
        """
        for post in composed.posts:
            request = self._client.chat_postMessage(
                channel=channel, unfurl_links=False, unfurl_media=False, **_content(post)
            )
            await ask(request, "chat.postMessage")

    async def _earlier(self, posting: Posting, address: _Address) -> dict[int, Earlier]:
        """Return what stands already: as remembered, and as Slack has it, which knows better."""
        remembered = {number: Earlier(ts) for number, ts in enumerate(posting.posted)}
        if posting.attempt == 1 or address.private:  # private posts cannot be looked up
            return remembered
        try:
            return remembered | await find_posts(self._client, address.place, address.message.id)
        except AccessLost:
            raise
        except AdapterError as error:  # an answer that may come twice beats none
            _log.warning("slack.cannot_look_up", message=address.message.id, reason=str(error))
            return remembered

    async def _settle(
        self, address: _Address, number: int, post: Post, earlier: Earlier | None
    ) -> str:
        """Make one post stand where it belongs; return its timestamp."""
        if earlier is None:
            post_it = self._post_privately if address.private else self._post
            return await post_it(address, number, post)
        if not address.private and earlier.digest != post.digest:
            await self._update(address, number, post, earlier.ts)
        return earlier.ts

    async def _post(self, address: _Address, number: int, post: Post) -> str:
        request = self._client.chat_postMessage(
            channel=address.place.channel,
            thread_ts=address.place.thread or None,
            unfurl_links=False,
            unfurl_media=False,
            metadata=label(address.message.id, number, post),
            **_content(post),
        )
        return str((await ask(request, "chat.postMessage"))["ts"])

    async def _post_privately(self, address: _Address, _number: int, post: Post) -> str:
        """Post what only the author sees; Slack shows it in a thread only if that has replies."""
        message, place = address.message, address.place
        opens_thread = MessageId.parse(message.id).platform_id == place.thread
        request = self._client.chat_postEphemeral(
            channel=place.channel,
            user=AuthorKey.parse(message.author.key).user_id,
            thread_ts=None if opens_thread else place.thread or None,
            **_content(post),
        )
        return str((await ask(request, "chat.postEphemeral"))["message_ts"])

    async def _update(self, address: _Address, number: int, post: Post, ts: str) -> None:
        """Correct an earlier post; one that staff have deleted stays deleted."""
        try:
            await self._client.chat_update(
                channel=address.place.channel,
                ts=ts,
                metadata=label(address.message.id, number, post),
                **_content(post),
            )
        except FAILURES as error:
            if not (isinstance(error, SlackApiError) and error_code(error) in _GONE):
                raise translate(error, "chat.update") from error

    async def _remove(self, address: _Address, ts: str) -> None:
        """Take back an earlier post that the reply has no use for any more."""
        if address.private:
            return  # nobody can take these back
        try:
            await self._client.chat_delete(channel=address.place.channel, ts=ts)
        except FAILURES as error:
            if not (isinstance(error, SlackApiError) and error_code(error) in _KEPT):
                raise translate(error, "chat.delete") from error


def _content(post: Post) -> dict[str, Any]:
    """Return what a post says; Slack shall turn nothing in it into names or links."""
    return {"text": post.text, "blocks": list(post.blocks), "parse": "none", "link_names": False}
