"""Serves the instance of benchmarks.live and sends it questions continuously."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.live_instance import ASKED, NAMES, configured, examples
from bot import logs
from bot.app.build import open_service
from bot.messages import Author, Message, Received, Say
from bot.ports import Responding

CALLERS, PAUSE, TICK = 4, 0.05, 0.005
"""Customers who ask at the same time; seconds between two of their questions, and between two
looks at the clock."""

_REPLY = re.compile(r"This is about (\w+), edition (\d+)\.")

_ARTICLE = re.compile(r"newspapers, edition (\d+)\.")


class Customers:
    """Ask, and count what comes back."""

    def __init__(self, responder: Responding) -> None:
        self._responder = responder
        self._numbers = itertools.count()
        self.stopped = False
        self.asked = self.answered = self.beside = 0
        self.editions: set[int] = set()
        self.lags: list[float] = []

    async def ask_on(self) -> None:
        """Ask one question after the other until it is over."""
        while not self.stopped:
            number = next(self._numbers)
            name = NAMES[number % len(NAMES)]
            text = examples(name)[number // len(NAMES) % 20]
            self.asked += 1
            said = await self._ask(f"bench:app:c{number}", text)
            self.answered += bool(said)
            found = _REPLY.search(said)
            self.beside += found is None or found[1] != name
            if found and int(found[2]) not in self.editions:
                if not self.editions:
                    self.lags.clear()  # what the first message of a process loads is no swap's
                self.editions.add(int(found[2]))
                print(json.dumps({"edition": int(found[2]), "at": time.time()}), flush=True)
            await asyncio.sleep(PAUSE)

    async def read_on(self) -> None:
        """Ask what the article answers until it is over, and tell when another edition does."""
        known = ""
        while not self.stopped:
            found = _ARTICLE.search(await self._ask("bench:app:reader", ASKED))
            if found and found[1] != known:
                known = found[1]
                print(json.dumps({"article": int(known), "at": time.time()}), flush=True)
            await asyncio.sleep(PAUSE)

    async def watch(self) -> None:
        """Note by how much the event loop is late."""
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            self.lags.append(time.perf_counter() - due)

    async def _ask(self, conversation: str, text: str) -> str:
        author, now = Author("bench:w:ann"), datetime.now(UTC)
        event = Received(Message(f"{conversation}:1", conversation, author, text, now))
        parts = [part async for part in self._responder.respond(event)]
        return "".join(part.markdown for part in parts if isinstance(part, Say))


async def serve(root: Path) -> None:
    """Serve until standard input ends, then print what was counted."""
    config = configured(root)
    async with open_service(config, {}, adapters=(), publish="auto") as service:
        customers = Customers(service.responder)
        watching = asyncio.create_task(customers.watch())
        async with asyncio.TaskGroup() as group:
            for _ in range(CALLERS):
                group.create_task(customers.ask_on())
            group.create_task(customers.read_on())
            await asyncio.to_thread(sys.stdin.read)
            customers.stopped = True
        watching.cancel()
        report(customers)


def report(customers: Customers) -> None:
    found = {
        "asked": customers.asked,
        "answered": customers.answered,
        "beside": customers.beside,
        "editions": len(customers.editions),
        "lag": max(customers.lags, default=0.0),
        "lag99": float(np.quantile(customers.lags, 0.99)),
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    logs.configure(level="WARNING")
    asyncio.run(serve(Path(sys.argv[1])))
