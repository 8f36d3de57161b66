"""Says what the bot does with files, pictures and the like: it names them to staff, opens none."""

from __future__ import annotations

from bot.ports import Wording
from bot.responder import Turn


def files_notice(turn: Turn, wording: Wording) -> str:
    """Return what a customer who sent files is told, once in a conversation; empty for nothing."""
    if not turn.message.attachments:
        return ""
    notice = wording.say("files", turn.language)
    told = any(each.role == "bot" and notice in each.text for each in turn.conversation.turns)
    return "" if told else notice
