"""Looks up what was decided about a message, for staff who ask why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from bot.conversations.key import ConversationKey, MessageId
from bot.messages import ASIDE, DecisionKind, Message, ScoredIntent
from bot.storage.engine import Database
from bot.storage.tables import decisions

LOOKED_AT = 500
"""Decisions that are looked through where no message is named."""

BEFORE, AFTER = timedelta(seconds=5), timedelta(minutes=15)
"""A decision is stored once its answer stands: so long before or after a post it is looked for."""

_SAID_NOTHING = frozenset({DecisionKind.SILENT, DecisionKind.UNANSWERED, DecisionKind.STAFF})


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it was stored; see `Decision`.

    Attributes:
        passages: Citation and score of what was considered, best first.
    """

    kind: str
    at: datetime
    reasons: tuple[str, ...]
    intents: tuple[ScoredIntent, ...]
    threshold: float
    passages: tuple[tuple[str, float], ...]
    language: str
    model_version: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What staff point at.

    Attributes:
        channel, number: Of a message, as the platform calls them; empty for the latest decision.
        moment: When that message was posted; None when unknown.
    """

    channel: str = ""
    number: str = ""
    moment: datetime | None = None


class StoredDecisions:
    """The decisions of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def about(self, asked: Message, reference: Reference) -> StoredDecision | None:
        """Return the decision about a message, or about the one that a post of the bot answers.

        Args:
            asked: The command: where staff ask.
            reference: What they ask about; the latest decision there where it names nothing.
        """
        here = MessageId.parse(asked.id)
        channel = reference.channel or here.channel
        place = _Place(ConversationKey.parse(asked.conversation), channel)

        def look(connection: Connection) -> StoredDecision | None:
            if not reference.number:
                return _first(connection, _LATEST, place, ASIDE)
            named = MessageId(here.platform, here.app, channel, reference.number)
            query = _DECISIONS.where(decisions.c.message == str(named))
            row = connection.execute(query).first()
            if row is not None:
                return _decision(row)
            if reference.moment is None:
                return None
            around = _DECISIONS.where(
                decisions.c.at >= reference.moment - BEFORE,
                decisions.c.at <= reference.moment + AFTER,
            ).order_by(decisions.c.at)
            return _first(connection, around, place, ASIDE | _SAID_NOTHING)

        return await self._database.query(look)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where decisions count.

    Attributes:
        asked: The conversation in which staff ask; where it is a thread, no other counts.
        channel: Id of a channel or, on platforms where threads are channels, of a thread.
    """

    asked: ConversationKey
    channel: str

    def holds(self, conversation: str) -> bool:
        """Return whether a conversation belongs to it."""
        key = ConversationKey.parse(conversation)
        if self.asked.thread:
            return key == self.asked
        is_there = self.channel in (key.channel, key.thread)
        return is_there and (key.platform, key.app) == (self.asked.platform, self.asked.app)


_DECISIONS = select(decisions)
_LATEST = _DECISIONS.order_by(decisions.c.at.desc()).limit(LOOKED_AT)


def _first(
    connection: Connection, query: Select[Any], place: _Place, spared: Iterable[DecisionKind]
) -> StoredDecision | None:
    kinds = {str(kind) for kind in spared}
    rows: Sequence[Row[Any]] = connection.execute(query).all()
    found = (row for row in rows if row.kind not in kinds and place.holds(row.conversation))
    row = next(found, None)
    return None if row is None else _decision(row)


def _decision(row: Row[Any]) -> StoredDecision:
    return StoredDecision(
        row.kind,
        row.at,
        tuple(row.reasons),
        tuple(ScoredIntent(**each) for each in row.intents),
        row.threshold,
        tuple((each["citation"], each["score"]) for each in row.passages),
        row.language,
        row.model_version,
    )
