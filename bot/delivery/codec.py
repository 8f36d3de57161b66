"""Serialises events to JSON for storage in the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.addressing import NOBODY, Addressees
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
    """Serialise an event to a JSON object."""
    message = asdict(event.message) | {"sent_at": event.message.sent_at.isoformat()}
    for name in ("staff", "bot"):  # left out where earlier versions did not know them
        if not message["author"][name]:
            del message["author"][name]
    if event.message.to == NOBODY:
        del message["to"]
    if isinstance(event, Pressed):
        pressed = {"event": "pressed", "message": message, "button": event.button}
        return pressed | ({"post": event.post} if event.post else {})
    return {"event": "received", "message": message}


def decode(payload: Mapping[str, Any]) -> Event:
    """Deserialise an event that `encode` produced."""
    fields = _as_of_today(payload["message"])
    message = Message(
        **fields
        | {
            "author": _author(fields["author"]),
            "sent_at": datetime.fromisoformat(fields["sent_at"]),
            "addressing": Addressing(fields["addressing"]),
            "readers": Readers(fields["readers"]),
            "attachments": tuple(Attachment(**each) for each in fields["attachments"]),
            "to": _addressees(fields.get("to", {})),
        }
    )
    if payload["event"] == "pressed":
        return Pressed(message, payload["button"], payload.get("post", ""))
    return Received(message)


def _author(fields: Mapping[str, Any]) -> Author:
    return Author(**{**fields, "roles": tuple(fields.get("roles", ()))})


def _addressees(fields: Mapping[str, Any]) -> Addressees:
    return Addressees(**{**fields, "people": tuple(fields.get("people", ()))})


def _as_of_today(fields: dict[str, Any]) -> dict[str, Any]:
    """Add the fields that version 0.1 did not store; it treated commands as direct messages."""
    if "readers" in fields:
        return fields
    if ":command:" in fields["id"]:
        return {**fields, "addressing": Addressing.COMMAND, "readers": Readers.OTHERS}
    direct = fields["addressing"] == Addressing.DIRECT
    return {**fields, "readers": Readers.AUTHOR if direct else Readers.OTHERS}
