"""What an outgoing post says, as JSON for its row in the outbox."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from bot.messages import Attachment, Button, Readers, Visibility
from bot.ports import OutgoingPost
from bot.ports.outbox import CaseButton

_PLAIN = ("markdown", "marked", "mark", "title", "unfetched")


def encode(post: OutgoingPost) -> dict[str, Any]:
    """Return what a post says; what is empty is left out."""
    fields: dict[str, Any] = {name: getattr(post, name) for name in _PLAIN}
    fields |= {"visibility": str(post.visibility), "readers": str(post.readers)}
    for name in ("case_buttons", "buttons", "files"):
        fields[name] = [asdict(each) for each in getattr(post, name)]
    if post.kind != "mark":
        del fields["mark"]
    return {name: each for name, each in fields.items() if each or name == "markdown"}


def decode(row: Row[Any]) -> OutgoingPost:
    """Return the post of a row."""
    payload = row.payload
    return OutgoingPost(
        row.conversation,
        row.payload["markdown"],
        row.cause,
        row.author,
        Visibility(payload["visibility"]),
        Readers(payload["readers"]),
        row.due_at,
        row.version,
        row.kind,
        row.case,
        row.target,
        payload.get("marked", ""),
        payload.get("mark", "sent"),
        payload.get("title", ""),
        tuple(CaseButton(**each) for each in payload.get("case_buttons", ())),
        tuple(Button(**each) for each in payload.get("buttons", ())),
        tuple(Attachment(**each) for each in payload.get("files", ())),
        payload.get("unfetched", ""),
    )
