"""Hours of a team: whether somebody is there, when next, and how long between two moments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.config.hours import DAYS, HoursConfig, Spans

AHEAD = 60
"""Days that are looked through for the next opening: more than any row of holidays."""

_DAY = timedelta(days=1)


class Hours:
    """Weekly hours in a time zone, with public holidays.

    A span belongs to the day on which it begins: one that ends after midnight goes on into a
    holiday, and one that would begin on a holiday does not.

    Args:
        zone: IANA name of the time zone.
        week: Spans by day, in minutes since midnight; see `bot.config.hours`.
        holidays: Days on which no span begins.

    >>> hours = Hours("Europe/Berlin", {"mon": ((540, 1020),)})
    >>> hours.is_open(datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    True
    """

    def __init__(
        self, zone: str, week: Mapping[str, Spans], holidays: Collection[date] = ()
    ) -> None:
        self._zone = ZoneInfo(zone)
        self._week = tuple(week.get(day, ()) for day in DAYS)
        self._holidays = holidays

    @classmethod
    def of(cls, config: HoursConfig) -> Self:
        """Return the hours that config describes."""
        return cls(config.zone, config.open, _holidays(config.holidays))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return self._zone

    def is_open(self, at: datetime) -> bool:
        """Return whether somebody is there at a moment."""
        yesterday = self._local_day(at) - _DAY
        return any(begins <= at < ends for begins, ends in self._from_day(yesterday, days=2))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when somebody is there next, in UTC: now, or later; None: not in `AHEAD` days."""
        if self.is_open(at):
            return at
        today = self._local_day(at)
        coming = (begins for begins, _ in self._from_day(today, days=AHEAD) if begins > at)
        return min(coming, default=None)

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Return how long somebody was there between two moments; 0.0 where they are reversed."""
        first, last = self._local_day(start) - _DAY, self._local_day(end)
        total, since = 0.0, start
        for begins, ends in sorted(self._from_day(first, days=(last - first).days + 1)):
            seconds = (min(ends, end) - max(begins, since)).total_seconds()
            if seconds > 0:  # spans may overlap
                total, since = total + seconds, min(ends, end)
        return total

    def _local_day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _from_day(self, first: date, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans that begin on some days, in UTC."""
        for day in (first + each * _DAY for each in range(days)):
            if day in self._holidays:
                continue
            for begins, ends in self._week[day.weekday()]:
                yield self._moment(day, begins), self._moment(day, ends)

    def _moment(self, day: date, minutes: int) -> datetime:
        """Return a moment in UTC, as clocks on the wall show it there."""
        days, minutes = divmod(minutes, 24 * 60)
        local = time(*divmod(minutes, 60), tzinfo=self._zone)
        return datetime.combine(day + days * _DAY, local).astimezone(UTC)


def _holidays(code: str | None) -> Collection[date]:
    """Return the public holidays of a country, or of a part of it; years are added as asked."""
    if code is None:
        return ()
    from holidays import country_holidays

    country, _, part = code.partition("-")
    return country_holidays(country, subdiv=part or None)
