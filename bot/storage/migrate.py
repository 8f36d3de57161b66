"""Brings a database to the newest schema, once, whoever starts first."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bot.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x66726F6E74646573
"""Key of the advisory lock on PostgreSQL; any number that nobody else uses."""


def newest_revision() -> str:
    """Return the revision that this program works with."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None when there is no schema in it."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, *, place: str, to: str = "head") -> None:
    """Run the migrations that a database lacks, in the connection's transaction.

    Whoever starts first does it: SQLite's writing transaction excludes others by itself, on
    PostgreSQL a lock does.

    Args:
        connection: In a transaction that may write.
        place: The database, as an operator knows it.
        to: The revision to stop at.

    Raises:
        StorageError: The database is newer than this program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    script = ScriptDirectory(str(MIGRATIONS))

    def missing(revision: object, _context: MigrationContext) -> object:
        return script._upgrade_revs(to, revision)  # type: ignore[arg-type]

    context = MigrationContext.configure(connection, opts={"fn": missing})
    try:
        with Operations.context(context):
            context.run_migrations()
    except CommandError as error:
        raise StorageError(
            f"database: {place} was written by a newer Frontdesk ({error}): install that version, "
            "or restore a backup from before the upgrade"
        ) from error
