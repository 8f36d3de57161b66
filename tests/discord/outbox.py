"""Posts as the outbox reserves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.messages import Readers
from bot.ports import CaseButton, FileContent, OutgoingPost, ReservedPost
from tests.servers.discord.world import BOT

BUTTONS = (
    CaseButton("claim", 7, "Claim", style="primary"),
    CaseButton("assign", 7, "Assign"),
    CaseButton("reply", 7, "Reply"),
    CaseButton("return", 7, "Return to bot"),
    CaseButton("close", 7, "Close", style="danger"),
)


def place(channel: object, thread: object = "") -> str:
    """Return the key of a conversation."""
    return ":".join(filter(None, ("discord", str(BOT), str(channel), str(thread))))


def due(
    conversation: str,
    markdown: str = "On its way.",
    *,
    number: int = 1,
    attempt: int = 1,
    changes: Sequence[str] = (),
    contents: Sequence[FileContent] = (),
    standing: Sequence[str] = (),
    **fields: Any,  # noqa: ANN401
) -> ReservedPost:
    """Return a post that a worker is about to deliver."""
    now = datetime.now(UTC)
    post = OutgoingPost(conversation, markdown, f"act-{number}", **fields)
    return ReservedPost(
        post,
        number,
        "token",
        attempt,
        now,
        now,
        standing=frozenset(standing),
        changes=tuple(changes),
        contents=tuple(contents),
    )


def case_root(channel: int, markdown: str = "**Case 7**", **fields: Any) -> ReservedPost:  # noqa: ANN401
    """Return the post that opens the thread of a case."""
    given: dict[str, Any] = {
        "title": "Case 7: Ada",
        "case_buttons": BUTTONS,
        "readers": Readers.STAFF,
    } | fields
    return due(place(channel), markdown, kind="thread", case=7, **given)


def in_thread(channel: int, thread: str, markdown: str, **fields: Any) -> ReservedPost:  # noqa: ANN401
    """Return a post in the thread of a case."""
    given: dict[str, Any] = {"case": 7, "readers": Readers.STAFF, "number": 2} | fields
    return due(place(channel, thread), markdown, **given)
