"""Measures how long `frontdesk stats` takes: python -m benchmarks.statistics.

    python -m benchmarks.statistics [--decisions 200000] [--conversations 20000]
        [--backend sqlite|postgres] [--html FILE]

Stores decisions, lines, votes, cases and surveys of invented conversations, then sums them up.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Connection, Table, insert

from bot.operations.analytics import Courtesies, Period, analyse
from bot.operations.analytics.report import write_page
from bot.storage import Database, open_database
from bot.storage.statistics import statistics
from bot.storage.tables import cases, conversations, decisions, feedback, messages, surveys
from tests.databases import postgres_schema

START = datetime(2026, 9, 1, tzinfo=UTC)
DAYS = 90
_AT_ONCE = 500
"""Conversations that are stored together."""

_INTENTS = (
    "order_status",
    "returns",
    "refund",
    "delivery_time",
    "shipping_costs",
    "payment",
    "cancel_order",
    "complaint",
    "opening_hours",
    "gift_cards",
)
_ARTICLES = ("care.md", "shipping.md", "returns.md", "warranty.md", "sizes.md")
_CHANNELS = ("slack:A1:C0HELP", "slack:A1:C0SHOP", "discord:42:700", "discord:42:701")
_LANGUAGES = ("en", "en", "en", "de", "zh", "fr")

Rows = dict[Table, list[dict[str, Any]]]


class Invented:
    """Invents conversations, the same ones for the same seed."""

    def __init__(self, turns: int, seed: int = 0) -> None:
        self._turns = turns
        self._random = Random(seed)  # noqa: S311 - no secret
        self._cases = 0

    def rows(self, number: int) -> Rows:
        """Return the rows of a conversation."""
        random = self._random
        channel = random.choice(_CHANNELS)
        key = f"{channel}:{number}"
        author = f"{channel.partition(':')[0]}:T1:U{random.randrange(8000)}"
        at = START + timedelta(seconds=random.random() * DAYS * 86_400)
        found: Rows = {
            conversations: [
                {"key": key, "started_at": at, "latest_at": at, "spoken": True, "readers": "others"}
            ]
        }
        language = random.choice(_LANGUAGES)
        for turn in range(self._turns):
            at += timedelta(seconds=30 + random.expovariate(1 / 600))
            self._turn(found, f"{key}-{turn}", key, author, at, language)
        if random.random() < 0.15:
            self._case(found, key, author, at)
        return found

    def _turn(
        self, found: Rows, event: str, key: str, author: str, at: datetime, language: str
    ) -> None:
        random = self._random
        thanks = random.random() < 0.12
        intent = "thanks" if thanks else random.choices(_INTENTS, range(10, 0, -1))[0]
        kinds = ("intent", "quoted", "generated", "clarify", "unknown")
        kind = "intent" if thanks else random.choices(kinds, (50, 15, 10, 10, 15))[0]
        frustrated = random.random() ** 3
        answered_at = at + timedelta(seconds=1 + random.expovariate(1 / 2))
        decided = {
            "id": f"d:{event}",
            "message": event,
            "conversation": key,
            "author": author,
            "at": answered_at,
            "kind": kind,
            "intents": [
                {"name": intent, "confidence": 0.9},
                {"name": "order_status", "confidence": 0.05},
                {"name": "returns", "confidence": 0.02},
            ],
            "threshold": 0.6,
            "passages": [
                {"citation": f"{random.choice(_ARTICLES)}#a", "score": 0.8, "meaning": 0.8}
                for _ in range(3)
            ],
            "language": language,
            "model_version": "1",
            "intents_hash": "1",
            "cost": 0.0,
            "milliseconds": {"understand": 12.0},
            "reasons": ["as it is"],
            "parts": None,
            "sentiment": {"frustrated": frustrated, "pleased": (1 - frustrated) * random.random()},
        }
        found.setdefault(decisions, []).append(decided)
        said = {"conversation": key, "event": event, "author": author, "text": "hello"}
        found.setdefault(messages, []).append(said | {"role": "customer", "at": at})
        found[messages].append(said | {"role": "bot", "at": answered_at})
        if random.random() < 0.05:
            vote = {"message": event, "conversation": key, "author": author, "comment": ""}
            verdict = random.choice(("up", "up", "down"))
            found.setdefault(feedback, []).append(vote | {"verdict": verdict, "at": answered_at})

    def _case(self, found: Rows, key: str, author: str, at: datetime) -> None:
        random = self._random
        self._cases += 1
        replied_at = at + timedelta(seconds=random.expovariate(1 / 1800))
        closed_at = replied_at + timedelta(seconds=random.expovariate(1 / 20_000))
        found[cases] = [
            {
                "id": self._cases,
                "kind": "handoff",
                "conversation": key,
                "event": f"{key}-case",
                "author": author,
                "note": "",
                "opened_at": at,
                "first_staff_at": replied_at,
                "closed_at": closed_at,
                "team": random.choice(("default", "returns")),
            }
        ]
        if random.random() < 0.5:
            score = random.choices((1, 2, 3, 4, 5), (1, 1, 2, 4, 6))[0]
            asked = {"conversation": key, "author": author, "asked_at": closed_at}
            ended = {"expires_at": closed_at, "score": score, "answered_at": closed_at}
            found[surveys] = [{"case": self._cases} | asked | ended]


async def fill(database: Database, n_conversations: int, n_decisions: int) -> None:
    """Store invented conversations."""
    invented = Invented(n_decisions // n_conversations)

    def put(connection: Connection, several: Sequence[Rows]) -> None:
        for table in (conversations, messages, decisions, feedback, cases, surveys):
            rows = [row for each in several for row in each.get(table, ())]
            if rows:
                connection.execute(insert(table), rows)

    for first in range(0, n_conversations, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, n_conversations))
        several = [invented.rows(number) for number in numbers]
        await database.write(partial(put, several=several))


async def measure(options: argparse.Namespace) -> AsyncIterator[str]:
    """Yield what was measured."""
    async with _url(options.backend) as url, await open_database(url) as database:
        started = perf_counter()
        await fill(database, options.conversations, options.decisions)
        yield f"{options.decisions:,} decisions stored in {perf_counter() - started:.1f} s"
        period = Period(START, START + timedelta(days=DAYS + 7))
        started = perf_counter()
        await statistics(database, since=period.since, until=period.until)
        yield f"decisions, costs and votes: {perf_counter() - started:.2f} s"
        started, busy = perf_counter(), process_time()
        analysis = await analyse(database, period, courtesies=Courtesies())
        spent, busy = perf_counter() - started, process_time() - busy
        total = analysis.total
        yield (
            f"outcomes, times, scores and feelings of {total.answers:,} answers and "
            f"{total.conversations:,} conversations: {spent:.2f} s, {busy:.2f} s of a core"
        )
        yield _told(total.answers, _numbers(analysis.to_json()["total"]))
        if options.html:
            write_page(analysis, options.html, limit=0.3)
            yield f"{options.html} written"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"highest memory of the process: {peak:.0f} MiB"


def _told(answers: int, numbers: Mapping[str, int]) -> str:
    """Return a line with the outcomes, which must add up."""
    told = ", ".join(f"{name} {number:,}" for name, number in numbers.items())
    return f"{told}: {sum(numbers.values()):,} of {answers:,}"


def _numbers(total: Mapping[str, Any]) -> dict[str, int]:
    names = ("confirmed", "contradicted", "came_back", "unconfirmed")
    return {name: total[name]["number"] for name in names}


@asynccontextmanager
async def _url(backend: str) -> AsyncIterator[str]:
    if backend == "postgres":
        async with postgres_schema() as url:
            yield url
        return
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder, 'frontdesk.db')}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=200_000)
    parser.add_argument("--conversations", type=int, default=20_000)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--html", type=Path)
    return parser.parse_args()


async def _print(options: argparse.Namespace) -> None:
    async for line in measure(options):
        print(line, flush=True)


def main() -> None:
    """Print what was measured."""
    asyncio.run(_print(_options()))


if __name__ == "__main__":
    main()
