"""Compares `frontdesk stats` with conversations that were labelled by hand, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.field.conversation_log import key_of, moment, store
from benchmarks.field.reading import Entry, Line, entries
from bot.errors import FrontdeskError
from bot.operations.analytics import Analysis, Courtesies, Period, analyse
from bot.operations.analytics.answer_outcomes import AnswerOutcome
from bot.staff.hours import Hours
from bot.storage import open_database
from tests.databases import postgres_schema

HOURS = Hours("Europe/Berlin", dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((540, 1020),)))
"""Monday to Friday, 09:00 to 17:00."""

DATABASES = ("SQLite", "PostgreSQL")

_TIMES = (
    "first_response",
    "person_first_response",
    "person_first_response_business",
    "resolution",
    "resolution_business",
)
_OFF = 0.5
"""Seconds that a time may differ: databases round."""

Found = Mapping[str, float | bool | None]


def conversations(part: str) -> Iterator[Line]:
    """Compare each label of each conversation, stored in either database."""
    log = entries(part, "conversations")
    for name in DATABASES if log else ():
        found, failed = asyncio.run(measured(log, name))
        stored = tuple(each["id"] in found for each in log)
        yield Line(f"{name}: conversations that could be stored", stored, failed)
        for label in log[0]["expect"]:
            yield _compared(f"{name}, {label}: as labelled", label, log, found)


def _compared(title: str, label: str, log: Sequence[Entry], found: Mapping[str, Found]) -> Line:
    known = [(each["id"], each["expect"][label]) for each in log if each["id"] in found]
    hits = tuple(agrees(expected, found[name][label]) for name, expected in known)
    shown = tuple(
        f"{name}: {found[name][label]}, labelled {expected}"
        for (name, expected), hit in zip(known, hits, strict=True)
        if not hit
    )
    return Line(title, hits, shown)


async def measured(log: Sequence[Entry], database: str) -> tuple[dict[str, Found], tuple[str, ...]]:
    """Return what the product finds in each conversation of a log by its id, and what failed."""
    failed: dict[str, str] = {}
    async with _url(database) as url, await open_database(url) as opened:
        for each in log:
            try:
                await store(opened, each)
            except (KeyError, ValueError, FrontdeskError) as error:
                failed[each["id"]] = f"{each['id']}: {error!r}"
        period, courtesies = period_of(log), Courtesies()
        analysis = await analyse(
            opened, period, courtesies=courtesies, hours_of=lambda _team: HOURS
        )
    found = {each["id"]: found_in(analysis, each) for each in log if each["id"] not in failed}
    return found, tuple(failed.values())


def period_of(log: Sequence[Entry]) -> Period:
    """Return a period around all lines of a log."""
    times = [moment(line) for each in log for line in each["lines"]]
    return Period(min(times) - timedelta(days=1), max(times) + timedelta(days=1))


def agrees(label: float | bool | None, found: float | bool | None) -> bool:
    """Return whether what was found is what was labelled."""
    if label is None or found is None:
        return label is found
    return abs(label - found) <= _OFF


@asynccontextmanager
async def _url(database: str) -> AsyncIterator[str]:
    if database == "PostgreSQL":
        async with postgres_schema() as url:
            yield url
        return
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder, 'frontdesk.db')}"


def found_in(analysis: Analysis, entry: Entry) -> Found:
    """Return what was found in a conversation, by the names of the labels."""
    key = key_of(entry)
    outcomes = Counter(each.outcome for each in analysis.answers if each.conversation == key)
    (times,) = [each for each in analysis.conversations if each.key == key]
    scores = analysis.scores.get(key)
    return {
        **{str(each): outcomes[each] for each in AnswerOutcome},
        "handoff": times.handoff,
        **{name: getattr(times, name) for name in _TIMES},
        "csat": scores[-1] if scores else None,
    }
