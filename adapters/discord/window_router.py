"""Buttons that open windows, and what is answered in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import discord
import structlog

from adapters.common.interactions import InteractionKind
from adapters.common.windows import window_for
from adapters.discord.errors import FAILURES
from adapters.discord.heard import WINDOW_PREFIX
from adapters.discord.render import posts
from adapters.discord.router import ACKNOWLEDGE_TIME, Interaction, Router
from adapters.discord.translate import author_key
from adapters.discord.windows import modal_of, to_answered
from bot.ports import Window, Windows, Wording

_log = structlog.get_logger(__name__)


class WindowRouter:
    """Opens windows, and leads what is answered in them to storage.

    Args:
        router: Stores, acknowledges and refuses; gets the handlers.
        windows: What stands in windows; None: there are none.
        wording: The texts of their fields.
        me: Returns the bot's own user.
    """

    def __init__(
        self,
        router: Router,
        windows: Windows | None,
        wording: Wording,
        me: Callable[[], discord.ClientUser],
    ) -> None:
        self._router = router
        self._windows = windows
        self._wording = wording
        self._me = me
        router.routes.add(InteractionKind.PRESS, WINDOW_PREFIX, self._open)
        router.routes.add(InteractionKind.MODAL, WINDOW_PREFIX, self._take)

    async def _open(self, interaction: Interaction) -> None:
        """Open the window of a button, for whom it is meant; say what is left to be said."""
        data: Mapping[str, Any] = interaction.data or {}
        button = str(data.get("custom_id", "")).removeprefix(WINDOW_PREFIX)
        found = await window_for(self._windows, button, author_key(interaction.user.id))
        if found == "try_again":
            await self._router.acknowledge(interaction, taken=False, ephemeral=True)
            return
        if isinstance(found, str):
            await self._router.refuse(interaction)
            return
        try:
            async with asyncio.timeout(ACKNOWLEDGE_TIME):
                await self._show(interaction, found)
        except FAILURES as error:
            _log.warning("discord.not_acknowledged", id=interaction.id, error=type(error).__name__)

    async def _show(self, interaction: Interaction, window: Window) -> None:
        if window.asks:
            await interaction.response.send_modal(modal_of(window, self._wording))
            return
        first, *more = posts(window.said)
        await interaction.response.send_message(first.text, ephemeral=True, suppress_embeds=True)
        for each in more:
            await interaction.followup.send(each.text, ephemeral=True, suppress_embeds=True)

    async def _take(self, interaction: Interaction) -> None:
        """Store an answer; a window that was left empty says nothing."""
        event = to_answered(interaction, me=self._me())
        acknowledge = partial(self._router.acknowledge, interaction, ephemeral=True)
        if event is None:
            await acknowledge(taken=True)
        else:
            await self._router.take_used(interaction, event, acknowledge)
