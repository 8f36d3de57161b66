"""The discord.py client: listens, translates and hands over; decides nothing."""

from __future__ import annotations

import asyncio

import discord
import structlog

from adapters.discord.intake import Intake
from adapters.discord.refusals import FAILURES
from adapters.discord.translate import Channel, is_direct, to_pressed, to_received

_log = structlog.get_logger(__name__)

PRESS_DEADLINE = 2.0  # Discord waits 3 s for the answer to a press
ACKNOWLEDGE_TIME = 10.0
BACKFILL_LIMIT = 1000  # messages of one channel

NOBODY = discord.AllowedMentions.none()
"""Whatever the text says, nobody is notified: models write @everyone."""


class FrontdeskClient(discord.Client):
    """A `discord.Client` that hands what concerns us to an intake.

    Attributes:
        sessions: How many sessions began or were resumed.

    Args:
        intake: Where events go.
        try_again: Said to somebody whose press could not be taken.
    """

    def __init__(self, intake: Intake, *, try_again: str) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=NOBODY,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._intake = intake
        self._try_again = try_again
        self.sessions = 0
        self._latest = 0
        self._direct_channels: set[int] = set()

    async def on_ready(self) -> None:
        """Catch up after a session that could not be resumed; Discord itself never redelivers."""
        self.sessions += 1
        _log.info("discord.ready", servers=len(self.guilds), application=self.application_id)
        if self._latest:
            await self.backfill(self._latest, self._direct_channels)

    async def on_resumed(self) -> None:
        """Note that an interrupted session goes on; Discord sends what was missed."""
        self.sessions += 1

    async def on_message(self, message: discord.Message) -> None:
        """Hand over a new message."""
        channel = await self._well_known(message.channel)
        me, app = self._identity()
        event = to_received(message, me=me, app=app, channel=channel)
        if event is None:
            return
        if is_direct(channel):
            self._direct_channels.add(message.channel.id)
        if await self._intake.take(event):
            self._latest = max(self._latest, message.id)

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Hand over the press of a button and acknowledge it, in this order."""
        event = to_pressed(interaction, me=self._identity()[0])
        if event is None:
            return
        taken = await self._intake.take_within(event, PRESS_DEADLINE)
        try:
            async with asyncio.timeout(ACKNOWLEDGE_TIME):
                if taken:
                    await interaction.response.defer()
                else:
                    await interaction.response.send_message(self._try_again, ephemeral=True)
        except FAILURES as error:
            # the press counts; only its spinner goes on
            _log.warning("discord.press_not_acknowledged", press=event.message.id, error=str(error))

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what a listener did not expect, without what people wrote."""
        del args, kwargs
        _log.exception("discord.listener_failed", listener=event_method)

    async def backfill(self, since: int, direct_channels: set[int]) -> None:
        """Hand over what was written while nobody listened; known messages are seen as such.

        Args:
            since: Id of the last message that was accepted; ids tell the time on all of Discord.
            direct_channels: Direct messages to look into: Discord does not list them.
        """
        for guild in self.guilds:
            known: list[discord.TextChannel | discord.Thread] = [*guild.text_channels]
            for channel in [*known, *guild.threads]:
                if (channel.last_message_id or 0) > since:
                    await self._catch_up(channel, since)
        for direct in sorted(direct_channels):
            private = self.get_partial_messageable(direct, type=discord.ChannelType.private)
            await self._catch_up(private, since)

    async def _catch_up(self, place: discord.abc.Messageable, since: int) -> None:
        try:
            async for message in place.history(after=discord.Object(since), limit=BACKFILL_LIMIT):
                await self.on_message(message)
        except FAILURES as error:
            _log.warning("discord.no_backfill", error=str(error))

    def _identity(self) -> tuple[discord.ClientUser, int]:
        """Return who we are: user and application."""
        if self.user is None or self.application_id is None:
            raise RuntimeError("events come after the login")
        return self.user, self.application_id

    async def _well_known(self, channel: Channel) -> Channel:
        """Return a channel with its type: one that just awoke may not be in the cache yet."""
        if not isinstance(channel, discord.PartialMessageable) or channel.guild_id is None:
            return channel
        try:
            fetched = await self.fetch_channel(channel.id)
        except (*FAILURES, discord.InvalidData):
            return channel
        return fetched if isinstance(fetched, discord.Thread) else channel


def intents() -> discord.Intents:
    """Return what we ask the gateway for: servers and messages, and nothing about members."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = True
    return wanted
