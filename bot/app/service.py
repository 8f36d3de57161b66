"""A running desk: adapters in front, inbox and outbox in the middle, the workers behind."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog

from bot.delivery.intake import Intake
from bot.delivery.outbox_worker import OutboxWorker
from bot.delivery.worker import Worker
from bot.errors import AdapterError
from bot.ports import Adapter, Alerts, CanPost, HasConnection, Responding

log = structlog.get_logger(__name__)

_Part = asyncio.Task[Any]


class Service:
    """Runs until `stop`, or until an adapter ends.

    A platform that revokes access while running does not end the service as long as another one is
    left: staff are alerted, and its replies are retried after the next start.

    Args:
        adapters: The platforms.
        reception: Takes messages in; None: other processes do that.
        worker: Answers; None: other processes do that.
        responder: What the worker decides with.
        alerts: Told when a platform refuses us.
        deliverer: Delivers what the outbox has; None: other processes do that.
    """

    def __init__(
        self,
        adapters: Sequence[Adapter],
        reception: Intake | None,
        worker: Worker | None,
        responder: Responding | None = None,
        *,
        alerts: Alerts | None = None,
        deliverer: OutboxWorker | None = None,
    ) -> None:
        self._adapters = adapters
        self._reception = reception
        self._worker = worker
        self._responder = responder
        self._alerts = alerts
        self._deliverer = deliverer
        self._stopping = asyncio.Event()

    @property
    def responder(self) -> Responding:
        """The responder of this process.

        Raises:
            RuntimeError: Other processes answer.
        """
        if self._responder is None:
            raise RuntimeError("this process answers nobody")
        return self._responder

    def stop(self) -> None:
        """Make `run` end; safe to call from a signal handler, and more than once."""
        self._stopping.set()

    async def run(self) -> None:
        """Serve; at the end, finish replies in progress without losing messages.

        Raises:
            AdapterError: A platform refuses us permanently.
        """
        platforms: dict[_Part, Adapter] = {
            asyncio.create_task(self._operate(adapter), name=adapter.name): adapter
            for adapter in self._adapters
        }
        stopping = asyncio.create_task(self._stopping.wait())
        others: set[_Part] = {stopping}
        if self._worker is not None:
            others.add(asyncio.create_task(self._worker.run(), name="worker"))
        if self._deliverer is not None:
            others.add(asyncio.create_task(self._deliverer.run(), name="outbox"))
        try:
            lost = await self._attend(platforms, others)
        finally:
            self._stopping.set()
            await self._wind_down()
        for part in {*platforms, *others} - lost:
            await part

    async def _attend(
        self, platforms: Mapping[_Part, Adapter], others: Collection[_Part]
    ) -> set[_Part]:
        """Wait until a part ends that the service cannot run without.

        Returns:
            The tasks of platforms that were lost meanwhile.
        """
        lost: set[_Part] = set()
        while True:
            running = {*platforms, *others} - lost
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            refused = {part for part in ended if isinstance(_error(part), AdapterError)}
            left = platforms.keys() - lost - ended
            go_on = refused == ended and left and all(_served(platforms[part]) for part in ended)
            for part in refused:
                await self._tell_staff(part.get_name(), _error(part), go_on=bool(go_on))
            if not go_on:
                return lost
            lost |= ended

    async def _operate(self, adapter: Adapter) -> None:
        """Run an adapter; in a process that only answers, let it only post."""
        if self._reception is not None:
            await adapter.run(self._reception.accept)
        elif isinstance(adapter, CanPost):
            await adapter.speak()
        else:
            raise AdapterError(
                f"{adapter.name}: cannot post without listening: use it with `serve`"
            )

    async def _tell_staff(self, platform: str, error: BaseException | None, *, go_on: bool) -> None:
        """Alert staff on the remaining platforms that one refuses us."""
        state = f"the bot continues without {platform}" if go_on else "the bot has stopped"
        log.error("platform lost", platform=platform, reason=str(error))
        if go_on and self._worker is not None:
            self._worker.mark_lost(platform, str(error))
        if go_on and self._deliverer is not None:
            self._deliverer.mark_lost(platform, str(error))
        if self._alerts is not None:
            await self._alerts.alert(platform, f"{state}: {error}")

    async def _wind_down(self) -> None:
        """Let replies in progress complete while their platforms are still connected.

        Messages that arrive meanwhile are stored, and answered after the next start.
        """
        log.info("stopping")
        workers = [each for each in (self._worker, self._deliverer) if each is not None]
        await asyncio.gather(*(each.stop() for each in workers))
        await asyncio.gather(*(adapter.close() for adapter in self._adapters))
        log.info("stopped")


def _error(part: _Part) -> BaseException | None:
    """Return the exception that a task ended with, if any."""
    return None if not part.done() or part.cancelled() else part.exception()


def _served(adapter: Adapter) -> bool:
    """Return whether a platform was ever connected; otherwise its settings never worked."""
    return isinstance(adapter, HasConnection) and adapter.connections > 0
