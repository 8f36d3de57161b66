"""Copies are whole, private and made while others write."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.delivery import accepting
from bot.errors import StorageError
from bot.storage import Database, open_database
from bot.storage.backup import back_up
from bot.storage.tables import accepted
from tests.databases import postgres_database, postgres_schema
from tests.delivery.support import START, received


async def put(database: Database, number: int) -> None:
    event = received(number, text=f"words of number {number} " + "x" * 500)
    await database.write(partial(accepting.put, coming=[(event, "")], now=START))


async def test_a_copy_made_while_others_write_is_whole(sqlite: Database, tmp_path: Path) -> None:
    for number in range(500):
        await put(sqlite, number)
    stop = asyncio.Event()

    async def go_on_writing() -> int:
        number = 500
        while not stop.is_set():
            await put(sqlite, number)
            number += 1
        return number

    writing = asyncio.create_task(go_on_writing())
    await back_up(sqlite, tmp_path / "copies" / "monday.db")
    stop.set()
    written = await writing

    async with (
        await open_database(f"sqlite:///{tmp_path}/copies/monday.db") as copy,
        copy.read() as connection,
    ):
        ids = list(await connection.scalars(select(accepted.c.event)))
    assert 500 <= len(ids) <= written
    assert sorted(ids) == sorted(f"test:app:one:{number}" for number in range(len(ids)))


async def test_a_copy_is_one_file_that_only_its_owner_may_read(
    sqlite: Database, tmp_path: Path
) -> None:
    target = tmp_path / "copies" / "monday.db"

    await back_up(sqlite, target)

    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o077 == 0


async def test_a_copy_holds_nothing_that_was_deleted(sqlite: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(str(sqlite.path), isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF").fetchone()
        connection.execute("CREATE TABLE scrap AS SELECT 'deleted words' AS text")
        connection.execute("DROP TABLE scrap")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert sqlite.path is not None
    assert b"deleted words" in sqlite.path.read_bytes()

    await back_up(sqlite, tmp_path / "copy.db")

    assert b"deleted words" not in (tmp_path / "copy.db").read_bytes()


async def test_a_file_that_exists_is_not_overwritten(sqlite: Database, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(StorageError, match="exists already: choose another name"):
        await back_up(sqlite, tmp_path / "notes.txt")

    assert (tmp_path / "notes.txt").read_text() == "mine"


async def test_a_damaged_database_is_told_and_leaves_no_copy(
    sqlite: Database, tmp_path: Path
) -> None:
    for number in range(50):
        await put(sqlite, number)
    assert sqlite.path is not None
    with closing(sqlite3.connect(sqlite.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with sqlite.path.open("r+b") as file:  # all pages but the first few
        file.seek(5 * 4096)
        file.write(b"\xff" * (sqlite.path.stat().st_size - 5 * 4096))

    with pytest.raises(StorageError, match=r"^database: "):
        await back_up(sqlite, tmp_path / "copies" / "monday.db")

    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.postgres
async def test_postgres_is_dumped_by_its_own_tool(tmp_path: Path) -> None:
    async with postgres_database() as url, await open_database(url) as database:
        await put(database, 1)

        await back_up(database, tmp_path / "frontdesk.dump")

        listing = await asyncio.create_subprocess_exec(
            "pg_restore", "--list", str(tmp_path / "frontdesk.dump"), stdout=asyncio.subprocess.PIPE
        )
        out, _ = await listing.communicate()
    assert "TABLE DATA public dead_letters" in out.decode()


@pytest.mark.postgres
async def test_without_the_tool_the_command_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "frontdesk.dump"
    async with postgres_schema() as url, await open_database(url) as database:
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(StorageError, match=r"run this .*: pg_dump --format=custom --file=FILE"):
            await back_up(database, target)
