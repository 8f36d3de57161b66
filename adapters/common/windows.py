"""What a button of a form opens, looked up before the platform loses patience."""

from __future__ import annotations

import asyncio
from typing import Final, Literal

import structlog

from bot.errors import FrontdeskError
from bot.ports import Window, Windows

PATIENCE: Final = 1.5
"""Seconds: platforms take a window for three."""

_log = structlog.get_logger(__name__)


async def window_for(
    windows: Windows | None, button: str, person: str
) -> Window | Literal["expired", "try_again"]:
    """Return what a button opens, or the key of the text that says why nothing does.

    Args:
        windows: Where to look; None: nowhere.
        button: Its opaque id.
        person: Key of whoever pressed it.
    """
    if windows is None:
        return "expired"
    try:
        async with asyncio.timeout(PATIENCE):
            return await windows.window(button, person) or "expired"
    except (FrontdeskError, TimeoutError) as error:
        _log.warning("window_not_found", error=type(error).__name__)
        return "try_again"
