"""Looks at a connection before it is used again, unless it was in use a moment ago.

SQLAlchemy's own `pool_pre_ping` asks the server before every use, which takes as long as many a
read. A connection that the server has cut meanwhile is found out by the first one that uses it,
and all of them are replaced then.
"""

from __future__ import annotations

import time

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

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
