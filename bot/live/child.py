"""`python -m bot.live.child`: publishes changed intents, out of the way of those who are served."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

from filelock import FileLock, Timeout

from bot.config import Config
from bot.errors import ModelError
from bot.live.full import train_fully
from bot.live.publishing import Mode, publish

_NICENESS = 10
_LOWEST = 19
_FULL = "full"
_LOCK = ".full.lock"


async def publish_aside(config: Config, mode: Mode, by: str) -> None:
    """Publish the intents as they are now, in a process of its own with low priority.

    Args:
        config: Of the desk.
        mode: See `publish`.
        by: Who or what does it.

    Raises:
        ModelError: The process failed; cancelling this ends it, and leaves the old model alone.
    """
    await _run({"config": config.model_dump(mode="json"), "mode": mode, "by": by})


async def train_fully_beside(config: Config, by: str) -> None:
    """Fine-tune the encoder, too, in a process of the lowest priority; see `train_fully`.

    Raises:
        ModelError: The process failed; cancelling this ends it, and leaves the old model alone.
    """
    await _run({"config": config.model_dump(mode="json"), "mode": _FULL, "by": by})


async def _run(order: dict[str, Any]) -> None:
    """Have an order done by a process; see `main`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.live.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await process.communicate(json.dumps(order).encode())
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        reason = told.decode(errors="replace").strip().rpartition("\n")[2]
        raise ModelError(
            f"the process that learns changed intents failed ({process.returncode}: {reason}): "
            "run `frontdesk train` to see why"
        )


def main() -> None:
    """Do what standard input says."""
    order: dict[str, Any] = json.load(sys.stdin)
    config = Config.model_validate(order["config"])
    if order["mode"] != _FULL:
        os.nice(_NICENESS)
        publish(config, order["mode"], order["by"])
        return
    os.nice(_LOWEST)
    with suppress(Timeout), FileLock(config.model / _LOCK, blocking=False):
        train_fully(config, trained_by=order["by"])  # unless another process is at it


if __name__ == "__main__":
    main()
