"""What counts as said to the bot though no person wrote it: the post of a chosen bot."""

from __future__ import annotations

from collections.abc import Iterator

import discord

BUTTON_PREFIX = "frontdesk:"
"""Marks our buttons; the opaque id of the button follows."""

VOTE_PREFIX = "frontdesk-vote:"
"""Marks thumbs, and the modal that asks for a reason; the vote follows."""

CASE_PREFIX = "frontdesk-case:"
"""Marks buttons of staff, and the modals that they open; act, case and what it is about follow."""

WINDOW_PREFIX = "frontdesk-window:"
"""Marks buttons that open a window, whose opaque id follows, and the windows, whose conversation
follows."""

MENU_PREFIX = "frontdesk-menu:"
"""Marks lists of our buttons; the opaque id of the first one follows."""

OURS = (BUTTON_PREFIX, VOTE_PREFIX, CASE_PREFIX, WINDOW_PREFIX, MENU_PREFIX)


def asks_as_bot(message: discord.Message, bots: frozenset[str]) -> bool:
    """Return whether a chosen bot or webhook wrote this, and no Frontdesk: its buttons tell."""
    is_chosen = bool({str(message.author.id), str(message.webhook_id)} & bots)
    ids = [each.custom_id or "" for each in buttons_of(message)]
    ids += [each.custom_id for each in menus_of(message)]
    return is_chosen and not any(each.startswith(OURS) for each in ids)


def buttons_of(message: discord.Message) -> Iterator[discord.Button]:
    """Yield the buttons under a message."""
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(item, discord.Button):
                yield item


def menus_of(message: discord.Message) -> Iterator[discord.SelectMenu]:
    """Yield the menus under a message."""
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(item, discord.SelectMenu):
                yield item
