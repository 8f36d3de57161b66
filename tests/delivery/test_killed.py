from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from bot.storage import Database
from bot.storage.tables import decisions, messages

COUNT = 400
KILLS = 5


async def test_a_process_killed_at_random_moments_loses_nothing(
    database: Database, url: str, tmp_path: Path
) -> None:
    record = tmp_path / "record"
    chance = random.Random(20260105)  # noqa: S311 - moments to kill at, no secrets
    for _ in range(KILLS):
        process = await _start(url, record)
        await asyncio.sleep(chance.uniform(0.01, 0.25))
        process.kill()
        await process.communicate()
    process = await _start(url, record)
    await process.communicate()
    assert process.returncode == 0

    posted = [line.split("\t")[0] for line in record.read_text().splitlines()]
    sent = [f"test:app:{number % 20}:{number}" for number in range(COUNT)]
    assert Counter(posted) == Counter(sent)
    for lane in range(20):
        assert [p for p in posted if _lane(p) == lane] == [s for s in sent if _lane(s) == lane]
    async with database.read() as connection:
        turns = (
            await connection.execute(
                select(messages.c.event, messages.c.role).order_by(messages.c.id)
            )
        ).all()
        decided = await connection.scalar(select(func.count()).select_from(decisions))
    assert decided == COUNT
    for lane in range(20):
        assert [turn for turn in turns if _lane(turn.event) == lane] == [
            (event, role) for event in sent if _lane(event) == lane for role in ("customer", "bot")
        ]


async def _start(url: str, record: Path) -> asyncio.subprocess.Process:
    """Start a desk and wait until it is at work."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.delivery.desk_process",
        url,
        str(record),
        str(COUNT),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


def _lane(event: str) -> int:
    return int(event.split(":")[2])
