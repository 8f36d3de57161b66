"""Finding what an interrupted attempt has posted, by the metadata that every post carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import ask
from adapters.slack.destination import Place
from adapters.slack.render import Post
from bot.conversations.key import MessageId
from bot.messages import Message

EVENT_TYPE: Final = "frontdesk_reply"

_PAGE: Final = 100
_SKEW: Final = 300.0  # seconds that our clock may be ahead of Slack's
_PAGES: Final = 5  # an answer stands soon after its question


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A post of an earlier attempt.

    Attributes:
        digest: What it says; empty when only its id was remembered.
        streamed: It carries no metadata: Slack was streaming it when the attempt was interrupted.
    """

    ts: str
    digest: str = ""
    streamed: bool = False


def label(message_id: str, number: int, post: Post) -> dict[str, Any]:
    """Return the metadata by which a post is found again."""
    payload = {"message": message_id, "part": number, "digest": post.digest}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


class PostedLookup:
    """Reads the history of a place."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def find(self, place: Place, message: Message) -> dict[int, PostedMessage]:
        """Return the posts that answer a message already, by their number.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses for good.
        """
        found: dict[int, PostedMessage] = {}
        streamed: PostedMessage | None = None
        cursor = ""
        for _ in range(_PAGES):
            page = await self._page(place, oldest_answer(message), cursor)
            posts = page.get("messages") or []
            if place.thread and stamp_of(message) and streamed is None:
                streamed = _streamed(posts, place)
            found.update(_labelled(posts, message.id))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        if streamed is not None:
            found.setdefault(0, streamed)
        return found

    async def _page(self, place: Place, oldest: str, cursor: str) -> AsyncSlackResponse:
        """Read what was written after the message, in its thread or its direct conversation."""
        window: dict[str, Any] = {"oldest": oldest, "limit": _PAGE, "include_all_metadata": True}
        if cursor:
            window["cursor"] = cursor
        if place.thread:
            replies = self._client.conversations_replies(
                channel=place.channel, ts=place.thread, **window
            )
            return await ask(replies, "conversations.replies")
        history = self._client.conversations_history(channel=place.channel, **window)
        return await ask(history, "conversations.history")


def stamp_of(message: Message) -> str:
    """Return the timestamp of a message that stands on Slack; empty for anything else."""
    stamp = MessageId.parse(message.id).number
    return stamp if stamp.replace(".", "", 1).isdecimal() else ""


def oldest_answer(message: Message) -> str:
    """Return the timestamp after which an answer can stand; by our clock where Slack gave none."""
    return stamp_of(message) or f"{message.sent_at.timestamp() - _SKEW:.6f}"


def _streamed(posts: list[Mapping[str, Any]], place: Place) -> PostedMessage | None:
    """Return the post of ours that has no metadata: it gets them when its stream is stopped.

    Posts that share files have none, and never get any.
    """
    for post in posts:
        ours = post.get("app_id") == place.app and post["ts"] != place.thread
        if ours and not post.get("metadata") and not post.get("files"):
            return PostedMessage(post["ts"], streamed=True)
    return None


def _labelled(
    posts: list[Mapping[str, Any]], message_id: str
) -> Iterator[tuple[int, PostedMessage]]:
    for post in posts:
        metadata = post.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        if metadata.get("event_type") == EVENT_TYPE and payload.get("message") == message_id:
            yield int(payload["part"]), PostedMessage(post["ts"], str(payload.get("digest", "")))
