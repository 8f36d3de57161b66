"""/readyz and the staff channel when the database can be read and not be written to."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, func, select

from bot.staff.alerts import StaffAlerts
from bot.staff.watchdog import INTERVAL, WriteWatch
from bot.storage import Database
from bot.storage.probe import EVERY, WriteProbe, WriteResult
from bot.storage.tables import probes
from tests.databases import postgres_schema
from tests.delivery.support import MovableClock, received
from tests.http.conftest import Watched, watched
from tests.slack.conftest import eventually
from tests.staff.posters import Voice
from tests.storage.conftest import database, url

__all__ = ["database", "url"]


@contextmanager
def full_disk(desk: Watched) -> Iterator[None]:
    """Let no file of this process grow, as on a full disk."""
    path = desk.database.path
    assert path is not None
    log = path.with_name(path.name + "-wal").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_desk_on_a_full_disk_is_not_ready_until_there_is_room(tmp_path: Path) -> None:
    clock = MovableClock()
    async with watched(tmp_path, (), clock=clock) as desk:
        await desk.inbox.accept(received(1))
        before = await desk.port.get("/readyz")
        clock.move(EVERY)
        with full_disk(desk):
            full = await desk.port.get("/readyz")
            samples = await desk.port.samples()
        clock.move(EVERY)
        after = await desk.port.get("/readyz")

    assert (before.status, full.status, after.status) == (200, 503, 200)
    assert full.json["database"]["ok"] is False
    assert full.json["database"]["writing"] == "refused"
    assert "see the system's log" in full.json["database"]["reason"]
    assert samples["frontdesk_database_writable"] == 0
    assert samples["frontdesk_inbox_depth"] == 1


async def test_a_locked_database_is_slow_and_not_down(tmp_path: Path) -> None:
    async with watched(tmp_path, ()) as desk:
        holder = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        locked = await desk.port.get("/readyz")
        holder.execute("ROLLBACK")
        holder.close()
        await eventually(lambda: desk.probe.state is WriteResult.WORKS)

    assert (locked.status, locked.json["ready"]) == (200, True)
    assert locked.json["database"] == {"ok": True, "backlog": 0, "writing": "slow"}


@pytest.mark.postgres
async def test_a_server_that_takes_no_writes_is_not_ready(tmp_path: Path) -> None:
    clock = MovableClock()
    async with postgres_schema() as url, watched(tmp_path, (), url=url, clock=clock) as desk:
        event.listen(desk.database.engine.sync_engine, "begin", _read_only)
        refused = await desk.port.get("/readyz")

    assert refused.status == 503
    assert "read-only transaction" in refused.json["database"]["reason"]


async def test_the_probe_writes_one_row_and_not_at_every_look(database: Database) -> None:
    clock = MovableClock()
    probe = WriteProbe(database, clock)

    async def rows() -> tuple[int, object]:
        query = select(func.count(), func.max(probes.c.at))
        async with database.read() as connection:
            return tuple((await connection.execute(query)).one())

    assert [await probe.look() for _ in range(3)] == [WriteResult.WORKS] * 3
    first = await rows()
    clock.move(EVERY - 1)
    await probe.look()
    assert await rows() == first
    clock.move(1)
    await probe.look()

    count, at = await rows()
    assert count == first[0] == 1
    assert at != first[1]


async def test_staff_hear_once_that_the_database_refuses_writes_and_again_after_it_recovered(
    tmp_path: Path,
) -> None:
    clock, voice = MovableClock(), Voice()
    async with watched(tmp_path, ()) as desk:
        alerts = StaffAlerts(desk.database, clock, {"p0": (voice, "C0")})
        watch = asyncio.create_task(
            WriteWatch(WriteProbe(desk.database, clock), alerts, clock).run()
        )
        await _looked(clock)
        for _ in range(2):
            with full_disk(desk):
                for _ in range(3):
                    clock.move(INTERVAL)
                    await _looked(clock)
            clock.move(INTERVAL)
            await _looked(clock)
        watch.cancel()
        await asyncio.wait([watch])

    assert [channel for channel, _ in voice.announced] == ["C0", "C0"]
    assert "refuses writes" in voice.announced[0][1]


def _read_only(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


async def _looked(clock: MovableClock) -> None:
    """Wait until the watch sleeps again."""
    while not clock.sleeping:  # noqa: ASYNC110 - a clock has no event
        await asyncio.sleep(0.005)
