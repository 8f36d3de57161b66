"""Commands, presses and modals of Discord: stored and acknowledged, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Final, Protocol

import discord
import structlog
from discord import InteractionType, app_commands

from adapters.common.interactions import (
    STORE_WITHIN,
    UNKNOWN,
    InteractionKind,
    Routes,
    TimelyIntake,
)
from adapters.discord.button_presses import Presses
from adapters.discord.by_token import TokenAnswers
from adapters.discord.errors import FAILURES
from adapters.discord.feedback import modal, to_voted
from adapters.discord.heard import BUTTON_PREFIX, MENU_PREFIX, VOTE_PREFIX
from adapters.discord.retrying_intake import RetryingIntake
from adapters.discord.translate import to_pressed
from bot.messages import Event, Voted
from bot.ports import Wording

_log = structlog.get_logger(__name__)

ACKNOWLEDGE_TIME: Final = 10.0
"""Seconds that the request of an acknowledgement may take."""

Interaction = discord.Interaction[discord.Client]


class _Acknowledge(Protocol):
    async def __call__(self, *, taken: bool) -> None:
        """Give Discord its first response, whether the event was stored or not."""
        ...


class Router:
    """Leads each interaction to its handler, by kind and name.

    Attributes:
        routes: The table of handlers.
        presses: Those that can still be answered for one person's eyes.

    Args:
        intake: Stores events.
        wording: The texts for interactions that fail or that no handler is registered for.
        me: Returns the bot's own user.
        answers: Answers interactions to their authors alone.
    """

    def __init__(
        self,
        intake: RetryingIntake,
        wording: Wording,
        me: Callable[[], discord.ClientUser],
        answers: TokenAnswers,
    ) -> None:
        self._intake = TimelyIntake(lambda event: intake.take_within(event, STORE_WITHIN))
        self._declining = intake
        self._wording = wording
        self._me = me
        self.presses = Presses(answers)
        self.routes: Routes[Interaction] = Routes(self.refuse)
        self.routes.add(InteractionKind.PRESS, BUTTON_PREFIX, self._take_press)
        self.routes.add(InteractionKind.PRESS, MENU_PREFIX, self._take_press)
        self.routes.add(InteractionKind.PRESS, VOTE_PREFIX, self._take_vote)
        self.routes.add(InteractionKind.MODAL, VOTE_PREFIX, self._take_vote)

    async def handle(self, interaction: Interaction) -> None:
        """Lead an interaction to its handler."""
        if interaction.type is InteractionType.autocomplete:
            await self._offer_nothing(interaction)
            return
        route = route_of(interaction)
        if route is not None:
            await self.routes.handler(*route)(interaction)

    def declined(self, event: Event) -> bool:
        """Return whether an event was stored by nobody, since config lets the bot not hear it."""
        return self._declining.declined(event)

    async def take(self, event: Event, failed: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Store an event in time for its acknowledgement; see `TimelyIntake.take`."""
        return await self._intake.take(event, failed)

    async def acknowledge(self, interaction: Interaction, *, taken: bool, ephemeral: bool) -> None:
        """Give Discord its first response: the answer follows, or please try again."""
        try:
            async with asyncio.timeout(ACKNOWLEDGE_TIME):
                if taken:
                    await interaction.response.defer(ephemeral=ephemeral)
                else:
                    await self._respond(interaction, "try_again")
        except FAILURES as error:
            # the event counts; only the spinner of who caused it goes on
            _log.warning("discord.not_acknowledged", id=interaction.id, error=type(error).__name__)

    async def ask_to_try_again(self, interaction: Interaction) -> None:
        """Tell somebody whose interaction was acknowledged, and could not be stored after all."""
        words = self._wording.say("try_again", str(interaction.locale))
        try:
            await interaction.followup.send(words, ephemeral=True)
        except FAILURES as error:
            _log.info("discord.not_answered", id=interaction.id, error=type(error).__name__)

    async def settled(self, seconds: float) -> None:
        """Wait until events are stored and answers sent that were begun."""
        await self._intake.settled(seconds)

    async def _take_press(self, interaction: Interaction) -> None:
        """Store a press, then acknowledge; slow storage does not delay that beyond 3 s."""
        event = to_pressed(interaction, me=self._me())
        if event is None:
            await self.refuse(interaction)
        else:
            acknowledge = partial(self.acknowledge, interaction, ephemeral=False)
            await self.take_used(interaction, event, acknowledge)

    async def _take_vote(self, interaction: Interaction) -> None:
        """Store a vote; one that points down is acknowledged with the modal for its reason."""
        event = to_voted(interaction, me=self._me())
        if event is None:
            await self.refuse(interaction)
            return
        acknowledge: _Acknowledge = partial(self.acknowledge, interaction, ephemeral=True)
        if interaction.type is InteractionType.component:
            acknowledge = partial(self.acknowledge, interaction, ephemeral=False)
            if event.verdict == "down":
                acknowledge = partial(self._ask_for_reason, interaction, event)
        await self.take_used(interaction, event, acknowledge)

    async def _ask_for_reason(self, interaction: Interaction, voted: Voted, *, taken: bool) -> None:
        """Open the modal for the reason; the vote counts whatever becomes of it."""
        if not taken:
            await self.acknowledge(interaction, taken=False, ephemeral=True)
            return
        try:
            async with asyncio.timeout(ACKNOWLEDGE_TIME):
                asking = modal(voted, str(interaction.locale), self._wording)
                await interaction.response.send_modal(asking)
        except FAILURES as error:
            _log.warning("discord.not_acknowledged", id=interaction.id, error=type(error).__name__)

    async def take_used(
        self, interaction: Interaction, event: Event, acknowledge: _Acknowledge
    ) -> None:
        """Store what was used under a post, then acknowledge it."""
        press = self.presses.begin(event, interaction)

        async def failed() -> None:
            await press.acknowledged.wait()
            await self.ask_to_try_again(interaction)

        try:
            await acknowledge(taken=await self.take(event, failed))
        finally:
            press.acknowledged.set()

    async def refuse(self, interaction: Interaction) -> None:
        """Answer what no handler is registered for, to its author alone."""
        route = route_of(interaction)
        if route is None:
            return
        _log.info("discord.unknown_interaction", kind=route[0])
        try:
            async with asyncio.timeout(ACKNOWLEDGE_TIME):
                await self._respond(interaction, UNKNOWN[route[0]])
        except FAILURES as error:
            _log.warning("discord.not_acknowledged", id=interaction.id, error=type(error).__name__)

    async def _respond(self, interaction: Interaction, key: str) -> None:
        words = self._wording.say(key, str(interaction.locale))
        await interaction.response.send_message(words, ephemeral=True)

    @staticmethod
    async def _offer_nothing(interaction: Interaction) -> None:
        """Complete nothing: the bot has no command with options that are completed."""
        try:
            await interaction.response.autocomplete([])
        except FAILURES as error:
            _log.info("discord.not_answered", id=interaction.id, error=type(error).__name__)


