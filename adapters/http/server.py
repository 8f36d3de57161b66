"""The one HTTP port."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from aiohttp import web

from adapters.http.routes import operational_routes
from bot.config import ServeConfig
from bot.errors import FrontdeskError
from bot.operations import Operations

USUAL_PORT: Final = 8080

_GOODBYE: Final = 1.0  # seconds that answers under way have when the desk closes

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_operations(config: ServeConfig, operations: Operations) -> AsyncIterator[None]:
    """Serve health, readiness and metrics while the context is open; the `Companion` of HTTP.

    Raises:
        FrontdeskError: The port that config names cannot be had.
    """
    if config.port == 0:
        yield
        return
    app = web.Application()
    app.add_routes(operational_routes(operations))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE)
    await runner.setup()
    try:
        await _listen(runner, config)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, config: ServeConfig) -> None:
    """Open the port; the usual one, which nobody asked for, may be taken by another desk."""
    port = USUAL_PORT if config.port is None else config.port
    try:
        await web.TCPSite(runner, config.host, port).start()
    except OSError as error:
        if config.port is None and error.errno == errno.EADDRINUSE:
            _log.warning("http.port_taken", host=config.host, port=port, remedy="set serve.port")
            return
        raise FrontdeskError(
            f"serve.port: {config.host}:{port} cannot be opened ({error.strerror}): choose another "
            "`serve.port` or `serve.host`, or `port: 0` to do without health and metrics"
        ) from error
    _log.info("http.listening", host=config.host, port=port)
