"""Resources every process opens: database, inbox, metrics, adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.background import running
from bot.app.staff import StaffTools, build_staff_tools, no_staff_tools
from bot.config.listening import read_listening
from bot.config.schema import Config
from bot.delivery import Intake, open_inbox, open_outbox
from bot.delivery.loop_watchdog import Watchdog
from bot.errors import StorageError
from bot.operations import Model, StatusReporter, find_service_plugins
from bot.operations.file_modes import protect_files
from bot.operations.service_context import ServiceContext
from bot.ports import (
    Adapter,
    Alerts,
    CatchesUp,
    Clock,
    HasWording,
    Inbox,
    Listens,
    OpensWindows,
    Outbox,
    UsesAlerts,
    Windows,
)
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from bot.staff.watchdog import WriteWatch
from bot.storage import Database, StoredHistory, StoredTranscripts, open_database
from bot.storage.case_counts import CaseFigures
from bot.storage.probe import WriteProbe
from bot.storage.windows import StoredWindows
from bot.understanding.model.registry import ModelRegistry


@dataclass(frozen=True, slots=True)
class Resources:
    """The open resources of a process."""

    clock: Clock
    database: Database
    inbox: Inbox
    outbox: Outbox
    operations: StatusReporter
    room: StaffTools
    adapters: Sequence[Adapter]
    served: ServedLanguages
    roster: Roster
    listening: Listens
    public: bool

    def reception(self) -> Intake:
        """Return the intake that adapters pass events to."""
        transcripts = StoredTranscripts(self.database)
        return Intake(
            self.inbox,
            transcripts,
            meter=self.operations.meter,
            mark=self.roster.mark,
            listening=self.listening,
            case_of_thread=self.room.desk.case_of_thread if self.room.desk else None,
            takeovers=self.room.takeovers,
        )


@asynccontextmanager
async def open_resources(
    config: Config,
    clock: Clock,
    *,
    adapters: Sequence[Adapter],
    database_url: str | None = None,
    model: Callable[[], Model] | None = None,
    public: bool = False,
    served: ServedLanguages | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Resources]:
    """Open database, inbox, status and staff tools; close them at the end.

    Args:
        config: The configuration.
        clock: The time.
        adapters: The platforms.
        database_url: Another database than the configured one.
        model: Tells which model answers; None: this process answers nobody.
        public: Customers are served: with probes, and with staff.
        served: The languages that are answered in; None: as config has it.
        environment: Variables, for webhook and mail; None: no clock of cases runs here.

    Raises:
        FrontdeskError: Something cannot be opened; the message says how to fix it.
    """
    protect_files(config)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            await open_database(database_url or config.database, mode=config.database_mode)
        )
        inbox = await stack.enter_async_context(open_inbox(database, clock))
        outbox = await stack.enter_async_context(open_outbox(database, clock, inbox))
        served = served or ServedLanguages(config.language)
        wording = BotWording(config.responder, config.language.default, served)
        probe = WriteProbe(database, clock)
        context = _context(config, adapters, database)
        seen = (inbox, probe, adapters, model, context, outbox, CaseFigures(database, clock))
        operations = StatusReporter(CollectorRegistry(), *seen)
        room = no_staff_tools(adapters)
        if public:
            for plugin in find_service_plugins():
                await stack.enter_async_context(plugin(config.serve, operations))
            parts = (config, adapters, database, inbox, clock, wording, outbox, environment)
            room = build_staff_tools(*parts)
            watches = (WriteWatch(probe, room.alerts, clock), Watchdog(clock))
            await stack.enter_async_context(running(*room.jobs, *watches))
        _equip(adapters, wording, database, room.queued_alerts, StoredWindows(database, clock))
        opened = (database, inbox, outbox, operations, room, adapters, served)
        yield Resources(clock, *opened, *_read_people(config), public)


def _context(config: Config, adapters: Sequence[Adapter], database: Database) -> ServiceContext:
    """Return what plugins of the service know of it."""
    named = {adapter.name: adapter for adapter in adapters}
    return ServiceContext(named, database, ModelRegistry(config.model))


def _read_people(config: Config) -> tuple[Roster, Listens]:
    """Return who staff are, and where and to whom the bot speaks."""
    desks = Teams(config.staff).channels
    return Roster(config.staff.members, desks=desks), read_listening(config.adapters)


def _equip(
    adapters: Sequence[Adapter],
    wording: BotWording,
    database: Database,
    alerts: Alerts | None,
    windows: Windows,
) -> None:
    """Give the adapters their texts, what they catch up from, what alerts staff, windows."""
    for adapter in adapters:
        if isinstance(adapter, HasWording):
            adapter.use_wording(wording)
        if isinstance(adapter, OpensWindows):
            adapter.use_windows(windows)
        if isinstance(adapter, CatchesUp):
            adapter.recall(StoredHistory(database))
        if isinstance(adapter, UsesAlerts) and alerts is not None:
            adapter.use_alerts(alerts)


def require_server(config: Config, what: str) -> None:
    """Check that several processes can share the database.

    Args:
        config: The configuration.
        what: The feature that needs it, for the error.

    Raises:
        StorageError: The database is a file, which only one process at a time can serve from.
    """
    if config.database.startswith("sqlite"):
        raise StorageError(
            f"{what} needs PostgreSQL, since a SQLite file serves one process: write "
            "`database: postgresql://USER@HOST/NAME` in config.yaml, or let `frontdesk serve` "
            "answer by itself"
        )
