"""The staff room: all that staff see and steer, put together from config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.wording import BotWording
from bot.app.background import Job
from bot.config.schema import Config
from bot.errors import AdapterError
from bot.operations.retention_job import Housekeeping
from bot.ports import Adapter, Alerts, Announces, Clock, Handoffs, Inbox
from bot.responder import Stage
from bot.staff.alerts import Errands, StaffAlerts
from bot.staff.handoffs import NoStaff, StaffHandoffs
from bot.staff.pauses import Pauses
from bot.staff.roster import Staff
from bot.staff.shadow import Shadow
from bot.staff.watchdog import Watch
from bot.stages.gates import Paused
from bot.stages.staff_commands import StaffCommands
from bot.stages.staff_lines import StaffLines
from bot.storage.cases import Cases
from bot.storage.engine import Database


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """What a service takes from here.

    Attributes:
        voices: What the worker posts through, by platform: the adapters, or their shadows.
        stages: To stand before all other stages of the responder.
        alerts: For whoever has something to tell.
        errands: The same, for whoever has it while a customer waits.
        handoffs: Tells staff that a customer asks for a person.
        jobs: To run beside the service.
    """

    voices: Mapping[str, Adapter]
    stages: tuple[Stage, ...] = ()
    alerts: Alerts | None = None
    errands: Alerts | None = None
    handoffs: Handoffs = field(default_factory=NoStaff)
    jobs: tuple[Job, ...] = ()


def staff_room(
    config: Config, adapters: Sequence[Adapter], database: Database, inbox: Inbox, clock: Clock
) -> StaffRoom:
    """Put the room together.

    Raises:
        AdapterError: Shadow mode is on, and a platform has no staff channel.
    """
    staff = Staff(config.desk.staff)
    channels = {
        adapter.name: (adapter, channel)
        for adapter in adapters
        if isinstance(adapter, Announces) and (channel := staff.channel(adapter.name))
    }
    voices = {adapter.name: adapter for adapter in adapters}
    if config.serve.shadow:
        voices = {adapter.name: _shadow(adapter, channels) for adapter in adapters}
    wording = BotWording(config.responder, config.language.default)
    pauses, cases = Pauses(database, clock), Cases(database, clock)
    alerts = StaffAlerts(database, clock, channels)
    errands = Errands(alerts)
    return StaffRoom(
        voices=voices,
        stages=(
            StaffCommands(staff, pauses, wording),
            StaffLines(staff, database),
            Paused(pauses, cases),
        ),
        alerts=alerts,
        errands=errands,
        handoffs=StaffHandoffs(cases, channels, errands, clock),
        jobs=(
            errands,
            Housekeeping(database, config.retention, clock),
            Watch(inbox, cases, alerts, clock),
        ),
    )


def empty_room(adapters: Sequence[Adapter]) -> StaffRoom:
    """Return the room of a desk without staff: a chat in the terminal."""
    return StaffRoom({adapter.name: adapter for adapter in adapters})


def _shadow(adapter: Adapter, channels: Mapping[str, tuple[Announces, str]]) -> Adapter:
    if adapter.name not in channels:
        raise AdapterError(
            f"serve.shadow: staff have no channel on {adapter.name}: name it in config.yaml: "
            f"desk: {{staff: {{{adapter.name}: {{channel: ID}}}}}}"
        )
    announcer, channel = channels[adapter.name]
    return Shadow(adapter, announcer, channel)
