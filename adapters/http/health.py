"""What can be asked over HTTP."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.operations import StatusReporter


def operational_routes(operations: StatusReporter) -> list[web.RouteDef]:
    """Return the routes that probes and Prometheus use."""

    async def healthz(_request: web.Request) -> web.Response:
        """Tell that the process lives; an answer is the proof."""
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        """Return whether customers are answered, and if not, what is missing."""
        readiness = await operations.readiness()
        return web.json_response(readiness.to_json(), status=200 if readiness.ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        """Give Prometheus its numbers."""
        return web.Response(
            body=await operations.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
