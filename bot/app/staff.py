"""Builds the staff tools from config: stages, alerts, handoffs, jobs, shadow mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.wording import BotWording
from bot.app.background import Job
from bot.app.calls import CaseTools
from bot.app.desk import build_desk
from bot.config.schema import Config
from bot.conversations.key import platform_of
from bot.delivery.takeovers import StoredTakeovers
from bot.errors import AdapterError
from bot.messages import Author, Message
from bot.operations.retention_job import RetentionJob
from bot.ports import (
    Adapter,
    Alerts,
    Answers,
    CanLink,
    CanNotify,
    Clock,
    Handoffs,
    Inbox,
    Outbox,
    Unanswered,
)
from bot.ports.takeovers import CarriesLines, CarriesNothing, KeepsDrafts, Takeovers
from bot.responder import Stage
from bot.staff.alerts import QueuedAlerts, StaffAlerts
from bot.staff.desk import Desk
from bot.staff.drafts import CaseDrafts
from bot.staff.frustration_watch import FrustrationWatch
from bot.staff.handoffs import NoStaff
from bot.staff.pauses import Pauses
from bot.staff.roster import Roster
from bot.staff.shadow import Shadow
from bot.staff.teams import Teams
from bot.staff.unanswered import UnansweredForStaff
from bot.staff.watchdog import Watchdog
from bot.stages.case_threads import CaseThreads
from bot.stages.gates import PausedGate
from bot.stages.safety import Paused
from bot.stages.staff_commands import StaffCommands, is_command
from bot.stages.staff_lines import StaffLines
from bot.storage.cases import Cases
from bot.storage.engine import Database
from bot.storage.stored_decisions import StoredDecisions


@dataclass(frozen=True, slots=True)
class StaffTools:
    """The staff tools of a service.

    Attributes:
        posters: Adapters that the worker posts through, by platform; in shadow mode, their shadows.
        stages: Stages that run before all others.
        gates: Stages that run next, once messages were read for dangers.
        paused: Returns whether the bot is paused in a conversation; None: it cannot be.
        alerts: Alerts to staff.
        queued_alerts: The same, posted in the background, for callers with a waiting customer.
        handoffs: Notifies staff that a customer asks for a person.
        jobs: Background jobs to run alongside the service.
        desk: Cases, and what staff do with them; None: there is no staff.
        lines: Carries customers' lines to staff.
        takeovers: Gives conversations to colleagues who speak there; None: there is no staff.
        drafts: Keeps drafted replies for staff; None: nobody wants any.
        unanswered: Keeps questions that nobody put to the bot and that it was not sure of; None:
            nothing is heard that was not said to it.
    """

    posters: Mapping[str, Adapter]
    stages: tuple[Stage, ...] = ()
    gates: tuple[Stage, ...] = ()
    paused: Paused | None = None
    alerts: Alerts | None = None
    queued_alerts: Alerts | None = None
    handoffs: Handoffs = field(default_factory=NoStaff)
    jobs: tuple[Job, ...] = ()
    desk: Desk | None = None
    lines: CarriesLines = field(default_factory=CarriesNothing)
    takeovers: Takeovers | None = None
    drafts: KeepsDrafts | None = None
    unanswered: Unanswered | None = None

    def learn(self, answers: Answers) -> None:
        """Let staff send the replies that admins wrote, by name."""
        if self.desk is not None:
            self.desk.saved.learn(answers)


def build_staff_tools(
    config: Config,
    adapters: Sequence[Adapter],
    database: Database,
    inbox: Inbox,
    clock: Clock,
    wording: BotWording | None = None,
    outbox: Outbox | None = None,
    environment: Mapping[str, str] | None = None,
) -> StaffTools:
    """Build the tools of the staff.

    Args:
        config: Of the desk.
        adapters: The platforms.
        database: For pauses and cases.
        inbox: What waits.
        clock: The time.
        wording: What the bot says of its own; None: as config has it.
        outbox: Told of what the desk posts; None: other processes look for that.
        environment: Variables, for webhook and mail; None: no clock of cases runs here.

    Raises:
        FrontdeskError: Staff have no channel for shadow mode, or a variable holds no webhook.
    """
    channels = _staff_channels(config, adapters)
    wording = wording or BotWording(config.responder, config.language.default)
    pauses, cases = Pauses(database, clock), Cases(database, clock)
    queued_alerts = QueuedAlerts(alerts := StaffAlerts(database, clock, channels))
    unanswered = UnansweredForStaff(database, clock, channels)
    desk = build_desk(config, adapters, database, clock, wording, outbox)
    parts = (config, environment, adapters, database, clock, wording, desk, queued_alerts, outbox)
    tools = CaseTools(*parts)
    watchdog = Watchdog(inbox, cases, alerts, clock, adapters)
    housekeeping = _housekeeping(config, database, alerts, clock)
    return StaffTools(
        posters=_posters(config, adapters, channels),
        stages=_staff_stages(desk, pauses, wording, database),
        gates=(PausedGate(pauses, cases),),
        paused=pauses.hold,
        alerts=alerts,
        queued_alerts=queued_alerts,
        handoffs=tools.requests(),
        jobs=(queued_alerts, watchdog, *housekeeping, unanswered, *tools.jobs()),
        desk=desk,
        lines=desk,
        takeovers=build_takeovers(config, adapters, database, clock, outbox),
        drafts=_drafts(config, database, clock, outbox),
        unanswered=unanswered,
    )


def _staff_stages(
    desk: Desk, pauses: Pauses, wording: BotWording, database: Database
) -> tuple[Stage, ...]:
    """Return the stages for what staff write and press."""
    commands = StaffCommands(pauses, wording, StoredDecisions(database))
    return (CaseThreads(desk), commands, StaffLines(database))


def _posters(
    config: Config, adapters: Sequence[Adapter], channels: Mapping[str, tuple[CanNotify, str]]
) -> Mapping[str, Adapter]:
    """Return what the workers post through, by platform."""
    if config.serve.shadow:
        return {adapter.name: _shadow(adapter, channels) for adapter in adapters}
    return {adapter.name: adapter for adapter in adapters}


def _housekeeping(
    config: Config, database: Database, alerts: Alerts, clock: Clock
) -> Iterator[Job]:
    """Yield what deletes old data, and what watches how customers feel, if config wants that."""
    yield RetentionJob(database, config.retention, clock, config.model)
    limit = config.stats.alert_frustrated
    if limit:
        yield FrustrationWatch(database, alerts, clock, limit)


def build_takeovers(
    config: Config,
    adapters: Sequence[Adapter],
    database: Database,
    clock: Clock,
    outbox: Outbox | None = None,
) -> StoredTakeovers:
    """Build what gives conversations to colleagues; see `build_desk`."""
    roster = Roster(config.staff.members)
    linking = {adapter.name: adapter for adapter in adapters if isinstance(adapter, CanLink)}

    def link(message: Message) -> str:
        adapter = linking.get(platform_of(message.id))
        return adapter.link(message) if adapter is not None else ""

    return StoredTakeovers(
        database,
        clock,
        team=Teams(config.staff, config.language.default).default.name,
        is_staff=lambda person: roster.includes(Author(person)),
        is_command=is_command,
        link=link,
        wake=outbox.wake if outbox is not None else lambda: None,
    )


def _drafts(
    config: Config, database: Database, clock: Clock, outbox: Outbox | None
) -> CaseDrafts | None:
    """Return what keeps drafts for staff; None: config wants none."""
    if not config.staff.assist:
        return None
    # where other processes deliver, nobody here is to look at once
    return CaseDrafts(database, clock, outbox.wake if outbox is not None else lambda: None)


def _staff_channels(
    config: Config, adapters: Sequence[Adapter]
) -> Mapping[str, tuple[CanNotify, str]]:
    """Return by platform what posts to staff, and into which channel."""
    staff = Roster(config.staff.members)
    return {
        adapter.name: (adapter, channel)
        for adapter in adapters
        if isinstance(adapter, CanNotify) and (channel := staff.channel(adapter.name))
    }


def no_staff_tools(adapters: Sequence[Adapter]) -> StaffTools:
    """Return the tools of an instance without staff: a chat in the terminal."""
    return StaffTools({adapter.name: adapter for adapter in adapters})


def _shadow(adapter: Adapter, channels: Mapping[str, tuple[CanNotify, str]]) -> Adapter:
    if adapter.name not in channels:
        raise AdapterError(
            f"serve.shadow: staff have no channel on {adapter.name}: name it in config.yaml: "
            f"staff: {{members: {{{adapter.name}: {{channel: ID}}}}}}"
        )
    announcer, channel = channels[adapter.name]
    return Shadow(adapter, announcer, channel)
