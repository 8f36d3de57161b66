"""Dates in words that our vocabulary lacks, by dateparser, behind bounds.

dateparser reads "may", "sat" and "12" as dates, and passes over what it does not know. So it sees a
short answer only, in which nothing else was found, in the customer's language, and must find a day
and a month.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.answering.forms.extraction.spec import SlotContext

_LONGEST = 40
"""Characters of an answer that is a date and nothing else."""

_FEWEST = 4
"""Letters of one; shorter words are read as names of days too easily."""

_FURTHEST = timedelta(days=3_660)


def other_date(text: str, context: SlotContext, *, ahead: bool) -> date | None:
    """Return the date that a whole text is; None where it is none."""
    if len(text) > _LONGEST or sum(map(str.isalnum, text)) < _FEWEST:
        return None
    language = context.language.partition("-")[0]
    now = context.now.replace(tzinfo=None)
    found = _parsed(text, language, now, ahead=ahead)
    if found is None or abs(found - now) > _FURTHEST:
        return None
    return found.date()


def _parsed(text: str, language: str, now: datetime, *, ahead: bool) -> datetime | None:
    import dateparser
    from dateparser.data.languages_info import language_order

    if language not in language_order:
        return None
    found: datetime | None = dateparser.parse(
        text,
        languages=[language],
        settings={
            "RELATIVE_BASE": now,
            "PREFER_DATES_FROM": "future" if ahead else "past",
            "REQUIRE_PARTS": ["day", "month"],
            "PARSERS": ["relative-time", "absolute-time"],
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return found
