"""What calls a person, tells staff and asks customers afterwards, as config switches it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.app.background import Job
from bot.config.schema import Config
from bot.ports import Adapter, Alerts, Buttons, Clock, Handoffs, Outbox, Wording
from bot.publishing.bundle import Bundle
from bot.responder import Stage
from bot.staff.case_clock import CaseClock
from bot.staff.case_steps import CaseSteps
from bot.staff.case_timers import Timers
from bot.staff.desk import Desk
from bot.staff.desk.names import Places
from bot.staff.handoffs import CaseRequests
from bot.staff.notify import Notices, open_ways
from bot.staff.sentences import HandoffSentences
from bot.staff.teams import Teams
from bot.stages.call_person import CallPerson, SwitchedHandoffs
from bot.stages.feedback import TakeFeedback
from bot.stages.keywords import ReadKeywords
from bot.stages.rate_help import TakeRating
from bot.storage import Database
from bot.storage.conversation_states import StoredStates
from bot.storage.feedback import StoredFeedback
from bot.storage.surveys import StoredSurveys
from bot.thumbs import Thumbs


@dataclass(frozen=True, slots=True)
class CaseTools:
    """What the requests and the clock of cases are built from.

    Attributes:
        environment: Variables, for the ways to call staff outside the platforms; None: no clock of
            cases runs here.
        adapters: The platforms.
        desk: Where cases stand.
        outbox: Told of what is new in it; None: other processes look for that.
    """

    config: Config
    environment: Mapping[str, str] | None
    adapters: Sequence[Adapter]
    database: Database
    clock: Clock
    wording: Wording
    desk: Desk
    alerts: Alerts
    outbox: Outbox | None = None

    @property
    def teams(self) -> Teams:
        """The teams of config."""
        return Teams(self.config.staff, self.config.language.default)

    def requests(self) -> Handoffs:
        """Return what opens cases, for what config lets call a person."""
        teams = self.teams
        requests = CaseRequests(
            self.desk,
            teams,
            HandoffSentences(self.wording, teams),
            self.database,
            self.alerts,
            self.clock,
            language=self.config.language.default,
        )
        return SwitchedHandoffs(requests, self.config.staff.triggers.on)

    def jobs(self) -> Sequence[Job]:
        """Return the clock of cases, where this process runs it.

        Raises:
            ConfigError: A variable that config names holds no webhook or mail server.
        """
        return () if self.environment is None else (self.case_clock(),)

    def case_clock(self) -> CaseClock:
        """Return the job that does what is due for cases.

        Raises:
            ConfigError: A variable that config names holds no webhook or mail server.
        """
        staff, teams = self.config.staff, self.teams
        ways = open_ways(self.config, self.environment or {}, self.clock)
        text = staff.notify.include_text
        notices = Notices(self.database, ways, teams, self.alerts, self.clock, include_text=text)
        steps = CaseSteps(
            teams,
            Timers(staff.unclaimed, staff.owner_idle, staff.close_after),
            Places({each.name: each for each in self.adapters}, teams),
            HandoffSentences(self.wording, teams),
            self.wording,
            tuple(ways),
            self.config.language.default,
        )
        return CaseClock(
            self.database,
            self.clock,
            steps,
            notices,
            self.alerts,
            self.wording,
            csat=staff.csat,
            wake=self.outbox.wake if self.outbox is not None else lambda: None,
        )


def call_person(
    config: Config, handoffs: Handoffs | None, database: Database, clock: Clock
) -> CallPerson | None:
    """Return what calls a person beside a reply; None: there is no staff."""
    if handoffs is None:
        return None
    return CallPerson(handoffs, StoredStates(database, clock), config.staff.triggers.on)


def keyword_stage(config: Config) -> ReadKeywords | None:
    """Return the stage that looks for words of config; None: there are none."""
    keywords = config.staff.triggers.keywords
    return ReadKeywords(keywords) if keywords else None


def vote_stages(
    buttons: Buttons, database: Database, clock: Clock, wording: Wording
) -> Sequence[Stage]:
    """Return the stages that take what customers think of answers and of help."""
    return (
        TakeFeedback(StoredFeedback(database, clock), wording),
        TakeRating(buttons, StoredSurveys(database, clock), wording),
    )


def asked_thumbs(config: Config, bundle: Bundle, wording: Wording) -> Thumbs | None:
    """Return what asks for feedback, where config wants it."""
    if not config.responder.feedback:
        return None
    small = [each.name for each in bundle.intents.intents if each.entry.small_talk]
    return Thumbs(wording, small)
