"""How a message reached the bot, and which people it speaks to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Addressing(StrEnum):
    """How a message reached the bot."""

    DIRECT = "direct"
    MENTION = "mention"
    THREAD = "thread"
    AMBIENT = "ambient"
    """Said in a channel, to nobody in particular or to others; only some channels are listened to,
    see `SpeakConfig`."""
    COMMAND = "command"
    """A command of the platform's own: neither it nor its answer is seen by others."""

    EPHEMERAL = "ephemeral"
    """A question asked with a command, or a press on a post that one person alone sees: neither it
    nor its answer is seen by others."""


SHARED = frozenset({Addressing.THREAD, Addressing.AMBIENT})
"""How people speak in a place that they share with the bot without speaking to it by name."""


@dataclass(frozen=True, slots=True)
class Addressees:
    """Whom a message speaks to beside the bot, as far as the platform tells.

    Attributes:
        people: Keys of the people, and ids of the groups, that the text mentions.
        reply_to: Key of the person whose message it replies to; empty for a reply to nobody, to
            the bot or to somebody unknown.
        parent: The platform's id of the message that it replies to; empty for none.
    """

    people: tuple[str, ...] = ()
    reply_to: str = ""
    parent: str = ""


NOBODY = Addressees()
