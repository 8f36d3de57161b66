"""Creates and upgrades procrastinate's tables, which hold the inbox's jobs on PostgreSQL.

procrastinate ships its schema and migrations. The revision of a database is stored in the comment
of its main table; migrations of the installed version beyond it are run.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy.ext.asyncio import AsyncConnection

_NOTED = "SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')"
_NOTE = "COMMENT ON TABLE procrastinate_jobs IS '{}'"
# A retry holds its conversation, so many jobs may wait behind one: find them by their lock.
_INDEX = (
    "CREATE INDEX frontdesk_jobs_lock ON procrastinate_jobs (lock, id) "
    "WHERE status IN ('todo', 'doing')"
)


async def upgrade_queue(connection: AsyncConnection) -> None:
    """Create procrastinate's tables, or run pending migrations.

    Args:
        connection: In a transaction, holding the lock that keeps other processes from migrating.
    """
    raw = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, psycopg.AsyncConnection)  # noqa: S101 - tells the type
    row = await (await raw.execute(_NOTED)).fetchone()
    noted = row[0] if row else None
    newest = _migrations()[-1].stem
    if noted is None:
        await raw.execute(SchemaManager.get_schema())
        await raw.execute(_INDEX)
    else:
        for migration in _migrations():
            if migration.stem > noted:
                await raw.execute(migration.read_bytes())
    if noted != newest:
        await raw.execute(_NOTE.format(newest).encode())


def _migrations() -> list[Path]:
    """Return procrastinate's migrations; their names sort by version."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
