"""Posts of the outbox: made, changed, deleted or marked on Slack, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.outgoing import OutgoingPosting, said_in
from adapters.slack.case_buttons import with_case_buttons
from adapters.slack.client import ask
from adapters.slack.destination import Place, place_of
from adapters.slack.errors import code_of
from adapters.slack.post_calls import PostCalls
from adapters.slack.posted import oldest_answer
from adapters.slack.poster import Poster
from adapters.slack.render import Reply, render
from adapters.slack.undeliverable import explained
from adapters.slack.uploads import SEPARATOR, Uploads
from bot.conversations.key import MessageId
from bot.errors import AdapterError
from bot.messages import Offer, Part, Readers
from bot.ports import ReservedPost
from bot.ports.outbox import Mark
from bot.privacy.disclosure import cleared

REACTIONS: Final[dict[Mark, str]] = {"sent": "white_check_mark", "failed": "x"}
"""Names of the emoji that stand below a line of staff."""

_GONE: Final = "message_not_found"


class OutgoingPosts:
    """Delivers what the outbox has.

    What a post is named by is the timestamps of its messages, and for one with files, last, the
    timestamp of theirs with the ids of the files.

    Args:
        client: Waits when Slack asks for it.
        calls: Make single posts.
        poster: Posts once.
    """

    def __init__(self, client: AsyncWebClient, calls: PostCalls, poster: Poster) -> None:
        self._client = client
        self._calls = calls
        self._poster = poster
        self._uploads = Uploads(client)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Do what a post asks for; return what names it, see `DeliversPosts`.

        Raises:
            ServiceUnavailable: Slack did not take it; worth another attempt.
            AdapterError: Slack will never take it; the text says why to whoever wanted it.
        """
        acts = {
            "post": self._post,
            "thread": self._open_thread,
            "edit": self._edit,
            "delete": self._delete,
            "mark": self._mark,
        }
        try:
            return await acts[reserved.post.kind](reserved)
        except AdapterError as error:
            raise explained(error) from error

    async def _post(self, reserved: ReservedPost) -> str:
        place = place_of(reserved.post.conversation)
        reply = _rendered(reserved, place)
        if reserved.contents and _is_unseen(reply, reserved):
            raise AdapterError("Slack shows no files to one person alone in a channel")
        posting = OutgoingPosting.of(reserved, place.channel)
        uploaded = await self._uploaded(reserved, place, posting, reply)
        await self._poster.post(posting, reply)
        shared = await self._shared(reserved, place, uploaded)
        return " ".join(filter(None, [*posting.posted, shared]))

    async def _open_thread(self, reserved: ReservedPost) -> str:
        """Post the first message of a thread; in the thread what it has no room for, and files."""
        place = place_of(reserved.post.conversation)
        reply = _rendered(reserved, place, at=0)
        posting = OutgoingPosting.of(reserved, place.channel)
        await self._poster.post(posting, replace(reply, posts=reply.posts[:1]))
        root, message = posting.posted[0], posting.event.message
        within = replace(place, thread=root)
        if len(reply.posts) > 1:
            rest = replace(message, id=f"{message.id}-rest", conversation=within.key)
            more = OutgoingPosting(replace(posting.event, message=rest), reserved.attempt)
            await self._poster.post(more, replace(reply, posts=reply.posts[1:]))
        uploaded = await self._uploaded(reserved, within, posting, reply)
        await self._shared(reserved, within, uploaded)
        return root

    async def _uploaded(
        self, reserved: ReservedPost, place: Place, posting: OutgoingPosting, reply: Reply
    ) -> str | Sequence[str]:
        """Upload the files of a post, where its text may be read; return their ids.

        They are uploaded before the text is posted: files that Slack refuses keep it back. Where
        an earlier attempt has shared them, what names their post is returned.
        """
        message, readers = posting.event.message, reserved.post.readers
        if not reserved.contents or not cleared(message.id, reply.visibilities, readers):
            return ""
        found = ""
        if reserved.repeated:
            found = await self._uploads.find(place, reserved.key, oldest_answer(message))
        return found or await self._uploads.upload(reserved.contents)

    async def _shared(
        self, reserved: ReservedPost, place: Place, uploaded: str | Sequence[str]
    ) -> str:
        """Share what was uploaded, unless it is; return what names its post."""
        if isinstance(uploaded, str):
            return uploaded
        return await self._uploads.share(place, reserved.key, reserved.contents, uploaded)

    async def _edit(self, reserved: ReservedPost) -> str:
        """Let an earlier post say something else; files that came with it stay."""
        place, stamps = place_of(reserved.post.conversation), _stamps(reserved)
        reply = _rendered(reserved, place)
        if not stamps:
            raise AdapterError("there is no text on Slack to be changed")
        if _is_unseen(reply, reserved):
            raise AdapterError("Slack lets nobody change what one person alone sees")
        posting = OutgoingPosting.of(reserved, place.channel)
        posting.posted = tuple(stamps)
        await self._poster.post(posting, reply, strict=True)
        files = [each for each in reserved.changes if SEPARATOR in each]
        return " ".join([*posting.posted, *files])

    async def _delete(self, reserved: ReservedPost) -> str:
        """Delete an earlier post; of one that stood no more this attempt says so."""
        channel, gone = place_of(reserved.post.conversation).channel, 0
        for each in reserved.changes:
            await self._uploads.remove(each)
            stamp = each.partition(SEPARATOR)[0]
            try:
                if stamp:
                    await self._calls.remove(channel, stamp)
            except AdapterError as error:
                if code_of(error) != _GONE:
                    raise
                gone += SEPARATOR not in each  # one without text goes with its files
                if gone == len(reserved.changes) and not reserved.repeated:
                    raise
        return " ".join(reserved.changes)

    async def _mark(self, reserved: ReservedPost) -> str:
        """React to a line of staff, or to a post of ours, in place of an earlier mark."""
        post = reserved.post
        channel, stamp = place_of(post.conversation).channel, "".join(_stamps(reserved)[:1])
        if post.marked:
            line = MessageId.parse(post.marked)
            channel, stamp = line.channel, line.number
        for mark, name in REACTIONS.items():
            adds = mark == post.mark
            call = self._client.reactions_add if adds else self._client.reactions_remove
            doing = "reactions.add" if adds else "reactions.remove"
            try:
                await ask(call(channel=channel, timestamp=stamp, name=name), doing)
            except AdapterError as error:
                if code_of(error) not in ("already_reacted", "no_reaction"):
                    raise
        return stamp


def _rendered(reserved: ReservedPost, place: Place, *, at: int = -1) -> Reply:
    """Return what a post says, with its buttons below one of its messages."""
    post = reserved.post
    parts: list[Part] = [said_in(reserved)]
    if post.buttons:
        parts.append(Offer(post.buttons))
    return with_case_buttons(render(parts, place.thread), post.case_buttons, at=at)


def _is_unseen(reply: Reply, reserved: ReservedPost) -> bool:
    """Return whether one person alone sees a post, in a place where others read."""
    return reply.private and reserved.post.readers is not Readers.AUTHOR


def _stamps(reserved: ReservedPost) -> Sequence[str]:
    """Return the timestamps of the texts of the earlier post."""
    return [each for each in reserved.changes if SEPARATOR not in each]
