"""Windows in which one person alone answers what a form asks: modals of Discord."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import discord

from adapters.common.markdown import plain_text
from adapters.discord.heard import WINDOW_PREFIX
from adapters.discord.translate import PLATFORM, used_message
from bot.conversations.key import ConversationKey
from bot.messages import Addressing, Message, Pressed, Received
from bot.ports import Window, Wording
from bot.text.shorten import shortened

_ANSWER: Final = "answer"
_CHOICE: Final = "choice"
_LABEL_LIMIT: Final = 45  # also of titles
_SAID_LIMIT: Final = 3_000
_ANSWER_LIMIT: Final = 4_000
_CHOICES_LIMIT: Final = 25
_OPTION_LIMIT: Final = 100

Interaction = discord.Interaction[discord.Client]


def modal_of(window: Window, wording: Wording) -> discord.ui.Modal:
    """Return a window as Discord opens it.

    It is stopped, so that discord.py keeps no track of it: what is written is recognised by the
    modal's custom id, which names the conversation, also after a restart.
    """
    language, key = window.language, ConversationKey.parse(window.conversation)
    title = shortened(wording.say("form_button_private", language), _LABEL_LIMIT, "…")
    custom_id = WINDOW_PREFIX + ":".join(filter(None, (key.channel, key.thread)))
    modal = discord.ui.Modal(title=title, custom_id=custom_id, timeout=None)
    said = shortened(plain_text(window.said), _SAID_LIMIT, "…") or "…"
    modal.add_item(discord.ui.TextDisplay(discord.utils.escape_markdown(said)))
    chooses = window.buttons[:_CHOICES_LIMIT]
    field: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(
        custom_id=_ANSWER, required=not chooses, max_length=_ANSWER_LIMIT
    )
    modal.add_item(_labelled(wording.say("form_window_answer", language), field))
    if chooses:
        menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=_CHOICE, required=False, min_values=0
        )
        for each in chooses:
            menu.add_option(label=shortened(each.label, _OPTION_LIMIT, "…"), value=each.id)
        modal.add_item(_labelled(wording.say("form_window_choose", language), menu))
    modal.stop()
    return modal


def to_answered(interaction: Interaction, *, me: discord.ClientUser) -> Received | Pressed | None:
    """Translate a submitted window; None when nothing stands in it."""
    data: Mapping[str, Any] = interaction.data or {}  # shaped by the kind of interaction
    message = used_message(interaction, "window", me=me)
    fields = {str(each.get("custom_id")): each for each in _fields(data)}
    text = str(fields.get(_ANSWER, {}).get("value") or "").strip()
    chosen = [str(each) for each in fields.get(_CHOICE, {}).get("values") or ()]
    if message is None or not (text or chosen):
        return None
    place = str(data.get("custom_id", "")).removeprefix(WINDOW_PREFIX)
    message = _in_place(replace(message, text=text, addressing=Addressing.EPHEMERAL), place)
    return Received(message) if text else Pressed(message, chosen[0])


def _in_place(message: Message, place: str) -> Message:
    """Return a message as one of the conversation whose form asked."""
    app = ConversationKey.parse(message.conversation).app
    channel, _, thread = place.partition(":")
    key = ConversationKey(PLATFORM, app, channel, thread)
    return replace(message, conversation=str(key)) if channel else message


def _labelled(text: str, component: discord.ui.Item[Any]) -> discord.ui.Label[discord.ui.View]:
    return discord.ui.Label(text=shortened(text, _LABEL_LIMIT, "…"), component=component)


def _fields(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of a modal."""
    for row in data.get("components") or ():
        yield from row.get("components") or (row.get("component") or {},)
