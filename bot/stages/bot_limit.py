"""The stage for other bots and workflows: after a few answers in a row there is silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from bot.messages import DecisionKind, Part
from bot.ports import Alerts, ChannelLines, Clock
from bot.responder import Turn

MOST = 3
"""Answers in a row to a bot in a channel, while no person writes to the desk there, within ..."""

ROW = timedelta(hours=1)
"""... this time."""

_SAID_NOTHING = frozenset({DecisionKind.SILENT, DecisionKind.UNANSWERED, DecisionKind.STAFF})


class BotLimit:
    """Ends what may be a loop between two bots, and tells staff.

    Args:
        channels: Tells what was decided in a channel lately.
        clock: Tells what is lately.
        alerts: To staff; None: there are none.
    """

    def __init__(self, channels: ChannelLines, clock: Clock, alerts: Alerts | None) -> None:
        self._channels = channels
        self._clock = clock
        self._alerts = alerts

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Be silent once a bot has had its answers."""
        message = turn.message
        if not message.author.bot or await self._row(turn) < MOST:
            return
        if self._alerts is not None:
            text = f"{message.author.key} was answered {MOST} times in a row and is not any more"
            await self._alerts.alert(f"bot:{message.author.key}", f"{text}: is it a loop?")
        yield turn.decide(DecisionKind.SILENT, f"a bot that had {MOST} answers in a row")

    async def _row(self, turn: Turn) -> int:
        """Return how many answers the author has had in a row in the channel."""
        row = 0
        since = self._clock.now() - ROW
        for line in await self._channels.latest(turn.message, since=since):
            if line.author != turn.message.author.key:
                break
            row += line.kind not in _SAID_NOTHING
        return row
