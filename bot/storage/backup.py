"""Online backups of a database, and removal of deleted data from a SQLite file."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from bot.errors import StorageError
from bot.files.private_files import private_folder, protect_file
from bot.storage.engine import BUSY_SECONDS, Database

PG_DUMP = "pg_dump"


async def back_up(database: Database, target: Path) -> None:
    """Back up the current state of the database without blocking others.

    SQLite: a database file without deleted data. PostgreSQL: an archive for `pg_restore`.

    Args:
        database: Open; others may write to it meanwhile.
        target: Path of the backup; must not exist.

    Raises:
        StorageError: It exists, cannot be written, or the database cannot be read.
    """
    with _unfinished(target, database.mode) as file:
        if database.path is None:
            await _dump(database.engine.url, file)
        else:
            await asyncio.to_thread(_copy_file, database.path, file)


def scrub(database: Database) -> None:
    """Remove deleted data from the file of a SQLite database; blocking.

    SQLite only unlinks deleted rows. VACUUM rewrites the file without them; the checkpoint then
    empties the write-ahead log. Other writers wait meanwhile.

    Raises:
        StorageError: The database was locked all the time; the deleted data is still in the file.
    """
    if database.path is None:
        return
    with _opened(database.path) as connection:
        connection.execute("VACUUM")
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StorageError(
            f"database: {database.path}: what was deleted may still be in the file's log, which "
            "something is reading: run `frontdesk db vacuum` when less is going on"
        )


@contextmanager
def _unfinished(target: Path, mode: int) -> Iterator[Path]:
    """Yield an empty file that becomes the target when the block succeeds.

    It has the mode of the database, since it contains what customers wrote.
    """
    if target.exists():
        raise StorageError(f"{target} exists already: choose another name, or move it away")
    file = target.with_name(f"{target.name}.unfinished")
    try:
        private_folder(target.parent, mode)
        file.unlink(missing_ok=True)
        protect_file(file, mode)
    except OSError as error:
        raise StorageError(
            f"{target} cannot be written ({error.strerror}): choose another place"
        ) from error
    try:
        yield file
        file.rename(target)
    finally:
        file.unlink(missing_ok=True)


def _copy_file(source: Path, target: Path) -> None:
    """Copy a consistent snapshot of a SQLite database, and check its integrity."""
    with _opened(source) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with _opened(target) as connection:
        (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise StorageError(f"database: {source} is damaged ({verdict}): restore a backup")
    with target.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a separate connection to a SQLite file, outside of transactions."""
    try:
        with closing(
            sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        ) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StorageError(f"database: {path}: {error}") from error


async def _dump(url: URL, target: Path) -> None:
    """Run `pg_dump`; the password is passed in the environment."""
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    command = [PG_DUMP, "--format=custom", f"--file={target}", f"--dbname={plain}"]
    if shutil.which(PG_DUMP) is None:
        shown = " ".join(command).replace(str(target), "FILE")
        raise StorageError(
            f"database: {PG_DUMP} is not installed here: install PostgreSQL's client programs, or "
            f"run this where they are: {shown}"
        )
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | password, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        reason = said.decode(errors="replace").strip()
        raise StorageError(f"database: {PG_DUMP} failed: {reason}")
