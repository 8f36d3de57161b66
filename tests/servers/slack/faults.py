"""Failures to order: the next calls of a method go wrong in a chosen way."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class Fault:
    """How one call fails.

    Attributes:
        status: HTTP status of an answer that is no Slack JSON.
        error: Slack's error code, in an answer with HTTP 200.
        retry_after: Seconds; makes it Slack's rate limit (429).
        hang: Seconds to wait before anything else.
        lose_answer: Carry the call out, then break the connection.
        channel: Only calls about this one suffer it; empty: any call.
    """

    status: int = 0
    error: str = ""
    retry_after: int = -1
    hang: float = 0.0
    lose_answer: bool = False
    channel: str = ""


class Faults:
    """Faults that wait for calls, by method; each strikes once, in order."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def order(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self._waiting[method].extend([fault] * times)

    def waiting(self, method: str) -> int:
        """Return how many faults the next calls of a method will suffer."""
        return len(self._waiting[method])

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()

    def take(self, method: str, channel: str) -> Fault | None:
        """Return the fault that the present call suffers."""
        waiting = self._waiting[method]
        fault = next((each for each in waiting if each.channel in ("", channel)), None)
        if fault is not None:
            waiting.remove(fault)
        return fault


async def suffer(fault: Fault) -> web.Response | None:
    """Return the failing answer; None when the call goes on."""
    await asyncio.sleep(fault.hang)
    if fault.retry_after >= 0:
        body = {"ok": False, "error": "ratelimited"}
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response(body, status=429, headers=headers)
    if fault.status:
        return web.Response(status=fault.status, text="<html>trouble</html>")
    if fault.error:
        return web.json_response({"ok": False, "error": fault.error})
    return None


def break_off(request: web.Request) -> None:
    """Break the connection of a request without an answer."""
    if request.transport is not None:
        request.transport.abort()
