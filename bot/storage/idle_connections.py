"""Checks pooled connections that were idle, so that a vanished server is noticed before use."""

from __future__ import annotations

import time

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

FRESH = 1.0
"""Seconds after use during which a connection needs no check."""

_USED_AT = "frontdesk_used_at"


def keep_fresh(engine: Engine) -> None:
    """Check connections of an engine's pool that were idle."""

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
