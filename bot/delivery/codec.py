"""Serialises events to JSON for storage in the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.addressing import NOBODY, Addressees
from bot.messages import (
    Acted,
    Addressing,
    Attachment,
    Author,
    Deleted,
    Edited,
    Event,
    Message,
    Pressed,
    Readers,
    Received,
    Voted,
)


def encode(event: Event) -> dict[str, Any]:
    """Serialise an event to a JSON object."""
    message = _encoded(event.message)
    match event:
        case Pressed():
            pressed = {"event": "pressed", "message": message, "button": event.button}
            return pressed | ({"post": event.post} if event.post else {})
        case Edited():
            changed = {"original": event.original, "edited_at": event.edited_at.isoformat()}
            return {"event": "edited", "message": message, **changed}
        case Deleted():
            return {"event": "deleted", "message": message, "original": event.original}
        case Voted():
            voted = {"event": "voted", "message": message}
            return voted | {"answer": event.answer, "verdict": event.verdict}
        case Acted():
            acted = {"event": "acted", "message": message, "act": event.act}
            return acted | {"case": event.case, "about": event.about}
    return {"event": "received", "message": message}


def _encoded(message: Message) -> dict[str, Any]:
    """Return a message as JSON; what earlier versions did not know is left out when empty."""
    fields = asdict(message) | {"sent_at": message.sent_at.isoformat()}
    for attachment in fields["attachments"]:
        if not attachment["source"]:
            del attachment["source"]
    for name in ("staff", "bot"):
        if not fields["author"][name]:
            del fields["author"][name]
    if message.to == NOBODY:
        del fields["to"]
    for name in ("token", "revision", "edited_at", "formatted"):
        if not fields[name]:
            del fields[name]
    if message.edited_at is not None:
        fields["edited_at"] = message.edited_at.isoformat()
    return fields


def decode(payload: Mapping[str, Any]) -> Event:
    """Deserialise an event that `encode` produced."""
    fields = _as_of_today(payload["message"])
    message = Message(
        **fields
        | {
            "author": _author(fields["author"]),
            "sent_at": datetime.fromisoformat(fields["sent_at"]),
            "edited_at": _moment(fields.get("edited_at")),
            "addressing": Addressing(fields["addressing"]),
            "readers": Readers(fields["readers"]),
            "attachments": tuple(Attachment(**each) for each in fields["attachments"]),
            "to": _addressees(fields.get("to", {})),
        }
    )
    match payload["event"]:
        case "pressed":
            return Pressed(message, payload["button"], payload.get("post", ""))
        case "edited":
            edited_at = datetime.fromisoformat(payload["edited_at"])
            return Edited(message, payload["original"], edited_at)
        case "deleted":
            return Deleted(message, payload["original"])
        case "voted":
            return Voted(message, payload["answer"], payload["verdict"])
        case "acted":
            return Acted(message, payload["act"], payload["case"], payload["about"])
    return Received(message)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


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
