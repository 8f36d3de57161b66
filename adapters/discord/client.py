"""The discord.py client: listens, translates and hands over; decides nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import discord
import structlog
from discord import InteractionType
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.common.pacing import Pace, Paces
from adapters.discord.by_token import TokenAnswers
from adapters.discord.case_router import CaseRouter
from adapters.discord.catchup import CatchUp
from adapters.discord.catchup_gate import CatchUpGate
from adapters.discord.commands import SlashCommands
from adapters.discord.config import DiscordConfig, own_words
from adapters.discord.edits import to_deleted, to_edited
from adapters.discord.errors import FAILURES
from adapters.discord.retrying_intake import RetryingIntake
from adapters.discord.router import RoutedTree, Router
from adapters.discord.translate import Channel, to_received
from adapters.discord.window_router import WindowRouter
from bot.ports import History, Windows, Wording

_log = structlog.get_logger(__name__)

HANG_UP_TIME = 5.0  # seconds for closing the websocket
CLOSING_TIME = 5.0  # seconds for interactions that are being stored or answered when we close
GUILDS_PATIENCE = 2.0  # seconds without news of any server; some may be away for hours
GUILDS_PACE = 0.05

EDITS, EDITS_WINDOW = 4, 5.0
"""Edits in one channel within so many seconds; Discord takes 5."""

ALL_EDITS = 30
"""Edits a second in all channels; Discord takes 50 requests of any kind."""

NOBODY = discord.AllowedMentions.none()
"""Whatever the text says, nobody is notified: models write @everyone."""


class FrontdeskClient(discord.Client):
    """A `discord.Client` that hands what concerns us to an intake.

    Attributes:
        sessions: How many sessions began or were resumed.
        tree: The commands that discord.py knows.
        commands: The one of staff.
        wording: The adapter's own texts.
        router: Leads interactions to their handlers.
        paces: What edits of shown replies count against.

    Args:
        intake: Where events go.
        config: How far back to look, and who is shown the command of staff.
        past: Where to go on after a downtime; None: nothing that was missed is looked for.
        wording: The bot's own texts; None: the built-in ones.
        reads_all: Ask the gateway for what others write, for which Discord wants a permission.
        windows: What stands in windows; None: there are none.
    """

    def __init__(
        self,
        intake: RetryingIntake,
        config: DiscordConfig,
        past: History | None = None,
        wording: Wording | None = None,
        *,
        reads_all: bool = True,
        windows: Windows | None = None,
    ) -> None:
        super().__init__(
            intents=intents(reads_all=reads_all),
            allowed_mentions=NOBODY,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._intake = intake
        self.wording = own_words(config, wording)
        self.paces = Paces(EDITS, EDITS_WINDOW, Pace(ALL_EDITS, 1.0))
        self.sessions = 0
        answers = TokenAnswers(self)
        self.router = Router(intake, self.wording, lambda: self._identity()[0], answers)
        CaseRouter(self.router, lambda: self._identity()[0])
        WindowRouter(self.router, windows, self.wording, lambda: self._identity()[0])
        self.tree = RoutedTree(self, self.router)
        self.commands = SlashCommands(
            self.tree,
            self.router,
            permission=config.command_permission,
            answers=answers,
            me=lambda: self._identity()[0],
        )
        self._bots, hours = config.bots, config.catch_up_hours
        catch_up = None
        if past is not None:
            heard = (config.bots, config.support)
            catch_up = CatchUp(self, intake, past, hours, heard=heard)
        self._gate = CatchUpGate(catch_up, intake)

    async def on_connect(self) -> None:
        """Catch up when a session begins; Discord itself never redelivers.

        Messages of the session wait until all earlier ones are stored.
        """
        self._gate.begin()
        await self._guilds_known()
        await self._gate.catch_up(*self._identity())

    async def on_ready(self) -> None:
        """Note that a session has begun; with the first one, register the command of staff."""
        self.sessions += 1
        _log.info("discord.ready", servers=len(self.guilds), application=self.application_id)
        if self.sessions == 1:
            await self.commands.register()

    async def on_resumed(self) -> None:
        """Note that an interrupted session goes on; Discord sends what was missed."""
        self.sessions += 1

    async def on_message(self, message: discord.Message) -> None:
        """Hand over a new message, after all that were missed."""
        await self._gate.wait()
        channel = await self._well_known(message.channel)
        me, app = self._identity()
        event = to_received(message, me=me, app=app, channel=channel, bots=self._bots)
        if event is not None:
            await self._intake.take(event)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Hand over what an edited message says now, in its turn."""
        await self._gate.wait()
        message, before = payload.message, payload.cached_message
        channel = await self._well_known(message.channel)
        me, app = self._identity()
        event = to_edited(message, me=me, app=app, channel=channel, before=before, bots=self._bots)
        if event is not None:
            await self._intake.take(event)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Hand over that a message was deleted, unless a bot wrote it, as we do."""
        before = payload.cached_message
        if before is not None and before.author.bot:
            return
        await self._deleted(payload.message_id, payload.channel_id, payload.guild_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Hand over that messages were deleted together."""
        for message_id in sorted(payload.message_ids):
            await self._deleted(message_id, payload.channel_id, payload.guild_id)

    async def _deleted(self, message_id: int, channel_id: int, guild_id: int | None) -> None:
        await self._gate.wait()
        channel, direct = self.get_channel(channel_id), guild_id is None
        _, app = self._identity()
        event = to_deleted(message_id, channel_id, app=app, channel=channel, direct=direct)
        await self._intake.take(event)

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Hand presses and modals to the router; commands reach it through the tree."""
        if interaction.type in (InteractionType.component, InteractionType.modal_submit):
            await self.router.handle(interaction)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what a listener did not expect, without what people wrote."""
        del args, kwargs
        _log.exception("discord.listener_failed", listener=event_method)

    async def close(self) -> None:
        """Disconnect; what waits to be handed over is left to the next start."""
        self._gate.open()
        await self.router.settled(CLOSING_TIME)
        await super().close()

    async def _guilds_known(self) -> None:
        """Wait while Discord still tells us of servers and their channels."""
        unknown, patience = -1, GUILDS_PATIENCE
        while patience > 0:
            left = sum(guild.unavailable for guild in self.guilds)
            if not left:
                return
            patience = patience - GUILDS_PACE if left == unknown else GUILDS_PATIENCE
            unknown = left
            await asyncio.sleep(GUILDS_PACE)

    def _identity(self) -> tuple[discord.ClientUser, int]:
        """Return who we are: user and application."""
        if self.user is None or self.application_id is None:
            raise RuntimeError("events come after the login")
        return self.user, self.application_id

    async def _well_known(self, channel: Channel) -> Channel:
        """Return a channel with its type: one that was just reopened may not be cached yet."""
        if not isinstance(channel, discord.PartialMessageable) or channel.guild_id is None:
            return channel
        try:
            fetched = await self.fetch_channel(channel.id)
        except (*FAILURES, discord.InvalidData):
            return channel
        return fetched if isinstance(fetched, discord.Thread) else channel


def intents(*, reads_all: bool = True) -> discord.Intents:
    """Return what we ask the gateway for: servers and messages, and nothing about members."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = reads_all
    return wanted


def point_at(config: DiscordConfig) -> None:
    """Lead discord.py to another server than Discord's; the addresses are the library's own."""
    if config.api_url is not None:
        Route.BASE = config.api_url
    if config.gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(config.gateway_url)


async def hang_up(client: discord.Client) -> None:
    """Leave a connection that `connect` gave up without closing it."""
    # the attribute is None before the first connection, whatever its annotation says
    socket: DiscordWebSocket | None = client.ws
    if socket is not None and socket.open:
        with suppress(TimeoutError):
            await asyncio.wait_for(socket.close(), HANG_UP_TIME)
