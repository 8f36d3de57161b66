"""What staff do with a case on Slack: presses of its buttons, and the shortcut on a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from adapters.slack.case_buttons import read_act
from adapters.slack.content import Payload, attachments_of, text_of
from adapters.slack.destination import Place
from adapters.slack.formatted import formatted_text
from adapters.slack.heard import is_timestamp
from adapters.slack.translate import pressed_message, user_of
from bot.messages import Acted, Addressing, Message, Readers


def to_acted(body: Payload, action: Payload) -> Acted | None:
    """Translate the press of a button for staff; None when Slack does not say where."""
    read, message = read_act(str(action.get("value", ""))), pressed_message(body, action)
    if read is None or message is None:
        return None
    act, case, about = read
    unseen = replace(message, text="", addressing=Addressing.EPHEMERAL)
    return Acted(unseen, act, case, about)


def to_sent(body: Payload, bot_user: str, now: datetime, *, direct: bool) -> Acted | None:
    """Translate the shortcut "Send to customer"; None where Slack leaves it open.

    Args:
        body: The payload, with the line.
        bot_user: The bot's own user id.
        now: When it came.
        direct: It came from the direct messages with us.
    """
    line, channel = body.get("message") or {}, body.get("channel") or {}
    stamp, where = body.get("message_ts"), channel.get("id")
    if not where or not (body.get("user") or {}).get("id") or not is_timestamp(stamp):
        return None
    place = Place(str(body.get("api_app_id", "")), str(where), line.get("thread_ts") or "")
    text, formatted = text_of(line, bot_user), formatted_text(line, bot_user)
    message = Message(
        id=place.message(str(body.get("trigger_id", "")), "command"),
        conversation=place.key,
        author=user_of(body),
        text=text,
        sent_at=now,
        addressing=Addressing.EPHEMERAL,
        attachments=attachments_of(line),
        readers=Readers.AUTHOR if direct else Readers.OTHERS,
        formatted="" if formatted == text else formatted,
    )
    return Acted(message, "send", about=place.message(str(stamp)))
