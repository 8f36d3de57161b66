"""Checks of `frontdesk doctor`: how the forms of the last two weeks ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.config.schema import Config
from bot.errors import StorageError
from bot.ports import Finding
from bot.storage.engine import find_revision, open_database
from bot.storage.form_figures import count_form_events
from bot.storage.migrate import newest_revision

PERIOD = timedelta(days=14)

LEAST = 20
"""Forms of an intent that must have begun: of fewer no share is unusual."""

GIVEN_UP = 0.2
"""Share of forms above which too many end because a question was asked three times."""

FAILED = 0.1
"""Share above which too many end because an action failed."""

UNFINISHED = 0.6
"""Share above which too many are not gone through to the end."""


async def check_forms(config: Config, now: datetime) -> list[Finding]:
    """Return the findings about forms; none where there is no database, or no form was begun."""
    try:
        revision = await find_revision(config.database, mode=config.database_mode)
        if revision != newest_revision():
            return []
        async with await open_database(config.database, mode=config.database_mode) as database:
            counts = await database.query(partial(count_form_events, since=now - PERIOD))
    except StorageError:
        return []  # another finding tells of it
    begun = sum(count for (_, event), count in counts.items() if event == "begun")
    done = sum(count for (_, event), count in counts.items() if event == "done")
    found = [*_unusual(counts)]
    if begun and not found:
        shown = f"{begun} begun in {PERIOD.days} days, {done} gone through"
        found = [Finding("forms", "ok", shown)]
    return found


def _unusual(counts: Mapping[tuple[str, str], int]) -> Iterator[Finding]:
    """Yield what is unusual about the forms of an intent, the gravest of it."""
    for intent in sorted({intent for intent, _ in counts}):
        begun = counts.get((intent, "begun"), 0)
        failed = counts.get((intent, "failed"), 0)
        given_up = counts.get((intent, "given_up"), 0)
        unfinished = begun - counts.get((intent, "done"), 0)
        of_all = f"of {begun} forms in {PERIOD.days} days"
        if begun < LEAST:
            continue
        if failed > begun * FAILED:
            what = f"{intent}: an action failed in {failed} {of_all}"
            remedy = "see `frontdesk_actions_total`, and the actions of this report"
        elif given_up > begun * GIVEN_UP:
            what = f"{intent}: {given_up} {of_all} ended at a question asked three times"
            remedy = "give its slots an `example`, and `choices` or a `pattern` that take answers"
        elif unfinished > begun * UNFINISHED:
            what = f"{intent}: {unfinished} {of_all} were not gone through"
            remedy = "ask for less, say `why`, and look whether the intent is meant at all"
        else:
            continue
        yield Finding("forms", "warn", what, remedy)
