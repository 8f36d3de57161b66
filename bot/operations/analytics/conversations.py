"""Measures conversations: whether a person was asked for, and how long replies took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Protocol

from bot.conversations.key import channel_of, platform_of
from bot.storage.analytics import CaseTimes, TranscriptLine


class CountsBusinessTime(Protocol):
    """Opening hours of a team."""

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Return how many seconds of a time the team was there."""
        ...


HoursOf = Callable[[str], CountsBusinessTime | None]
"""Returns the opening hours of a team by its name, which may be empty; None: it has none."""


@dataclass(frozen=True, slots=True)
class ConversationTimes:
    """One conversation of a period; times are seconds, None where there is nothing to measure.

    Attributes:
        key: Of the conversation.
        channel: Where it takes place; of what one person alone can read, the app alone.
        began_at: The customer's first line.
        team: The team of its first case; empty without a case.
        handoff: A person was asked for, or there was a danger.
        first_response: From the customer's first line to the first line of the bot or staff.
        person_first_response: From the first case's opening to the first line of staff.
        resolution: From the first case's opening to its end.
    """

    key: str
    channel: str
    began_at: datetime
    team: str = ""
    handoff: bool = False
    first_response: float | None = None
    person_first_response: float | None = None
    person_first_response_business: float | None = None
    resolution: float | None = None
    resolution_business: float | None = None


@dataclass(slots=True)
class _Lines:
    """What the lines of a conversation tell."""

    began_at: datetime | None = None
    responded_at: datetime | None = None
    staff_at: list[datetime] = field(default_factory=list)


def measure(
    lines: Iterable[TranscriptLine],
    cases: Iterable[CaseTimes],
    answered: Mapping[str, datetime],
    *,
    until: datetime,
    hours_of: HoursOf,
    direct: Collection[str],
) -> list[ConversationTimes]:
    """Measure the conversations in which a customer wrote, or had an answer or a case.

    Args:
        lines: From the begin of the period on, by conversation and time.
        cases: That were opened in the period, the oldest first.
        answered: The first answer in each conversation that had one in the period.
        until: End of the period: what customers began later is left out.
        hours_of: Opening hours of teams.
        direct: Conversations that one person alone can read.
    """
    read = _read(lines, until)
    by_conversation: dict[str, list[CaseTimes]] = defaultdict(list)
    for case in cases:
        by_conversation[case.conversation].append(case)
    begun = {key: each.began_at for key, each in read.items() if each.began_at is not None}
    opened = {key: each[0].opened_at for key, each in by_conversation.items()}
    return [
        _measured(
            ConversationTimes(key, _channel(key, direct), at),
            read.get(key, _Lines()),
            by_conversation.get(key, ()),
            hours_of,
        )
        for key, at in (opened | dict(answered) | begun).items()
    ]


def _read(lines: Iterable[TranscriptLine], until: datetime) -> dict[str, _Lines]:
    found: dict[str, _Lines] = {}
    for key, group in groupby(lines, key=lambda line: line.conversation):
        read = _Lines()
        for line in group:
            if line.role == "customer":
                read.began_at = read.began_at or (line.at if line.at < until else None)
            elif read.began_at is not None and read.responded_at is None:
                read.responded_at = line.at
            if line.role == "staff":
                read.staff_at.append(line.at)
        found[key] = read
    return found


def _measured(
    empty: ConversationTimes, read: _Lines, cases: Sequence[CaseTimes], hours_of: HoursOf
) -> ConversationTimes:
    replied = [each.first_staff_at for each in cases if each.first_staff_at is not None]
    responded = empty
    if read.began_at is not None:
        # What staff send from a case thread does not stand among the lines of the conversation.
        first_lines = [at for at in (read.responded_at, *replied) if at and at >= read.began_at]
        first_response = _seconds(read.began_at, min(first_lines, default=None))
        responded = replace(empty, first_response=first_response)
    if not cases:
        return responded
    first = cases[0]
    later = [at for at in (*read.staff_at, *replied) if at >= first.opened_at]
    responded_at, hours = min(later, default=None), hours_of(first.team)
    return replace(
        responded,
        team=first.team or "default",
        handoff=True,
        person_first_response=_seconds(first.opened_at, responded_at),
        person_first_response_business=_business(hours, first.opened_at, responded_at),
        resolution=_seconds(first.opened_at, first.closed_at),
        resolution_business=_business(hours, first.opened_at, first.closed_at),
    )


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()


def _business(
    hours: CountsBusinessTime | None, start: datetime, end: datetime | None
) -> float | None:
    return None if hours is None or end is None else hours.seconds_between(start, end)


def _channel(key: str, direct: Collection[str]) -> str:
    """Return the channel; the channel of direct messages would name a person.

    >>> _channel("chat:A1:C1:17.1", ()), _channel("chat:A1:D7", {"chat:A1:D7"})
    ('chat:A1:C1', 'chat: direct messages')
    """
    return f"{platform_of(key)}: direct messages" if key in direct else channel_of(key)
