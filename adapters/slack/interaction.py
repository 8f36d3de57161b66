"""One use of a command, a shortcut, a button or a modal, as Bolt hands it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.common.interactions import InteractionKind


@dataclass(frozen=True, slots=True)
class Interaction:
    """What a person used.

    Attributes:
        name: Of the command, the shortcut, the button or the modal.
        body: As Slack sent it.
        action: The part of the body about the pressed button; empty for other kinds.
        ack: Acknowledges it; for a modal also with what is wrong in it.
    """

    kind: InteractionKind
    name: str
    body: Mapping[str, Any]
    ack: AsyncAck
    action: Mapping[str, Any]
