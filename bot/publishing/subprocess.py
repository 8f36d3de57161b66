"""`python -m bot.publishing.subprocess`: publishes changed intents in a low-priority process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from importlib import import_module
from typing import Any

from filelock import FileLock, Timeout

from bot.config.schema import Config
from bot.errors import ModelError
from bot.publishing.full_training import train_fully
from bot.publishing.publish import Mode, publish

_NICENESS = 10
_LOWEST = 19
_FULL = "full"
_LOCK = ".full.lock"
_NEEDED = ("onnxruntime", "safetensors.numpy", "scipy.optimize", "scipy.sparse", "tokenizers")


class PublishProcess:
    """Publishes intents in a separate low-priority process.

    The next process can be started in advance: starting it takes as long as training an edit.
    """

    def __init__(self) -> None:
        self._standing_by: Process | None = None

    async def stand_by(self) -> None:
        """Start the next process in advance; it waits for its job."""
        if self._standing_by is None:
            self._standing_by = await _start()

    async def publish(self, config: Config, mode: Mode, by: str) -> None:
        """Publish the current intents; cancelling this kills the process and changes nothing.

        Args:
            config: Of the bot.
            mode: See `publish`.
            by: Who or what publishes.

        Raises:
            ModelError: The process failed.
        """
        process, self._standing_by = self._standing_by, None
        if process is None or process.returncode is not None:
            process = await _start()
        await _run({"config": config.model_dump(mode="json"), "mode": mode, "by": by}, process)

    async def close(self) -> None:
        """Stop the process that was started in advance."""
        if self._standing_by is not None and self._standing_by.returncode is None:
            self._standing_by.kill()
            await self._standing_by.wait()
        self._standing_by = None


async def train_fully_in_background(config: Config, by: str) -> None:
    """Run `train_fully` in a process of the lowest priority; cancelling this kills the process.

    Raises:
        ModelError: The process failed.
    """
    order = {"config": config.model_dump(mode="json"), "mode": _FULL, "by": by}
    await _run(order, await _start())


async def _start() -> Process:
    """Start a process that reads one job from standard input; see `main`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.publishing.subprocess",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def _run(order: dict[str, Any], process: Process) -> None:
    """Send a job to a process, and wait for it to finish."""
    try:
        _, output = await process.communicate(json.dumps(order).encode())
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        reason = output.decode(errors="replace").strip().rpartition("\n")[2]
        raise ModelError(
            f"the process that trains changed intents failed ({process.returncode}: {reason}): "
            "run `frontdesk train` to see why"
        )


def main() -> None:
    """Run the job given on standard input; do nothing if standard input is empty."""
    os.nice(_NICENESS)
    _prepare()
    output = sys.stdin.read()
    if not output:
        return
    order: dict[str, Any] = json.loads(output)
    config = Config.model_validate(order["config"])
    if order["mode"] != _FULL:
        publish(config, order["mode"], order["by"])
        return
    os.nice(_LOWEST - _NICENESS)
    with suppress(Timeout), FileLock(config.model / _LOCK, blocking=False):
        # Unless another process is training already.
        train_fully(config, trained_by=order["by"], tolerant=True)


def _prepare() -> None:
    """Import the modules that training needs before there is anything to train."""
    for name in _NEEDED:
        import_module(name)


if __name__ == "__main__":
    main()
