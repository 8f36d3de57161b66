"""What every process of a desk stands on, whether it listens, answers or does both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from bot.answering.wording import BotWording
from bot.app.background import running
from bot.app.staff import StaffTools, build_staff_tools, no_staff_tools
from bot.config.schema import Config
from bot.delivery import Intake, open_inbox
from bot.delivery.loop_watchdog import Watchdog
from bot.errors import StorageError
from bot.operations import Model, Operations, find_service_plugins
from bot.operations.file_modes import protect_files
from bot.operations.service_context import ServiceContext
from bot.ports import Adapter, CatchesUp, Clock, Inbox, Worded
from bot.staff.watchdog import WriteWatch
from bot.storage import Database, StoredHistory, StoredTranscripts, open_database
from bot.storage.probe import WriteProbe
from bot.understanding.model.registry import ModelRegistry


@dataclass(frozen=True, slots=True)
class Resources:
    """What is open."""

    clock: Clock
    database: Database
    inbox: Inbox
    operations: Operations
    room: StaffTools
    adapters: Sequence[Adapter]

    def reception(self) -> Intake:
        """Return what the adapters hand events to."""
        transcripts = StoredTranscripts(self.database)
        return Intake(self.inbox, transcripts, meter=self.operations.meter)


@asynccontextmanager
async def open_resources(
    config: Config,
    clock: Clock,
    *,
    adapters: Sequence[Adapter],
    database_url: str | None = None,
    model: Callable[[], Model] | None = None,
    public: bool = False,
) -> AsyncIterator[Resources]:
    """Open database, inbox, probes and staff room, and close them in the end.

    Args:
        config: Of the desk.
        clock: The time.
        adapters: The platforms.
        database_url: Another database than the configured one.
        model: Tells which model answers; None: this process answers nobody.
        public: Customers are served: with probes, and with staff.

    Raises:
        FrontdeskError: Something cannot be opened; the message says how to mend it.
    """
    protect_files(config)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            await open_database(database_url or config.database, mode=config.database_mode)
        )
        inbox = await stack.enter_async_context(open_inbox(database, clock))
        wording = BotWording(config.responder, config.language.default)
        for adapter in adapters:
            if isinstance(adapter, Worded):
                adapter.word(wording)
            if isinstance(adapter, CatchesUp):
                adapter.recall(StoredHistory(database))
        probe = WriteProbe(database, clock)
        context = ServiceContext(
            {adapter.name: adapter for adapter in adapters}, database, ModelRegistry(config.model)
        )
        operations = Operations(CollectorRegistry(), inbox, probe, adapters, model, context)
        room = no_staff_tools(adapters)
        if public:
            for companion in find_service_plugins():
                await stack.enter_async_context(companion(config.serve, operations))
            room = build_staff_tools(config, adapters, database, inbox, clock)
            jobs = (*room.jobs, WriteWatch(probe, room.alerts, clock), Watchdog(clock))
            await stack.enter_async_context(running(*jobs))
        yield Resources(clock, database, inbox, operations, room, adapters)


def require_server(config: Config, what: str) -> None:
    """Make sure that several processes can share the database.

    Args:
        config: Names it.
        what: What needs that, for the error.

    Raises:
        StorageError: It is a file, which one process at a time can serve from.
    """
    if config.database.startswith("sqlite"):
        raise StorageError(
            f"{what} needs PostgreSQL, since a SQLite file serves one process: write "
            "`database: postgresql://USER@HOST/NAME` in config.yaml, or let `frontdesk serve` "
            "answer by itself"
        )
