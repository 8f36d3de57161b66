"""Translates database driver errors to `StorageError`, with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StorageBusy, StorageError

_REMEDIES = (
    ("unable to open database file", "check that the folder exists and this user may write to it"),
    ("file is not a database", "it is another kind of file: move it away, or change `database:`"),
    ("malformed", "the file is damaged: restore a backup"),
    ("readonly", "this user may not write to it: change its owner or permissions"),
    ("attempt to write a read", "this user may not write to it: change its owner or permissions"),
    ("read-only transaction", "it is read-only: connect to the server that takes writes"),
    (
        "no space left",
        "free space on the server's disk; messages are accepted again once there is some",
    ),
    ("quota", "raise the quota, or free space; messages are accepted again once there is some"),
    ("disk is full", "free space on the disk; messages are accepted again once there is some"),
    ("disk i/o error", "the disk failed, or a limit was reached: see the system's log"),
    ("locked", "another process has locked it for too long: stop other programs that use it"),
    ("connection refused", "start the server, or correct `database:`"),
    ("password authentication", "correct the user or password in `database:`"),
    ("does not exist", "create the database, or correct `database:`"),
)


_BUSY = ("locked", "lock timeout", "deadlock detected")
"""Messages of temporary lock conflicts."""


@contextmanager
def explained(place: str, *also: type[Exception]) -> Iterator[None]:
    """Translate the driver's errors to ours.

    Only the first line of the driver's message is kept: PostgreSQL's details quote the failed row,
    and with it what a customer wrote.

    Args:
        place: The database as shown to operators (without a password).
        also: Error types of other libraries that use the driver.
    """
    try:
        yield
    except also as error:
        raise _explain(place, str(error.__cause__ or error)) from None
    except DBAPIError as error:
        raise _explain(place, str(error.orig)) from None
    except PoolTimeout:
        raise StorageBusy(f"database: {place}: no connection became free: try again") from None
    except SQLAlchemyError as error:
        raise StorageError(f"database: {place}: {error}") from None


def _explain(place: str, said: str) -> StorageError:
    first = said.strip().partition("\n")[0]
    lower = said.lower()
    remedy = next((cure for sign, cure in _REMEDIES if sign in lower), "see the log")
    kind = StorageBusy if any(sign in lower for sign in _BUSY) else StorageError
    return kind(f"database: {place}: {first}: {remedy}")
