from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from bot.errors import StorageError
from bot.storage import Database, open_database
from bot.storage.migrate import MIGRATIONS, upgrade
from bot.storage.tables import metadata

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


async def test_the_migrations_build_exactly_the_tables(database: Database) -> None:
    assert await database.write(_differences) == []


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_revision_can_be_upgraded(tmp_path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    with engine.begin() as connection:
        upgrade(connection, place="old", to=revision)
    engine.dispose()

    async with await open_database(f"sqlite:///{tmp_path}/old.db") as database:
        assert await database.write(_differences) == []


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    async with await open_database(url) as database:
        before = await database.write(_schema_version)
    async with await open_database(url) as database:
        assert await database.write(_schema_version) == before


async def test_a_database_from_a_newer_version_is_refused_unchanged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    async with await open_database(url) as database:
        await database.write(partial(_set_revision, revision="9999"))

    with pytest.raises(StorageError, match=r"newer Frontdesk .*9999"):
        await open_database(url)


def _differences(connection: Connection) -> object:
    return compare_metadata(
        MigrationContext.configure(connection, opts={"compare_type": True}), metadata
    )


def _schema_version(connection: Connection) -> object:
    return connection.exec_driver_sql("PRAGMA schema_version").scalar_one()


def _set_revision(connection: Connection, revision: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
