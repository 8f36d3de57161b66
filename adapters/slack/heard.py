"""What counts as said to the bot though no person wrote it: a chosen bot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.slack.posted import EVENT_TYPE
from adapters.slack.render import BLOCK_PREFIX, VOTE_BLOCK

Payload = Mapping[str, Any]

_TIMESTAMP = re.compile(r"\d{1,10}\.\d{1,6}")

_BY_BOTS: Final = {None, "bot_message", "file_share"}


def asks_as_bot(event: Payload, bots: frozenset[str]) -> bool:
    """Return whether a chosen bot or workflow wrote this; never another Frontdesk, nor we.

    Args:
        event: A message.
        bots: Ids of bots, of their apps or of their users.
    """
    ids = {str(event[name]) for name in ("bot_id", "app_id", "user") if event.get(name)}
    return (
        bool(ids & bots)
        and event.get("subtype") in _BY_BOTS
        and not event.get("hidden")
        and bool(event.get("channel"))
        and is_timestamp(event.get("ts"))
        and not _is_frontdesk(event)
    )


def is_timestamp(value: object) -> bool:
    """Return whether a value is a timestamp as Slack writes it."""
    return isinstance(value, str) and _TIMESTAMP.fullmatch(value) is not None


def _is_frontdesk(event: Payload) -> bool:
    """Return whether a post is the answer of a Frontdesk, ours or another one."""
    if (event.get("metadata") or {}).get("event_type") == EVENT_TYPE:
        return True
    blocks = event.get("blocks") or ()
    return any(
        str(block.get("block_id", "")).startswith((BLOCK_PREFIX, VOTE_BLOCK)) for block in blocks
    )
