"""The database: opened once, migrated, and told in our own errors.

Reading goes through `Database.read`, writing through `Database.write`. On SQLite all writes of a
process pass one writer, which puts many into one transaction (`bot.storage.writer`): a disk does
a few hundred durable commits a second, a desk has more to write.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.errors import StorageError
from bot.files.private_files import (
    OUR_FOLDER,
    OWNER,
    folder_mode,
    private_folder,
    protect_file,
    set_mode,
)
from bot.storage.driver_errors import explained
from bot.storage.migrate import revision_of, upgrade
from bot.storage.reader import DirectReader, Reader, ThreadReader
from bot.storage.writer import DirectWriter, GroupWriter, Operation, Writer

T = TypeVar("T")

BUSY_SECONDS = 15
"""How long SQLite waits for another process's lock before a write fails."""

POOL = 10
"""Connections to PostgreSQL that a process opens at most."""

CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""So that a server that has vanished is noticed within seconds; libpq's own names and units."""

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


class Database:
    """One open database of the newest schema.

    Attributes:
        engine: For transactions that read.
        mode: Who may read its file, and copies of it.
    """

    def __init__(
        self, engine: AsyncEngine, writer: Writer, reader: Reader, mode: int = OWNER
    ) -> None:
        self.engine = engine
        self.mode = mode
        self.place = place_of(engine.url)
        self._writer = writer
        self._reader = reader

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that sees one state of the database and changes nothing.

        Raises:
            StorageError: The database cannot be read now.
        """
        with explained(self.place):
            async with self.engine.connect() as connection:
                yield connection

    async def query(self, operation: Operation[T]) -> T:
        """Run a short operation that only reads; the cheapest way to read.

        Raises:
            StorageError: The database cannot be read now.
        """
        return await self._reader.read(operation)

    async def write(
        self, operation: Operation[T], *, committed: Callable[[T], None] | None = None
    ) -> T:
        """Run an operation in a transaction; return when it is on the disk.

        Args:
            operation: May be run together with others in one transaction; what it raises undoes
                its own changes alone.
            committed: Called on the event loop with the result right after the commit, also when
                the caller has been cancelled meanwhile.

        Raises:
            StorageError: Nothing was written, or (when the commit itself failed) it is unknown.
        """
        return await self._writer.write(operation, committed)

    async def close(self) -> None:
        """Write what was handed in, then close every connection."""
        await self._writer.close()
        await self._reader.close()
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def open_database(url: str, *, mode: int = OWNER) -> Database:
    """Open the database that config names, and bring its schema up to date.

    Args:
        url: `sqlite:///PATH` (made when it is missing) or `postgresql://...`.
        mode: Of the file of a SQLite database; an earlier file is given it, too.

    Raises:
        StorageError: It cannot be used; the message says how to mend that.
    """
    parsed = _parse(url)
    async with AsyncExitStack() as opened:
        database = await opened.enter_async_context(_connect(parsed, mode))
        await _migrate(database)
        opened.pop_all()
    return database


async def find_revision(url: str, *, mode: int = OWNER) -> str | None:
    """Return the schema's revision of a database, changing nothing; None: it has no schema yet.

    Raises:
        StorageError: It is out of reach.
    """
    parsed = _parse(url)
    if _lacks_file(parsed):
        return None
    async with _connect(parsed, mode) as database:
        return await database.query(revision_of)


def _lacks_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file()


async def _migrate(database: Database) -> None:
    """Bring the schema up to date, in one transaction."""
    if database.path is not None:
        await database.write(partial(upgrade, place=database.place))
        return
    from bot.storage.queue_schema import upgrade_queue

    with explained(database.place):
        async with database.engine.begin() as connection:
            await connection.run_sync(upgrade, place=database.place)
            await upgrade_queue(connection)


def place_of(url: URL) -> str:
    """Return a database as an operator knows it: its file, or its URL without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def _parse(url: str) -> URL:
    """Choose the async driver."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _unusable(repr(url)) from None
    backend = parsed.get_backend_name()
    if backend not in _ASYNC_DRIVERS or not parsed.database:
        raise _unusable(parsed.render_as_string())
    return parsed.set(drivername=_ASYNC_DRIVERS[backend])


def _unusable(url: str) -> StorageError:
    return StorageError(
        f"database: {url} cannot be used: write sqlite:///PATH or postgresql://USER@HOST/NAME"
    )


def _connect(url: URL, mode: int) -> Database:
    sqlite = url.get_backend_name() == "sqlite"
    return _connect_file(url, mode) if sqlite else _connect_server(url)


def _connect_server(url: URL) -> Database:
    try:
        engine = create_async_engine(
            url,
            connect_args=CONNECTING,
            pool_size=POOL,
            max_overflow=0,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise StorageError(
            f"database: PostgreSQL needs {error.name}: pip install 'frontdesk[postgres]'"
        ) from error
    keep_fresh(engine.sync_engine)
    place = place_of(url)
    return Database(engine, DirectWriter(engine, place), DirectReader(engine, place))


def _connect_file(url: URL, mode: int) -> Database:
    """Set up reading connections, and the one that writes."""
    file = Path(str(url.database))
    folder = file.parent
    try:
        private_folder(folder, mode)
    except OSError as error:
        raise StorageError(
            f"database: the folder {folder} cannot be made ({error.strerror}): give `database:` "
            "a place that this user may write to"
        ) from error
    if folder.name == OUR_FOLDER:  # any other may hold what is not ours
        set_mode(folder, folder_mode(mode))
    with suppress(OSError):  # SQLite tells better why it cannot be made
        protect_file(file, mode)  # SQLite gives its side files the mode of the file
    # Errors must not carry what customers wrote into logs.
    engine = create_async_engine(url, hide_parameters=True)
    reading, writing = (
        create_engine(url.set(drivername="sqlite"), poolclass=StaticPool, hide_parameters=True)
        for _ in range(2)
    )
    for each, begin in (
        (engine.sync_engine, "BEGIN"),
        (reading, "BEGIN"),
        (writing, "BEGIN IMMEDIATE"),
    ):
        event.listen(each, "connect", _set_up_file)
        event.listen(each, "begin", partial(_begin, statement=begin))
    place = place_of(url)
    return Database(engine, GroupWriter(writing, place), ThreadReader(reading, place), mode)


def _set_up_file(connection: DBAPIConnection, _record: object) -> None:
    """Set what every SQLite connection needs.

    `isolation_level = None` stops the driver from beginning transactions on its own: SQLAlchemy
    begins them (`_begin`), so that reading is consistent and migrations can be rolled back.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _begin(connection: Connection, *, statement: str) -> None:
    """Begin; a writer takes the lock at once, since a lock that is upgraded later can fail."""
    connection.exec_driver_sql(statement)


FRESH = 1.0
"""Seconds for which a connection is trusted after use."""

_USED_AT = "frontdesk_used_at"


def keep_fresh(engine: Engine) -> None:
    """Have the connections of an engine's pool looked at after a pause."""

    def leave(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED_AT] = time.monotonic()

    def use(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        if time.monotonic() - entry.info.get(_USED_AT, time.monotonic()) < FRESH:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError

    event.listen(engine, "checkin", leave)
    event.listen(engine, "checkout", use)
