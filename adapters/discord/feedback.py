"""Thumbs under answers on Discord, and the modal that asks for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import discord

from adapters.common.votes import read_vote, vote_id
from adapters.discord.heard import VOTE_PREFIX
from adapters.discord.translate import used_message
from bot.messages import Addressing, Voted
from bot.ports import Wording
from bot.text.shorten import shortened

_TITLE_LIMIT: Final = 45  # also of labels
_REASON_LIMIT: Final = 1_000

Interaction = discord.Interaction[discord.Client]


def to_voted(interaction: Interaction, *, me: discord.ClientUser) -> Voted | None:
    """Translate the press of a thumb, or the modal that it opened; None for anything else.

    The text is what was written into the modal; empty for a thumb.
    """
    data: Mapping[str, Any] = interaction.data or {}  # shaped by the kind of interaction
    custom_id = str(data.get("custom_id", ""))
    vote = read_vote(custom_id.removeprefix(VOTE_PREFIX))
    message = used_message(interaction, "vote", me=me)
    if not custom_id.startswith(VOTE_PREFIX) or vote is None or message is None:
        return None
    reason = " ".join(_written(data)).strip()
    message = replace(message, text=reason, addressing=Addressing.EPHEMERAL)
    return Voted(message, vote[1], vote[0])


def modal(voted: Voted, language: str, wording: Wording) -> discord.ui.Modal:
    """Return the modal that asks why a thumb points down.

    It is stopped, so that discord.py keeps no track of it: what is written is recognised by the
    modal's custom id, also after a restart.
    """
    title = shortened(wording.say("feedback_title", language), _TITLE_LIMIT, "…")
    custom_id = VOTE_PREFIX + vote_id(voted.verdict, voted.answer)
    asking = discord.ui.Modal(title=title, custom_id=custom_id, timeout=None)
    field: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(
        label=shortened(wording.say("feedback_reason", language), _TITLE_LIMIT, "…"),
        custom_id="reason",
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=_REASON_LIMIT,
    )
    asking.add_item(field)
    asking.stop()
    return asking


def _written(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was written into the fields of a modal."""
    for row in data.get("components") or ():
        for field in row.get("components") or (row.get("component") or {},):
            yield str(field.get("value") or "")
