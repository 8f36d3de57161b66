"""Processes to kill: forked from one that has imported everything, since imports take most time."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "__main__",
        "tests.delivery.worker_process",
        "tests.delivery.poison_process",
        "tests.delivery.outbox_process",
        "tests.discord.outbox_process",
        "benchmarks.actions_process",
        "benchmarks.form_kills_process",
    ]
)

Desk = Callable[[str, Path, int, Callable[[], None]], Coroutine[Any, Any, None]]
"""Takes in so many messages, answers them into a file, and calls back once it is at work.

It is given the database's URL, the file, the number of messages, and what to call.
"""


class DeskProcess:
    """A desk in a process of its own."""

    def __init__(self, process: Any) -> None:  # noqa: ANN401 - has no public type
        self._process = process

    @classmethod
    async def start(cls, desk: Desk, url: str, record: Path, count: int) -> Self:
        """Start one, and wait until it is at work, or has ended."""
        here, there = _FORKING.Pipe(duplex=False)
        process = _FORKING.Process(target=_run, args=(desk, url, record, count, there), daemon=True)
        process.start()
        there.close()
        await asyncio.to_thread(here.poll, None)
        here.close()
        return cls(process)

    @property
    def returncode(self) -> int | None:
        """How it ended: negative, the signal; None: it goes on."""
        ended: int | None = self._process.exitcode
        return ended

    def kill(self) -> None:
        """Kill it with -9."""
        self._process.kill()

    async def wait(self) -> None:
        """Wait until it has ended."""
        await asyncio.to_thread(self._process.join)


def _run(desk: Desk, url: str, record: Path, count: int, ready: Connection) -> None:
    asyncio.run(desk(url, record, count, lambda: ready.send(None)))
