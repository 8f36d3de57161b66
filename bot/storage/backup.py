"""Copies of a database, made while others write to it; and its file, rid of what was deleted."""

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
    """Write a copy of the database as it is now; nobody waits for it.

    SQLite: a database file, without anything that was deleted. PostgreSQL: what
    `pg_restore` reads.

    Args:
        database: Open; others may write to it meanwhile.
        target: A file that does not exist yet.

    Raises:
        StorageError: It exists, cannot be written, or the database cannot be read.
    """
    with _unfinished(target, database.mode) as file:
        if database.path is None:
            await _dump(database.engine.url, file)
        else:
            await asyncio.to_thread(_copy_file, database.path, file)


def scrub(database: Database) -> None:
    """Overwrite what deleted rows have left behind in the file of a SQLite database; blocking.

    SQLite only unlinks what is deleted. VACUUM writes the file anew, without it; the checkpoint
    then empties the write-ahead log. Others that write wait meanwhile.

    Raises:
        StorageError: Something held the database all the time; the remains are still there.
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
    """Yield an empty file that becomes the target once the block has ended well.

    It may be read by whoever may read the database: it holds what customers wrote.
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
    """Copy a SQLite database as one reading transaction sees it, and see that it is whole."""
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
    """Open a SQLite file beside all other connections, outside of transactions."""
    try:
        with closing(
            sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        ) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StorageError(f"database: {path}: {error}") from error


async def _dump(url: URL, target: Path) -> None:
    """Let PostgreSQL's own tool write the copy; the password goes by the environment."""
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
