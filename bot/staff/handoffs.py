"""The `Handoffs` of an instance with staff: a person is asked for, and the customer told the truth.

A case is opened whatever comes next. Only when its thread stands in the channel of the team is the
customer told that somebody knows; else they get the contact, and staff an alert.
"""

from __future__ import annotations

from functools import partial

import structlog
from sqlalchemy import Connection, select

from bot.messages import Message
from bot.ownership import ConversationState, Owner
from bot.ports import Alerts, Clock, HandoffRequest, HandoffStatus
from bot.privacy import Pseudonyms
from bot.staff.desk import Desk, OpenCase, Opening
from bot.staff.quoting import beginning, quoted
from bot.staff.sentences import HandoffSentences, opens_at
from bot.staff.teams import Team, Teams
from bot.storage.conversation_states import state_of
from bot.storage.engine import Database
from bot.storage.tables import cases

PATIENCE = 5.0
"""Seconds allowed for telling staff, while the customer waits."""

log = structlog.get_logger(__name__)


class CaseRequests:
    """Opens cases on the desk.

    Args:
        desk: Where cases stand.
        teams: Of config.
        sentences: What customers read.
        database: For what a conversation and a case belong to.
        alerts: Told where a team cannot be told.
        clock: The time.
        language: BCP 47 tag used where the customer's is unknown.
        patience: Seconds allowed for telling staff.
    """

    def __init__(
        self,
        desk: Desk,
        teams: Teams,
        sentences: HandoffSentences,
        database: Database,
        alerts: Alerts,
        clock: Clock,
        *,
        language: str,
        patience: float = PATIENCE,
    ) -> None:
        self._desk = desk
        self._teams = teams
        self._sentences = sentences
        self._database = database
        self._alerts = alerts
        self._clock = clock
        self._language = language
        self._patience = patience

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        """Open a case and tell its team; return what has come of it."""
        team = self._teams.named(request.team)
        opened = await self._desk.open(message, _opening(request, team))
        team = self._teams.named(opened.team)
        if await self._stands_elsewhere(opened, message):
            await self._note(opened, message, "The same customer asks in another conversation:")
            return self._status(request, opened, told=False)
        if request.danger and not opened.new:
            danger = request.danger.replace("_", " ")
            warning = f"**Safety: a message about {danger}. Please look at once:**"
            await self._note(opened, message, warning)
        told = await self._desk.told(opened.number, within=self._patience)
        await self._alert(team, told=told)
        state = await self._waiting(message.conversation, team) if told else None
        return self._status(request, opened, told=told, state=state)

    def _status(
        self,
        request: HandoffRequest,
        opened: OpenCase,
        *,
        told: bool,
        state: ConversationState | None = None,
    ) -> HandoffStatus:
        """Return what has come of a request, with what the customer reads."""
        now, language = self._clock.now(), request.language or self._language
        opens = opens_at(self._teams.named(opened.team), now) if told else None
        known = HandoffStatus(told, opened.team if told else "", opens, opened.number, opened.new)
        said = self._sentences.said(known, request.trigger, language, now)
        closed = self._sentences.hours(known, language, now)
        return HandoffStatus(
            known.told, known.team, opens, known.case, known.new, said, closed, state
        )

    async def _note(self, opened: OpenCase, message: Message, head: str) -> None:
        """Say in the thread of a case what was written in another place, or is urgent."""
        text = Pseudonyms().hide(beginning(message.text))
        place = f"`{message.conversation}`"
        note = "\n\n".join(filter(None, (f"{head} {place}", quoted(text) if text else "")))
        await self._desk.note(opened.number, note, cause=f"{message.id}:note")

    async def _stands_elsewhere(self, opened: OpenCase, message: Message) -> bool:
        """Return whether a case is of another conversation: the person has too many."""
        query = select(cases.c.conversation).where(cases.c.id == opened.number)

        def of(connection: Connection) -> bool:
            return connection.scalar(query) != message.conversation

        return await self._database.query(of)

    async def _waiting(self, conversation: str, team: Team) -> ConversationState | None:
        """Return the state of a conversation that waits for a team; None: it is so already."""
        state = await self._database.query(partial(state_of, key=conversation))
        if state.owner in (Owner.WAITING, Owner.HUMAN):
            return None
        return state.moved(Owner.WAITING, team=team.name)

    async def _alert(self, team: Team, *, told: bool) -> None:
        """Alert staff while a team cannot be told; end the alert once it can."""
        kind = f"cases of {team.name}"
        if told:
            await self._alerts.clear(kind)
            return
        log.warning("team not told", team=team.name)
        await self._alerts.alert(
            kind,
            f"customers ask for a person, but the bot cannot post to the channel of the team "
            f"`{team.name}`, or there is none: they were given the contact. `frontdesk cases` "
            "lists them; `frontdesk doctor` says what is wrong with the channel.",
        )


def _opening(request: HandoffRequest, team: Team) -> Opening:
    """Return what the desk shows staff of a request."""
    return Opening(
        request.trigger,
        team,
        request.danger.replace("_", " "),
        request.asked,
        request.language,
        request.sentiment,
        request.reasons,
    )


class NoStaff:
    """The `Handoffs` of an instance without staff: nobody is told."""

    async def request(
        self,
        message: Message,  # noqa: ARG002 - the port's
        request: HandoffRequest,  # noqa: ARG002
    ) -> HandoffStatus:
        """Tell nobody."""
        return HandoffStatus(told=False)
