"""What a customer is told of a handoff: who knows, when somebody is there, what they can do."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time

from bot.ports import HandoffStatus, Trigger, Wording
from bot.staff.teams import Team, Teams
from bot.text.control_characters import without_controls
from bot.text.filling import fill

_WISHES: frozenset[Trigger] = frozenset({"asked", "intent"})
"""Triggers where the customer wants a person."""

_LAST_RESORT = "en"
_WITHOUT_SPACES = ("zh", "ja")


class HandoffSentences:
    """Says of a handoff what is true of it.

    Args:
        wording: The texts.
        teams: Their titles and hours.
    """

    def __init__(self, wording: Wording, teams: Teams) -> None:
        self._wording = wording
        self._teams = teams

    def said(self, status: HandoffStatus, trigger: Trigger, language: str, now: datetime) -> str:
        """Return what the customer reads.

        Args:
            status: What has come of the request.
            trigger: What led to it.
            language: BCP 47 tag of the customer's language.
            now: The time.
        """
        if not status.told:
            return self._wording.say("handoff" if trigger in _WISHES else "reach_person", language)
        team = self._teams.named(status.team)
        if status.opens_at is None:
            if trigger in _WISHES and not team.is_named:
                return self._wording.say("handed_over", language)
            return self._with_team("waiting", team, language)
        if status.opens_at <= now:
            return self._with_team("waiting_open", team, language)
        return self._with_time("waiting_closed", team, status.opens_at, language)

    def hours(self, status: HandoffStatus, language: str, now: datetime) -> str:
        """Return what is added to an intent's own reply: when somebody is there; empty: now."""
        if not status.told or status.opens_at is None or status.opens_at <= now:
            return ""
        team = self._teams.named(status.team)
        return self._with_time("closed_now", team, status.opens_at, language)

    def passed_on(self, team: Team, language: str, now: datetime, *, owner: bool) -> str:
        """Return what a waiting customer reads once another team was asked.

        Args:
            team: The team that is asked now.
            language: BCP 47 tag.
            now: The time.
            owner: Somebody had the case, and did not write for long.
        """
        said = self._with_team("owner_gone_team" if owner else "next_team", team, language)
        opens = opens_at(team, now)
        status = HandoffStatus(told=True, team=team.name, opens_at=opens)
        return " ".join(filter(None, (said, self.hours(status, language, now))))

    def _with_team(self, key: str, team: Team, language: str) -> str:
        return fill(self._wording.say(key, language), {"team": self._named(team, language)})

    def _with_time(self, key: str, team: Team, opens_at: datetime, language: str) -> str:
        local = opens_at.astimezone(team.hours.zone) if team.hours else opens_at
        values = {"team": self._named(team, language), "time": moment(local, language)}
        return fill(self._wording.say(key, language), values)

    def _named(self, team: Team, language: str) -> str:
        """Return the name of a team beside "our team"; empty where it has none."""
        if not team.is_named:
            return ""
        title = without_controls(team.title_in(language))
        return f"「{title}」" if _locale(language).language in _WITHOUT_SPACES else f" ({title})"


def opens_at(team: Team, now: datetime) -> datetime | None:
    """Return when somebody of a team is there; None: that is not known."""
    return team.hours.next_opening(now) if team.hours else None


def moment(local: datetime, language: str) -> str:
    """Return a moment in a language, with its distance from UTC.

    >>> from datetime import timezone, timedelta
    >>> moment(datetime(2026, 11, 30, 9, tzinfo=timezone(timedelta(hours=1))), "de")
    'Mo., 30. November, 09:00 (UTC+1)'
    """
    locale = _locale(language)
    day = format_skeleton("MMMMEEEEd", local, locale=locale)
    clock = format_time(local, "short", locale=locale).replace("\u202f", " ")
    joint = "" if locale.language in _WITHOUT_SPACES else ","
    return f"{day}{joint} {clock} ({_distance(local)})"


def _distance(local: datetime) -> str:
    """Return the distance of a local time from UTC."""
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" + (f"{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "")


@cache
def _locale(language: str) -> Locale:
    """Return the locale of a language tag; English where there is none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        parts = language.partition("-")
        return _locale(parts[0]) if parts[1] else Locale.parse(_LAST_RESORT)
