"""`python -m bot.live.child`: publishes changed intents, out of the way of those who are served."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from bot.config import Config
from bot.errors import ModelError
from bot.live.publishing import Mode, publish

_NICENESS = 10


async def publish_aside(config: Config, mode: Mode, by: str) -> None:
    """Publish the intents as they are now, in a process of its own with low priority.

    Args:
        config: Of the desk.
        mode: See `publish`.
        by: Who or what does it.

    Raises:
        ModelError: The process failed; cancelling this ends it, and leaves the old model alone.
    """
    order = {"config": config.model_dump(mode="json"), "mode": mode, "by": by}
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
    os.nice(_NICENESS)
    order: dict[str, Any] = json.load(sys.stdin)
    publish(Config.model_validate(order["config"]), order["mode"], order["by"])


if __name__ == "__main__":
    main()
