"""Events as JSON, for the time that they wait in the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.messages import (
    Addressing,
    Attachment,
    Author,
    Event,
    Message,
    Pressed,
    Readers,
    Received,
)


def encode(event: Event) -> dict[str, Any]:
    """Turn an event into what JSON can hold."""
    message = asdict(event.message) | {"sent_at": event.message.sent_at.isoformat()}
    if isinstance(event, Pressed):
        return {"event": "pressed", "message": message, "button": event.button}
    return {"event": "received", "message": message}


def decode(payload: Mapping[str, Any]) -> Event:
    """Turn what `encode` made back into the event."""
    fields = _as_of_today(payload["message"])
    message = Message(
        **fields
        | {
            "author": _author(fields["author"]),
            "sent_at": datetime.fromisoformat(fields["sent_at"]),
            "addressing": Addressing(fields["addressing"]),
            "readers": Readers(fields["readers"]),
            "attachments": tuple(Attachment(**each) for each in fields["attachments"]),
        }
    )
    if payload["event"] == "pressed":
        return Pressed(message, payload["button"])
    return Received(message)


def _author(fields: Mapping[str, Any]) -> Author:
    return Author(**{**fields, "roles": tuple(fields.get("roles", ()))})


def _as_of_today(fields: dict[str, Any]) -> dict[str, Any]:
    """Add what version 0.1 did not store: it took commands for direct messages."""
    if "readers" in fields:
        return fields
    if ":command:" in fields["id"]:
        return {**fields, "addressing": Addressing.COMMAND, "readers": Readers.OTHERS}
    direct = fields["addressing"] == Addressing.DIRECT
    return {**fields, "readers": Readers.AUTHOR if direct else Readers.OTHERS}
