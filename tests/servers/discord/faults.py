"""What goes wrong on purpose: errors, rate limits and requests that hang."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.servers.discord.answers import answer

VIA = {"Via": "1.1 google"}
"""Without it discord.py takes a 429 for a ban by the network in front of Discord."""


@dataclass
class Fault:
    """Answers the next requests to a path in its own way.

    Attributes:
        method, path: Which requests; the path is a regular expression, searched.
        status: What they get; 0 hangs until the client leaves.
        after: Let the request take effect first: only its answer is lost.
        times: How many requests suffer.
        code: Discord's own code of the error.
    """

    method: str
    path: str
    status: int
    after: bool = False
    times: int = 1
    code: int = 0

    def strikes(self, request: web.Request) -> bool:
        """Tell whether a request suffers, and count it."""
        hit = (
            self.times > 0
            and request.method == self.method
            and re.search(self.path, request.path) is not None
        )
        self.times -= hit
        return hit

    async def answer(self) -> web.Response:
        """Answer a request that suffers."""
        if self.status == 0:
            await asyncio.Event().wait()
        if self.status == 429:
            return too_many(0.05)
        body = {"message": f"{self.status}: fault", "code": self.code}
        return answer(body, status=self.status)


@dataclass
class Flaky(Fault):
    """Answers a share of the requests to a path in its own way, at random.

    Attributes:
        share: Of the requests that suffer.
        chance: Draws them.
    """

    share: float = 0.05
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - faults

    def strikes(self, request: web.Request) -> bool:
        """Tell whether a request suffers."""
        fits = request.method == self.method and re.search(self.path, request.path) is not None
        return fits and self.chance.random() < self.share


@dataclass
class RateLimit:
    """So many requests to one route and channel within a window of seconds."""

    limit: int
    window: float
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def headers(self, bucket: str) -> Mapping[str, str] | None:
        """Count a request; return its headers, or None when it is one too many."""
        now = time.monotonic()
        since, used = self._windows.get(bucket, (now, 0))
        if now - since >= self.window:
            since, used = now, 0
        if used >= self.limit:
            return None
        self._windows[bucket] = (since, used + 1)
        left = self.window - (now - since)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - used - 1),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": re.sub(r"\d{6,}", "", bucket).strip("/").replace("/", "-"),
        }


def too_many(retry_after: float) -> web.Response:
    """Answer 429 as Discord does."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
    headers = {**VIA, "Retry-After": str(retry_after)}
    return answer(body, status=429, headers=headers)
