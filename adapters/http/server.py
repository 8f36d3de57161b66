"""The one HTTP port."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from aiohttp import web

from adapters.http.health import operational_routes
from adapters.http.limits import USUAL, ConnectionLimiter, OneLineLogger, PortLimits
from bot.config.schema import ServeConfig
from bot.errors import FrontdeskError
from bot.operations import StatusReporter

USUAL_PORT: Final = 8080

_GOODBYE: Final = 1.0  # seconds that answers under way have when the desk closes

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_operations(
    config: ServeConfig, operations: StatusReporter, *, limits: PortLimits = USUAL
) -> AsyncIterator[None]:
    """Serve health, readiness and metrics while the context is open; the `ServicePlugin` of HTTP.

    Args:
        config: Host and port.
        operations: What is asked.
        limits: What the port takes upon itself.

    Raises:
        FrontdeskError: The port that config names cannot be had.
    """
    if config.port == 0:
        yield
        return
    app = web.Application()
    app.add_routes(operational_routes(operations))
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=_GOODBYE,
        keepalive_timeout=limits.seconds,  # of a new connection, too
        lingering_time=limits.seconds,
        logger=OneLineLogger(logging.getLogger(__name__), {}),
    )
    await runner.setup()
    listening: asyncio.Server | None = None
    try:
        listening = await _listen(runner, config, limits)
        yield
    finally:
        if listening is not None:
            listening.close()
        await runner.cleanup()


async def _listen(
    runner: web.AppRunner, config: ServeConfig, limits: PortLimits
) -> asyncio.Server | None:
    """Open the port; the usual one, which nobody asked for, may be taken by another desk."""
    port = USUAL_PORT if config.port is None else config.port
    assert runner.server is not None  # noqa: S101 - it has been set up
    try:
        server = await asyncio.get_running_loop().create_server(
            ConnectionLimiter(runner.server, most=limits.connections), config.host, port
        )
    except OSError as error:
        if config.port is None and error.errno == errno.EADDRINUSE:
            _log.warning("http.port_taken", host=config.host, port=port, remedy="set serve.port")
            return None
        raise FrontdeskError(
            f"serve.port: {config.host}:{port} cannot be opened ({error.strerror}): choose another "
            "`serve.port` or `serve.host`, or `port: 0` to do without health and metrics"
        ) from error
    _log.info("http.listening", host=config.host, port=port)
    return server
