"""Buttons for staff under a post on Discord."""

from __future__ import annotations

from typing import Final

import discord

from adapters.discord.case_ids import CUSTOM_ID_LIMIT, case_id
from bot.ports import CaseButton
from bot.text.shorten import shortened

LABEL_LIMIT = 80

_STYLES: Final = {
    "": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


def case_button_row(asked: tuple[CaseButton, ...]) -> list[discord.ui.Button[discord.ui.View]]:
    """Return buttons for staff, but for those that could not name what they are about."""
    named = [(case_id(each.act, each.case, each.about), each) for each in asked]
    return [
        discord.ui.Button(
            label=shortened(each.label, LABEL_LIMIT, "…"),
            custom_id=custom_id,
            style=_STYLES[each.style],
        )
        for custom_id, each in named
        if len(custom_id) <= CUSTOM_ID_LIMIT
    ]
