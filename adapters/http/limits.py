"""Who may come in: how many connections, for how long without a request, and what the log says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp.http_exceptions import HttpProcessingError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PortLimits:
    """What a port takes upon itself.

    Attributes:
        connections: At a time: a handful of probes and scrapers, and whoever else is in the
            network.
        seconds: Within which a request must be there, from the connection or from the last answer
            on.
    """

    connections: int = 64
    seconds: float = 10.0


USUAL = PortLimits()


class ConnectionLimiter:
    """Lets connections in; when there are too many, the oldest makes room.

    A probe asks at once and is answered at once; whoever only holds connections loses them.

    Args:
        make: Makes what serves one connection.
        most: Connections at a time.
    """

    def __init__(self, make: Callable[[], asyncio.Protocol], *, most: int) -> None:
        self._make = make
        self._most = most
        self._inside: dict[_LimitedConnection, None] = {}
        self._told = False

    def __call__(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        return _LimitedConnection(self._make(), self)

    def enter(self, guest: _LimitedConnection) -> None:
        """Count a connection in, and have the oldest leave when there are too many."""
        self._inside[guest] = None
        if len(self._inside) > self._most:
            oldest = next(iter(self._inside))
            self.leave(oldest)
            oldest.show_out()
            if not self._told:
                _log.warning("http.too_many_connections", limit=self._most)
            self._told = True

    def leave(self, guest: _LimitedConnection) -> None:
        """Count a connection out."""
        self._inside.pop(guest, None)
        if len(self._inside) < self._most / 2:
            self._told = False


class _LimitedConnection(asyncio.Protocol):
    """One connection: passes everything on to the protocol that serves it."""

    def __init__(self, served: asyncio.Protocol, door: ConnectionLimiter) -> None:
        self._served = served
        self._door = door
        self._transport: asyncio.BaseTransport | None = None

    def show_out(self) -> None:
        """Close the connection at once."""
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._served.connection_made(transport)
        self._door.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.leave(self)
        self._served.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._served.data_received(data)

    def eof_received(self) -> bool | None:
        return self._served.eof_received()

    def pause_writing(self) -> None:
        self._served.pause_writing()

    def resume_writing(self) -> None:
        self._served.resume_writing()


class OneLineLogger(logging.LoggerAdapter[logging.Logger]):
    """What aiohttp logs; a request that is no HTTP is one line, without what it said."""

    def log(
        self,
        level: int,
        msg: object,
        *args: object,
        exc_info: Any = None,  # noqa: ANN401 - as logging has it
        **kwargs: Any,  # noqa: ANN401 - as logging has it
    ) -> None:
        """Write a line; aiohttp hands in every error of a request with `exc_info`."""
        if isinstance(exc_info, HttpProcessingError):
            _log.warning("http.malformed", remote=str(args[0]), reason=type(exc_info).__name__)
            return
        super().log(level, msg, *args, exc_info=exc_info, **kwargs)

    def process(
        self, msg: object, kwargs: MutableMapping[str, Any]
    ) -> tuple[object, MutableMapping[str, Any]]:
        """Leave lines as they are."""
        return msg, kwargs
