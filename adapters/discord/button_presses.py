"""Presses of buttons: acknowledged, marked, and answered for the eyes of whoever pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import discord

from adapters.discord.by_token import TokenAnswers
from adapters.discord.case_button_row import LABEL_LIMIT
from adapters.discord.heard import BUTTON_PREFIX, MENU_PREFIX
from adapters.discord.render import Post
from bot.messages import Event, Pressed
from bot.text.shorten import shortened

PLACEHOLDER_LIMIT: Final = 150

KEPT: Final = 1_000
"""Presses that are remembered at most; most are answered in public and never asked for."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press that can still be answered.

    Attributes:
        acknowledged: Set when Discord has its first response: only then does it take another.
    """

    interaction: discord.Interaction[discord.Client]
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


class Presses:
    """The latest presses of one client.

    Args:
        answers: Answers them for the eyes of whoever pressed.
    """

    def __init__(self, answers: TokenAnswers) -> None:
        self._answers = answers
        self._open: dict[str, Press] = {}

    def begin(self, event: Event, interaction: discord.Interaction[discord.Client]) -> Press:
        """Remember a press that is about to be stored."""
        press = self._open[event.message.id] = Press(interaction)
        if len(self._open) > KEPT:
            del self._open[next(iter(self._open))]
        return press

    async def mark(self, pressed: Pressed) -> bool:
        """Switch the buttons off beside the pressed one; False when it is not remembered."""
        press = self._open.get(pressed.message.id)
        if press is None or press.interaction.message is None:
            return False
        await press.acknowledged.wait()
        view = marked(press.interaction.message, pressed)
        if view is not None:
            await press.interaction.edit_original_response(view=view)
        return True

    async def answer(self, event: Event, posts: Sequence[Post]) -> bool:
        """Answer for the eyes of whoever pressed; False when Discord does not take it any more."""
        press = self._open.pop(event.message.id, None)
        if press is not None:
            await press.acknowledged.wait()
        return await self._answers.follow_up(event.message, posts)


def marked(message: discord.Message, pressed: Pressed) -> discord.ui.View | None:
    """Return the buttons of a post, ours switched off; None when it has none of ours.

    The view is stopped, so that discord.py keeps no track of it.
    """
    view = discord.ui.View.from_message(message, timeout=None)
    buttons = [each for each in view.children if isinstance(each, discord.ui.Button)]
    ours = [each for each in buttons if (each.custom_id or "").startswith(BUTTON_PREFIX)]
    menus = [each for each in view.children if isinstance(each, discord.ui.Select)]
    lists = [each for each in menus if each.custom_id.startswith(MENU_PREFIX)]
    for menu in lists:
        menu.disabled = True
        if any(option.value == pressed.button for option in menu.options):
            menu.placeholder = shortened(f"✓ {pressed.message.text}", PLACEHOLDER_LIMIT)
    for button in ours:
        button.disabled = True
        if button.custom_id == BUTTON_PREFIX + pressed.button:
            button.style = discord.ButtonStyle.success
            button.label = shortened(f"✓ {(button.label or '').removeprefix('✓ ')}", LABEL_LIMIT)
    view.stop()
    return view if ours or lists else None
