"""The database engine: opens and migrates the database, and translates driver errors.

Read through `Database.read`, write through `Database.write`. On SQLite all writes of a process go
through one writer, which groups them into transactions (`bot.storage.writer`): a disk makes a few
hundred durable commits a second, fewer than a busy instance needs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import URL, Connection, StaticPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

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
from bot.storage.idle_connections import keep_fresh
from bot.storage.migrate import revision_of, upgrade
from bot.storage.reader import DirectReader, Reader, ThreadReader
from bot.storage.writer import DirectWriter, GroupWriter, Operation, Writer

T = TypeVar("T")

BUSY_SECONDS = 15
"""Seconds that SQLite waits for another process's lock before a write fails."""

POOL = 10
"""Maximum number of connections to PostgreSQL per process."""

CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Detects a vanished server within seconds; libpq's own names and units."""

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


class Database:
    """An open database with the newest schema.

    Attributes:
        engine: For reading transactions.
        mode: File mode of its file and of copies.
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
        """Open a read-only transaction with a consistent snapshot.

        Raises:
            StorageError: The database cannot be read at the moment.
        """
        with explained(self.place):
            async with self.engine.connect() as connection:
                yield connection

    async def query(self, operation: Operation[T]) -> T:
        """Run a short read-only operation; the cheapest way to read.

        Raises:
            StorageError: The database cannot be read at the moment.
        """
        return await self._reader.read(operation)

    async def write(
        self, operation: Operation[T], *, committed: Callable[[T], None] | None = None
    ) -> T:
        """Run an operation in a transaction; return once it is durable.

        Args:
            operation: May share a transaction with others; when it raises, only its own changes
                are undone.
            committed: Called on the event loop with the result right after the commit, even when
                the caller was cancelled meanwhile.

        Raises:
            StorageError: Nothing was written; or the commit failed and the result is unknown.
        """
        return await self._writer.write(operation, committed)

    async def close(self) -> None:
        """Complete pending writes, then close all connections."""
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
    """Open a database and upgrade its schema.

    Args:
        url: `sqlite:///PATH` (created when missing) or `postgresql://...`.
        mode: Mode of a SQLite file; applied to an existing file too.

    Raises:
            StorageError: It cannot be used; the message says how to fix that.
    """
    parsed = _parse(url)
    async with AsyncExitStack() as opened:
        database = await opened.enter_async_context(_connect(parsed, mode))
        await _migrate(database)
        opened.pop_all()
    return database


async def find_revision(url: str, *, mode: int = OWNER) -> str | None:
    """Return a database's schema revision without changing it; None: it has no schema yet.

    Raises:
        StorageError: It is unreachable.
    """
    parsed = _parse(url)
    if _lacks_file(parsed):
        return None
    async with _connect(parsed, mode) as database:
        return await database.query(revision_of)


def _lacks_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file()


async def _migrate(database: Database) -> None:
    """Upgrade the schema in one transaction."""
    if database.path is not None:
        await database.write(partial(upgrade, place=database.place))
        return
    from bot.storage.queue_schema import upgrade_queue

    with explained(database.place):
        async with database.engine.begin() as connection:
            await connection.run_sync(upgrade, place=database.place)
            await upgrade_queue(connection)


def place_of(url: URL) -> str:
    """Return a database's name for operators: its file, or its URL without the password."""
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
    """Set up the connections for reading, and the one for writing."""
    file = Path(str(url.database))
    folder = file.parent
    try:
        private_folder(folder, mode)
    except OSError as error:
        raise StorageError(
            f"database: the folder {folder} cannot be made ({error.strerror}): give `database:` "
            "a place that this user may write to"
        ) from error
    if folder.name == OUR_FOLDER:  # other folders may contain files of others
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
    """Configure a SQLite connection.

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
    """Begin a transaction; writers lock at once, since upgrading a lock later can fail."""
    connection.exec_driver_sql(statement)
