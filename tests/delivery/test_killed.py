from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from bot.storage import Database
from bot.storage.tables import dead_letters, decisions, messages
from tests.delivery import poison_process, worker_process
from tests.delivery.processes import DeskProcess

COUNT = 400
KILLS = 5


async def test_a_process_killed_at_random_moments_loses_nothing(
    database: Database, url: str, tmp_path: Path
) -> None:
    record = tmp_path / "record"
    chance = random.Random(20260105)  # noqa: S311 - moments to kill at, no secrets
    for _ in range(KILLS):
        process = await DeskProcess.start(worker_process.main, url, record, COUNT)
        await asyncio.sleep(chance.uniform(0.01, 0.25))
        process.kill()
        await process.wait()
    process = await DeskProcess.start(worker_process.main, url, record, COUNT)
    await process.wait()
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


async def test_kills_in_quick_succession_set_nothing_aside(
    database: Database, url: str, tmp_path: Path
) -> None:
    """Each one comes while the events that the last one left are taken up one at a time."""
    record = tmp_path / "record"
    for _ in range(6):
        before = _lines(record)
        process = await DeskProcess.start(worker_process.main, url, record, 40)
        while _lines(record) < before + 2:
            assert process.returncode is None
            await asyncio.sleep(0.001)
        process.kill()
        await process.wait()
    process = await DeskProcess.start(worker_process.main, url, record, 40)
    await process.wait()

    posted = [line.split("\t")[0] for line in record.read_text().splitlines()]
    assert Counter(posted) == Counter(f"test:app:{n % 20}:{n}" for n in range(40))
    assert await _set_aside(database) == []


async def test_of_all_that_was_in_hand_only_what_kills_the_process_is_set_aside(
    database: Database, url: str, tmp_path: Path
) -> None:
    record, deaths = tmp_path / "record", 0
    while True:
        process = await DeskProcess.start(poison_process.main, url, record, 20)
        await process.wait()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        deaths += 1

    said = dict(line.split("\t") for line in record.read_text().splitlines())
    assert len(said) == 20
    assert said.pop("test:app:10:10").endswith("reach a person here: our team.")
    assert all(text.startswith("you said: message") for text in said.values())
    assert await _set_aside(database) == ["test:app:10:10"]
    assert deaths == 3  # in company, and twice alone


def _lines(record: Path) -> int:
    return len(record.read_text().splitlines()) if record.exists() else 0


async def _set_aside(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(select(dead_letters.c.id)))


def _lane(event: str) -> int:
    return int(event.split(":")[2])
