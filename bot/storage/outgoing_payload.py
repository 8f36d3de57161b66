"""What an outgoing post says, as JSON for its row in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.messages import Attachment, Button, Readers, Visibility
from bot.ports import OutgoingPost
from bot.ports.outbox import CaseButton

_PLAIN = ("markdown", "marked", "mark", "title", "unfetched", "remembered")


def encode(post: OutgoingPost) -> dict[str, Any]:
    """Return what a post says; what is empty is left out."""
    fields: dict[str, Any] = {name: getattr(post, name) for name in _PLAIN}
    fields |= {"visibility": str(post.visibility), "readers": str(post.readers)}
    for name in ("case_buttons", "buttons", "files"):
        fields[name] = [asdict(each) for each in getattr(post, name)]
    if post.kind != "mark":
        del fields["mark"]
    if post.instead is not None:
        fields["instead"] = {"conversation": post.instead.conversation, **encode(post.instead)}
    return {name: each for name, each in fields.items() if each or name == "markdown"}


def decode(row: Row[Any]) -> OutgoingPost:
    """Return the post of a row."""
    post = _said(row.conversation, row.payload, row.cause, row.author, row.due_at)
    return replace(post, version=row.version, kind=row.kind, case=row.case, target=row.target)


def _said(
    conversation: str, payload: Mapping[str, Any], cause: str, author: str, due_at: datetime | None
) -> OutgoingPost:
    """Return a post that says what a payload has."""
    instead = payload.get("instead")
    return OutgoingPost(
        conversation,
        payload["markdown"],
        cause,
        author,
        Visibility(payload["visibility"]),
        Readers(payload["readers"]),
        due_at,
        marked=payload.get("marked", ""),
        mark=payload.get("mark", "sent"),
        title=payload.get("title", ""),
        case_buttons=tuple(CaseButton(**each) for each in payload.get("case_buttons", ())),
        buttons=tuple(Button(**each) for each in payload.get("buttons", ())),
        files=tuple(Attachment(**each) for each in payload.get("files", ())),
        unfetched=payload.get("unfetched", ""),
        remembered=payload.get("remembered", False),
        instead=_said(instead["conversation"], instead, cause, author, None) if instead else None,
    )
