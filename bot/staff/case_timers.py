"""When something is due for a case: nobody claims it, its owner is silent, nobody writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from bot.staff.teams import Team


class Due(StrEnum):
    """What is due."""

    UNCLAIMED = "unclaimed"
    """Nobody has claimed it: the next team is asked."""

    OWNER_IDLE = "owner_idle"
    """Its owner lets the customer wait, or took it over and left: it goes to the next team, or back
    to the bot."""

    SILENT = "silent"
    """Nobody has written for long, and the customer waits for nothing: it is closed."""


TAKEN_OVER = "taken_over"
"""Trigger of a case that a colleague opened by writing to the customer themselves."""


@dataclass(frozen=True, slots=True)
class Timers:
    """After how long something is due; None: never."""

    unclaimed: timedelta | None
    owner_idle: timedelta | None
    close_after: timedelta | None


def due(
    case: Row[Any], timers: Timers, team: Team, following: Team | None, now: datetime
) -> Due | None:
    """Return what is due for an open case; notes of staff change nothing of it.

    Args:
        case: As it is stored.
        timers: Of config.
        team: That is asked.
        following: That comes next; None: none does.
        now: The time.
    """
    if not case.assignee:
        since = case.stepped_at or case.opened_at
        late = _passed(timers.unclaimed, since, team, following, now)
        return Due.UNCLAIMED if late and case.exhausted_at is None else None
    if customer_waits(case) or case.trigger == TAKEN_OVER:
        moments = (case.customer_at, case.claimed_at, case.staff_at)
        since = max(filter(None, moments), default=case.opened_at)
        late = _passed(timers.owner_idle, since, team, following, now)
        return Due.OWNER_IDLE if late else None
    latest = max(filter(None, (case.customer_at, case.staff_at)), default=case.opened_at)
    silent = timers.close_after is not None and now - latest >= timers.close_after
    return Due.SILENT if silent else None


def customer_waits(case: Row[Any]) -> bool:
    """Return whether the latest line is the customer's."""
    if case.staff_at is None:
        return True
    return case.customer_at is not None and case.customer_at > case.staff_at


def _passed(
    limit: timedelta | None, since: datetime, team: Team, following: Team | None, now: datetime
) -> bool:
    """Return whether a time has passed while somebody was there.

    The hours of the team count, or the clock on the wall while the following team is there.
    """
    if limit is None or now - since < limit:
        return False
    if team.hours is None or _is_there(following, now):
        return True
    return team.hours.seconds_between(since, now) >= limit.total_seconds()


def _is_there(team: Team | None, now: datetime) -> bool:
    return team is not None and (team.hours is None or team.hours.is_open(now))
