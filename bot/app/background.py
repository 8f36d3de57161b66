"""Runs background jobs for as long as a service runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class Job(Protocol):
    """A background job that runs until it is cancelled."""

    name: str

    async def run(self) -> None:
        """Run until cancelled."""
        ...


@asynccontextmanager
async def running(*jobs: Job) -> AsyncIterator[None]:
    """Run jobs while the context is open; a failing job is logged and the others continue."""
    tasks = [asyncio.create_task(job.run(), name=job.name) for job in jobs]
    for task in tasks:
        task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("background job failed", job=task.get_name(), exc_info=error)
