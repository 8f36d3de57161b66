"""INSERT statements with conflict handling, which differ between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert(connection: Connection, table: Table) -> Insert:
    """Return an INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


class Prepared:
    """A statement that is built once for each dialect: building takes longer than running.

    Args:
        table: Target table; rows are passed on execution.
        complete: Adds the conflict clause and the RETURNING clause.
    """

    def __init__(self, table: Table, complete: Callable[[Insert], Executable]) -> None:
        self._table = table
        self._complete = complete
        self._built: dict[str, Executable] = {}

    def on(self, connection: Connection) -> Executable:
        """Return the statement for the dialect of a connection."""
        dialect = connection.dialect.name
        if dialect not in self._built:
            self._built[dialect] = self._complete(insert(connection, self._table))
        return self._built[dialect]
