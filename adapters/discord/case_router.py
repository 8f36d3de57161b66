"""Presses of buttons for staff and the forms that they open, stored and acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import discord
import structlog

from adapters.common.interactions import InteractionKind
from adapters.discord.case_acts import to_acted
from adapters.discord.case_forms import form_of
from adapters.discord.errors import FAILURES
from adapters.discord.heard import CASE_PREFIX
from adapters.discord.router import ACKNOWLEDGE_TIME, Interaction, Router

_log = structlog.get_logger(__name__)


class CaseRouter:
    """Leads what staff use under posts of a case to storage.

    Args:
        router: Stores, acknowledges and refuses; gets the handlers.
        me: Returns the bot's own user.
    """

    def __init__(self, router: Router, me: Callable[[], discord.ClientUser]) -> None:
        self._router = router
        self._me = me
        router.routes.add(InteractionKind.PRESS, CASE_PREFIX, self._take_press)
        router.routes.add(InteractionKind.MODAL, CASE_PREFIX, self._take_form)

    async def _take_press(self, interaction: Interaction) -> None:
        """Open a form for what needs one; store what does not."""
        event = to_acted(interaction, me=self._me())
        if event is None or interaction.message is None:
            await self._router.refuse(interaction)
            return
        form = form_of(event, interaction.message.content)
        if form is None:
            acknowledge = partial(self._router.acknowledge, interaction, ephemeral=True)
            await self._router.take_used(interaction, event, acknowledge)
            return
        try:
            async with asyncio.timeout(ACKNOWLEDGE_TIME):
                await interaction.response.send_modal(form)
        except FAILURES as error:
            _log.warning("discord.not_acknowledged", id=interaction.id, error=type(error).__name__)

    async def _take_form(self, interaction: Interaction) -> None:
        """Store what was written into a form, or chosen in it."""
        event = to_acted(interaction, me=self._me())
        if event is None:
            await self._router.refuse(interaction)
            return
        acknowledge = partial(self._router.acknowledge, interaction, ephemeral=True)
        await self._router.take_used(interaction, event, acknowledge)
