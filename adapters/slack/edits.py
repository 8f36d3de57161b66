"""Translates Slack's edits and deletions of messages into our events.

Slack also sends `message_changed` when it unfurls a link, and for the replies of a thread whose
first message is deleted; nobody has edited these. A first message that has replies is not deleted
but becomes a tombstone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.slack.destination import Place, place_of
from adapters.slack.identity import Identity
from adapters.slack.translate import to_received
from bot.conversations.key import MessageId
from bot.messages import (
    Addressing,
    Author,
    Deleted,
    Edited,
    Message,
    Readers,
    Received,
)

Payload = Mapping[str, Any]

CHANGED, DELETED = "message_changed", "message_deleted"
_TOMBSTONE = "tombstone"
_NOBODY = "U0"  # stands for an author that Slack does not tell


def is_change(body: Payload) -> bool:
    """Return whether an event tells of an edit or a deletion."""
    return (body.get("event") or {}).get("subtype") in (CHANGED, DELETED)


def to_change(
    body: Payload, identity: Identity, bots: frozenset[str] = frozenset()
) -> Edited | Deleted | None:
    """Translate an edit or a deletion; None drops it, as what no person wrote or changed."""
    event = body.get("event") or {}
    message = event.get("message") or {}
    if event.get("subtype") == DELETED:
        return _deleted(body, event.get("deleted_ts"), identity)
    if message.get("subtype") == _TOMBSTONE:
        return _deleted(body, message.get("ts"), identity)
    if _says(message) == _says(event.get("previous_message") or {}):
        return None
    return to_edited(body, message, identity, bots)


def to_edited(
    body: Payload, message: Payload, identity: Identity, bots: frozenset[str] = frozenset()
) -> Edited | None:
    """Translate a message that says when it was edited; None when it does not.

    Args:
        body: Of the event that tells of it, or of one made up for a message of a history.
        message: As it reads now.
        identity: Who we are.
        bots: Ids of bots and workflows that may ask.
    """
    told = message.get("edited") or {}
    edited, editor = told.get("ts"), told.get("user") or message.get("user")
    received = _received(body, message, identity, bots)
    if received is None or not isinstance(edited, str) or editor != message.get("user"):
        return None
    try:
        edited_at = datetime.fromtimestamp(float(edited), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    place = place_of(received.message.conversation)
    identity_of_edit = place.message(f"{message['ts']}-{edited}", "edit")
    return Edited(replace(received.message, id=identity_of_edit), received.message.id, edited_at)


def missing(message_id: str, readers: Readers, now: datetime) -> Deleted:
    """Return the deletion of a stored message that stands in no history any more.

    Args:
        message_id: Of the message.
        readers: Who can read where it stood.
        now: When it was missed.
    """
    key = MessageId.parse(message_id)
    place = Place(key.app, key.channel)
    gone = Message(place.message(key.number, "deletion"), place.key, Author(""), "", now)
    return Deleted(replace(gone, addressing=Addressing.AMBIENT, readers=readers), message_id)


def _deleted(body: Payload, stamp: object, identity: Identity) -> Deleted | None:
    """Translate a deletion; what we or other bots posted is none of our business."""
    event = body.get("event") or {}
    before = event.get("previous_message") or {}
    if before.get("bot_id") or before.get("user") == identity.user:
        return None
    told = {**before, "ts": stamp, "user": before.get("user") or _NOBODY, "subtype": None}
    received = _received(body, told, identity)
    if received is None:
        return None
    message = received.message
    place = place_of(message.conversation)
    author = Author("") if told["user"] == _NOBODY else message.author
    identity_of_deletion = place.message(str(stamp), "deletion")
    gone = replace(
        message, id=identity_of_deletion, author=author, text="", formatted="", attachments=()
    )
    return Deleted(replace(gone, sent_at=_moment(event)), message.id)


def _received(
    body: Payload, message: Payload, identity: Identity, bots: frozenset[str] = frozenset()
) -> Received | None:
    """Translate the message inside of an event as if it were new."""
    event = body.get("event") or {}
    where = {name: event.get(name) for name in ("channel", "channel_type")}
    inner = {**message, **where, "type": "message"}
    return to_received({**body, "event": inner}, identity, bots)


def _moment(event: Payload) -> datetime:
    """Return when an event happened; by our clock where Slack does not say."""
    try:
        return datetime.fromtimestamp(float(event.get("event_ts") or event["ts"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _says(message: Payload) -> tuple[object, tuple[object, ...]]:
    """Return what a person put into a message: text and files."""
    return message.get("text"), tuple(file.get("id") for file in message.get("files") or ())
