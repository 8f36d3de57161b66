"""A running desk: adapters in front, the inbox in the middle, the worker behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.delivery.reception import Reception
from bot.delivery.worker import Worker
from bot.errors import AdapterError
from bot.ports import Adapter, Alerts, Responds, Speaks

log = structlog.get_logger(__name__)


class Service:
    """Runs until it is told to stop, or until an adapter ends.

    Args:
        adapters: The platforms.
        reception: Takes messages in; None: other processes do that.
        worker: Answers; None: other processes do that.
        responder: What the worker decides with.
        alerts: Told when a platform refuses us.
    """

    def __init__(
        self,
        adapters: Sequence[Adapter],
        reception: Reception | None,
        worker: Worker | None,
        responder: Responds | None = None,
        *,
        alerts: Alerts | None = None,
    ) -> None:
        self._adapters = adapters
        self._reception = reception
        self._worker = worker
        self._responder = responder
        self._alerts = alerts
        self._stopping = asyncio.Event()

    @property
    def responder(self) -> Responds:
        """What decides here.

        Raises:
            RuntimeError: Other processes answer.
        """
        if self._responder is None:
            raise RuntimeError("this process answers nobody")
        return self._responder

    def stop(self) -> None:
        """Ask `run` to end; safe to call from a signal handler, and more than once."""
        self._stopping.set()

    async def run(self) -> None:
        """Serve; on the way out, finish what is being answered and lose nothing.

        Raises:
            AdapterError: A platform refuses us for good.
        """
        parts = [
            asyncio.create_task(self._operate(adapter), name=adapter.name)
            for adapter in self._adapters
        ]
        if self._worker is not None:
            parts.append(asyncio.create_task(self._worker.run(), name="worker"))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([*parts, stopping], return_when=asyncio.FIRST_COMPLETED)
            await self._tell_staff(parts)
        finally:
            stopping.cancel()
            await self._wind_down()
        for part in parts:
            await part

    async def _operate(self, adapter: Adapter) -> None:
        """Run an adapter; where nobody takes messages in, it only speaks."""
        if self._reception is not None:
            await adapter.run(self._reception.accept)
        elif isinstance(adapter, Speaks):
            await adapter.speak()
        else:
            raise AdapterError(f"{adapter.name}: cannot post without listening: only serve uses it")

    async def _tell_staff(self, parts: Sequence[asyncio.Task[None]]) -> None:
        """Tell staff, by the platforms that are left, which one refuses us."""
        for part in parts:
            error = part.exception() if part.done() and not part.cancelled() else None
            if self._alerts is not None and isinstance(error, AdapterError):
                await self._alerts.tell(part.get_name(), f"the bot has stopped: {error}")

    async def _wind_down(self) -> None:
        """Let replies under way end while their platforms are still connected.

        What arrives meanwhile is stored, and answered after the next start.
        """
        log.info("stopping")
        if self._worker is not None:
            await self._worker.stop()
        await asyncio.gather(*(adapter.close() for adapter in self._adapters))
        log.info("stopped")