class RoutedTree(app_commands.CommandTree[discord.Client]):
    """The commands that are registered with Discord; uses of them go to the router."""

    def __init__(self, client: discord.Client, router: Router) -> None:
        super().__init__(client)
        self._router = router

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Hand a command to the router; False, so that discord.py itself calls nothing.

        A command of ours in the context menu of a message it does call, with the message.
        """
        data: Mapping[str, Any] = interaction.data or {}
        kind = discord.AppCommandType.message
        if data.get("type") == kind.value and self.get_command(str(data.get("name")), type=kind):
            return True
        await self._router.handle(interaction)
        return False


def route_of(interaction: Interaction) -> tuple[InteractionKind, str] | None:
    """Return kind and name of an interaction; None for a kind that the bot cannot get."""
    data: Mapping[str, Any] = interaction.data or {}  # shaped by the kind of interaction
    match interaction.type:
        case InteractionType.application_command:
            chat = data.get("type", 1) == discord.AppCommandType.chat_input.value
            return InteractionKind.COMMAND if chat else InteractionKind.SHORTCUT, str(
                data.get("name", "")
            )
        case InteractionType.component:
            return InteractionKind.PRESS, str(data.get("custom_id", ""))
        case InteractionType.modal_submit:
            return InteractionKind.MODAL, str(data.get("custom_id", ""))
    return None
