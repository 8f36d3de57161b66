"""Upgrades a database to the newest schema; safe when several processes start at once."""

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
"""Key of the advisory lock on PostgreSQL; an arbitrary unused number."""


def newest_revision() -> str:
    """Return the schema revision of this version of Frontdesk."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None when it has no schema."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, *, place: str, to: str = "head") -> None:
    """Run pending migrations in the connection's transaction.

    Only one process does so at a time: SQLite's writing transaction excludes others; on
    PostgreSQL an advisory lock does.

    Args:
        connection: In a writing transaction.
        place: The database as shown to operators.
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
