"""`/ask`, `/frontdesk`, `/reply` and "Send to customer": answered to one person.

Discord shows those of staff to whoever has `discord.command_permission`, and to whom a server's
admins name for them (*Server settings, Integrations*). Who may use them the desk decides.

An answer to a command goes through the inbox as any other. Discord takes it for 15 minutes, by a
token that is stored with the event; later than that the answer goes into direct messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Literal

import discord
import structlog
from discord import app_commands

from adapters.common.interactions import ANY, InteractionKind
from adapters.discord.by_token import TokenAnswers
from adapters.discord.case_acts import to_replied, to_sent
from adapters.discord.case_forms import REPLY_LIMIT
from adapters.discord.command_sync import described, registered
from adapters.discord.errors import FAILURES
from adapters.discord.references import reference
from adapters.discord.render import Post
from adapters.discord.router import Router
from adapters.discord.translate import to_asked, to_commanded
from bot.messages import Event

_log = structlog.get_logger(__name__)

KEPT: Final = 1_000
"""Uses of commands that are remembered at most."""

OWN: Final = "/frontdesk"
ASK: Final = "ask"
REPLY: Final = "reply"
SEND: Final = "Send to customer"
_TEXT: Final = "text"
_QUESTION: Final = "question"
_NESTED: Final = (
    discord.AppCommandOptionType.subcommand.value,
    discord.AppCommandOptionType.subcommand_group.value,
)

_WHY: Final = "why"
_MESSAGE: Final = "message"
_WHERE: Final = "where"
_PLACED: Final = {"pause", "resume"}
"""Subcommands that take a place."""

_PLACES: Final = {"everywhere": "all", "here": "here"}
"""What is typed in a message for each place."""

_Interaction = discord.Interaction[discord.Client]
_Where = Literal["everywhere", "here"]


class SlashCommands:
    """The commands of one client.

    Args:
        tree: The commands of a client.
        router: Stores and acknowledges uses of commands.
        permission: What members need to be shown the command of staff; empty: everybody is.
        answers: Answers uses of commands.
        me: Returns the bot's own user.
    """

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        router: Router,
        *,
        permission: str,
        answers: TokenAnswers,
        me: Callable[[], discord.ClientUser],
    ) -> None:
        self._me = me
        self._router = router
        self._answers = answers
        self._open: dict[str, asyncio.Event] = {}
        self._tree = tree
        self._tree.add_command(_group(permission))
        self._tree.add_command(_ask())
        self._tree.add_command(_reply(permission))
        self._tree.add_command(_send(permission, self._on_send))
        router.routes.add(InteractionKind.COMMAND, ANY, self._on_command)

    async def register(self) -> None:
        """Tell Discord of the commands, if it knows others; without them there are messages."""
        try:
            if await registered(self._tree) != described(self._tree):
                await self._tree.sync()
                _log.info("discord.commands_registered")
        except (*FAILURES, discord.DiscordException) as error:
            _log.warning("discord.command_not_registered", error=type(error).__name__)

    async def answer(self, event: Event, posts: Sequence[Post]) -> bool:
        """Answer a command to its author alone; False when Discord takes no answer any more."""
        await self._acknowledged(event)
        return await self._answers.answer(event.message, posts)

    async def dismiss(self, event: Event) -> None:
        """End the waiting for an answer that does not come."""
        await self._acknowledged(event)
        await self._answers.dismiss(event.message)

    async def _acknowledged(self, event: Event) -> None:
        """Wait for the first response: Discord takes an answer only after that."""
        acknowledged = self._open.get(event.message.id)
        if acknowledged is not None:
            await acknowledged.wait()

    async def _on_command(self, interaction: _Interaction) -> None:
        await self._take(interaction, _event(interaction))

    async def _on_send(self, interaction: _Interaction, message: discord.Message) -> None:
        await self._take(interaction, to_sent(interaction, message, me=self._me()))

    async def _take(self, interaction: _Interaction, event: Event) -> None:
        """Store a command, then acknowledge; slow storage does not delay that beyond 3 s."""
        if event.message.id in self._open:
            return  # Discord sends again what it is not sure that we got
        acknowledged = self._open[event.message.id] = asyncio.Event()
        if len(self._open) > KEPT:
            del self._open[next(iter(self._open))]

        async def failed() -> None:
            await acknowledged.wait()
            await self._router.ask_to_try_again(interaction)

        try:
            taken = await self._router.take(event, failed)
            await self._router.acknowledge(interaction, taken=taken, ephemeral=True)
        finally:
            acknowledged.set()
        if self._router.declined(event):
            await self.dismiss(event)


def _event(interaction: _Interaction) -> Event:
    """Return what the use of a command stands for: a question, a reply, a line to the bot."""
    data: Mapping[str, Any] = interaction.data or {}
    if data.get("name") not in (ASK, REPLY):
        return to_commanded(interaction, _typed(interaction))
    given = {str(each.get("name")): str(each.get("value", "")) for each in data.get("options", ())}
    if data.get("name") == REPLY:
        return to_replied(interaction, given.get(_TEXT, ""))
    return to_asked(interaction, given.get(_QUESTION, ""))


def _typed(interaction: _Interaction) -> str:
    """Return a command as somebody would type it: its name and those of its subcommands.

    Options are left out, but for those that our own command takes.
    """
    data: Mapping[str, Any] = interaction.data or {}
    words = [f"/{data.get('name', '')}"]
    options = data.get("options") or ()
    while options and options[0].get("type") in _NESTED:
        words.append(str(options[0].get("name", "")))
        options = options[0].get("options") or ()
    chosen = {str(each.get("name")): str(each.get("value")) for each in options}
    if words[0] == OWN and words[-1] in _PLACED:
        words.append(_PLACES.get(chosen.get(_WHERE, ""), "all"))
    elif words == [OWN, _WHY] and chosen.get(_MESSAGE):
        words.append(reference(chosen[_MESSAGE]))
    return " ".join(words)


def _ask() -> app_commands.Command[Any, Any, Any]:
    """Describe the command of customers, for its registration with Discord."""

    @app_commands.command(name=ASK, description="Ask a question that nobody else sees")
    @app_commands.describe(question="What do you want to know?")
    async def ask(interaction: _Interaction, question: str) -> None:
        """Described here only; see `RoutedTree`."""

    return ask


def _reply(permission: str) -> app_commands.Command[Any, Any, Any]:
    """Describe the command that replies to a customer, for its registration with Discord."""

    @app_commands.command(name=REPLY, description="For staff: reply to the customer of this case")
    @app_commands.describe(text="What the customer reads")
    async def reply(
        interaction: _Interaction, text: app_commands.Range[str, 1, REPLY_LIMIT]
    ) -> None:
        """Described here only; see `RoutedTree`."""

    reply.default_permissions = _permissions(permission)
    return reply


def _send(
    permission: str, handler: Callable[[_Interaction, discord.Message], Awaitable[None]]
) -> app_commands.ContextMenu:
    """Describe the command in the context menu of a line, for its registration with Discord."""

    async def send(interaction: _Interaction, message: discord.Message) -> None:
        await handler(interaction, message)

    menu = app_commands.ContextMenu(name=SEND, callback=send)
    menu.default_permissions = _permissions(permission)
    return menu


def _permissions(name: str) -> discord.Permissions | None:
    return discord.Permissions(**{name: True}) if name else None


def _group(permission: str) -> app_commands.Group:
    """Describe the command, for its registration with Discord."""
    group = app_commands.Group(
        name="frontdesk",
        description="For staff: stop the bot from answering, and let it go on",
        default_permissions=_permissions(permission),
    )

    @group.command(name="pause", description="Answer nothing; messages are kept for staff")
    @app_commands.describe(where="In which channels; without it everywhere")
    async def _pause(interaction: _Interaction, where: _Where = "everywhere") -> None:
        """Described here only; see `RoutedTree`."""

    @group.command(name="resume", description="Answer again")
    @app_commands.describe(where="In which channels; without it everywhere")
    async def _resume(interaction: _Interaction, where: _Where = "everywhere") -> None:
        """Described here only; see `RoutedTree`."""

    @group.command(name=_WHY, description="Why did the bot answer, or was silent?")
    @app_commands.describe(message="Link or id of a message; without it the latest one here")
    async def _why(interaction: _Interaction, message: str = "") -> None:
        """Described here only; see `RoutedTree`."""

    @group.command(name="status", description="Where is the bot paused?")
    async def _status(interaction: _Interaction) -> None:
        """Described here only; see `RoutedTree`."""

    return group
