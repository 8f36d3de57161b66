from __future__ import annotations

import asyncio
import sys
from functools import partial

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url, text

from bot.errors import StorageError
from bot.storage import Database, open_database
from bot.storage.migrate import MIGRATIONS, upgrade
from bot.storage.tables import metadata

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


async def test_the_migrations_build_exactly_the_tables(database: Database) -> None:
    assert await database.write(_differences) == []


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_revision_can_be_upgraded(url: str, revision: str) -> None:
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername=drivers[parsed.drivername]))
    with engine.begin() as connection:
        upgrade(connection, place="old", to=revision)
    engine.dispose()

    async with await open_database(url) as database:
        assert await database.write(_differences) == []


async def test_opening_again_changes_nothing(url: str) -> None:
    async with await open_database(url) as database:
        before = await database.write(_schema)
    async with await open_database(url) as database:
        assert await database.write(_schema) == before


async def test_three_processes_may_start_on_an_empty_database_at_once(url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.storage import open_database\n"
        "async def main():\n"
        "    async with await open_database(sys.argv[1]): pass\n"
        "asyncio.run(main())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, url) for _ in range(3)
    ]

    assert [await process.wait() for process in processes] == [0, 0, 0]


async def test_a_database_from_a_newer_version_is_refused_unchanged(url: str) -> None:
    async with await open_database(url) as database:
        await database.write(partial(_set_revision, revision="9999"))

    with pytest.raises(StorageError, match=r"newer Frontdesk .*9999"):
        await open_database(url)


def _differences(connection: Connection) -> object:
    """Compare the database with the tables; procrastinate's own are its own affair."""

    def ours(_thing: object, name: str | None, *_: object) -> bool:
        return not (name or "").startswith("procrastinate")

    options = {"compare_type": True, "include_object": ours}
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def _schema(connection: Connection) -> object:
    inspector = inspect(connection)
    return {name: str(inspector.get_columns(name)) for name in inspector.get_table_names()}


def _set_revision(connection: Connection, revision: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
