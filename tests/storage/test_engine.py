from __future__ import annotations

import asyncio
import os
import sqlite3
import traceback
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.errors import ClaimLost, StorageError
from bot.storage import Database, open_database
from bot.storage.tables import accepted, messages
from tests.delivery.support import START


def add(connection: Connection, event: str) -> None:
    connection.execute(insert(accepted).values(event=event, at=START))


async def count(database: Database) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(accepted)) or 0


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    async with await open_database(f"sqlite:///{tmp_path}/a/b/frontdesk.db") as database:
        assert database.path == tmp_path / "a/b/frontdesk.db"
        assert database.path.exists()


async def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    full = 2
    assert await sqlite.write(pragmas) == ["wal", full, 1]


async def test_what_is_written_together_is_all_there(database: Database) -> None:
    await asyncio.gather(
        *(database.write(partial(add, event=f"e{number}")) for number in range(1_000))
    )

    assert await count(database) == 1_000


async def test_an_operation_that_fails_undoes_its_own_part_alone(database: Database) -> None:
    def fail(connection: Connection) -> None:
        add(connection, "half")
        raise ClaimLost("gone")

    results = await asyncio.gather(
        database.write(lambda connection: add(connection, "before")),
        database.write(fail),
        database.write(lambda connection: add(connection, "after")),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [type(None), ClaimLost, type(None)]
    assert await count(database) == 2


async def test_when_the_disk_is_full_nobody_is_told_that_it_is_stored(sqlite: Database) -> None:
    await sqlite.write(
        lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1").scalar_one()
    )

    results = await asyncio.gather(
        sqlite.write(lambda connection: add(connection, "small")),
        sqlite.write(lambda connection: add(connection, "x" * 1_000_000)),
        sqlite.write(lambda connection: add(connection, "small too")),
        return_exceptions=True,
    )

    assert "free space" in str(results[1])
    refused = [isinstance(result, StorageError) for result in results]
    assert await count(sqlite) == refused.count(False)  # what fits is stored, and told so


async def test_the_commit_is_told_even_when_the_caller_has_gone(database: Database) -> None:
    told = asyncio.Event()
    writing = asyncio.create_task(
        database.write(
            lambda connection: add(connection, "orphan"), committed=lambda _none: told.set()
        )
    )
    await asyncio.sleep(0)
    writing.cancel()

    await told.wait()
    assert await count(database) == 1


async def test_closing_writes_what_was_handed_in(url: str) -> None:
    database = await open_database(url)
    writing = asyncio.create_task(database.write(lambda connection: add(connection, "late")))
    await asyncio.sleep(0)
    await database.close()
    await writing

    async with await open_database(url) as again:
        assert await count(again) == 1


async def test_an_error_holds_nothing_that_was_said(database: Database) -> None:
    row = insert(messages).values(text="secret", role="customer", at=START)

    try:
        await database.write(lambda connection: connection.execute(row))
    except StorageError:
        assert "secret" not in traceback.format_exc()
    else:
        pytest.fail("a message without a conversation was stored")


async def test_a_database_locked_by_another_is_waited_for(sqlite: Database) -> None:
    other = sqlite3.connect(str(sqlite.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(sqlite.write(lambda connection: add(connection, "patient")))
    await asyncio.wait([writing], timeout=0.3)
    assert not writing.done()

    other.execute("COMMIT")
    other.close()
    await writing
    assert await count(sqlite) == 1


@pytest.mark.parametrize("url", ["nonsense", "mysql://root@localhost/test", "sqlite://"])
async def test_another_engine_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="sqlite:///PATH or postgresql://"):
        await open_database(url)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("this is not a database " * 100)

    with pytest.raises(StorageError, match=r"not a database: .*change `database:`"):
        await open_database(f"sqlite:///{path}")


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="give `database:` a place"):
        await open_database(f"sqlite:///{tmp_path}/file/frontdesk.db")


async def test_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="unable to open"):
        await open_database(f"sqlite:///{tmp_path}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    async with await open_database(f"sqlite:///{tmp_path}/frontdesk.db"):
        pass
    (tmp_path / "frontdesk.db").chmod(0o444)

    with pytest.raises(StorageError, match="may not write"):
        await open_database(f"sqlite:///{tmp_path}/frontdesk.db")


@pytest.mark.postgres
async def test_a_server_that_is_not_there_is_told_with_the_remedy() -> None:
    with pytest.raises(StorageError, match="start the server"):
        await open_database("postgresql://root:secret@127.0.0.1:1/test")


async def test_a_password_is_in_no_error() -> None:
    with pytest.raises(StorageError) as caught:
        await open_database("postgresql://root:secret@127.0.0.1:1/test")

    assert "secret" not in str(caught.value)
