"""Builds the desk from config: for a service, and for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.wording import BotWording
from bot.config.schema import Config
from bot.ports import Adapter, Clock, Outbox
from bot.staff.desk import Desk
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from bot.storage.engine import Database


def build_desk(
    config: Config,
    adapters: Sequence[Adapter],
    database: Database,
    clock: Clock,
    wording: BotWording,
    outbox: Outbox | None = None,
) -> Desk:
    """Build the desk of a process.

    Args:
        config: Of the instance.
        adapters: The platforms, as they are: staff are served in shadow mode as well.
        database: Open.
        clock: The time.
        wording: What customers read.
        outbox: Told of what the desk posts; None: other processes look for that.
    """
    return Desk(
        database,
        clock,
        adapters={adapter.name: adapter for adapter in adapters},
        teams=Teams(config.staff, config.language.default),
        roster=Roster(config.staff.members),
        wording=wording,
        language=config.language.default,
        wake=outbox.wake if outbox is not None else lambda: None,
    )
