"""Writes of actions under kill -9 and lost replies: how often they took effect, and what was said.

    python -m benchmarks.actions [--backend sqlite|postgres|both] [--random 10] [--seed 0]

A customer has an order cancelled at a shop over loopback that keeps each request as one effect: it
forgives no request that comes twice, whatever its idempotency key. The desk is a process of its
own with the real inbox, outbox, worker, runner and settling job. It is killed with -9 before and
after each state is stored, while the shop has the request, before and after the effect, around
the post, and at random instants; the shop loses requests and replies, answers late or with an
error. Each with a `lookup` and without. Prints the counts; the exit code tells.
docs/benchmarks.md explains the figures.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from aiohttp import web

from benchmarks.actions_process import CHECKED, DONE, DONE_LATER, POINTS, TIMEOUT, Task
from benchmarks.actions_process import main as serve
from benchmarks.kills import kill_on_databases
from tests.databases import postgres_schema
from tests.delivery.processes import DeskProcess

AT_ONCE = 4
"""Scenes side by side."""

FAULTS = {
    "killed when the request arrives, no effect": "kill",
    "killed when the request arrives, effect afterwards": "kill, late effect",
    "killed after the effect": "effect, kill",
    "request lost": "drop",
    "reply lost": "effect, drop",
    "reply and first lookup lost": "effect, drop, drop lookup",
    "reply too late": "late effect",
    "error after the effect": "effect, error",
    "error without effect": "error",
    "nothing": "",
}
"""What the shop does with the first request."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One order, and what happens to the process and the request."""

    order: str
    what: str
    lookup: bool
    fault: str = ""
    dies: str = ""
    killed_after: float = 0.0


@dataclass
class Shop:
    """A shop in which each request that is not lost has its effect, also a repeated one."""

    place: str = ""
    effects: dict[str, list[str]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    processes: dict[str, DeskProcess] = field(default_factory=dict)
    lookups_lost: dict[str, int] = field(default_factory=dict)

    async def cancel(self, request: web.Request) -> web.Response:
        """Cancel an order, or fail as the scene has it."""
        order, key = request.match_info["order"], request.headers["Idempotency-Key"]
        waiting = self.faults.pop(order, [])
        if "drop lookup" in waiting:
            self.lookups_lost[key] = 1
        for step in waiting:
            match step:
                case "effect":
                    self.effects.setdefault(order, []).append(key)
                case "late effect":
                    await asyncio.sleep(TIMEOUT * 1.5)
                    self.effects.setdefault(order, []).append(key)
                    return web.json_response({})
                case "kill":
                    self.processes[order].kill()
                case "error":
                    return web.json_response({}, status=500)
                case "drop":
                    if request.transport is not None:
                        request.transport.abort()
        if not waiting:
            self.effects.setdefault(order, []).append(key)
        return web.json_response({})

    async def look_up(self, request: web.Request) -> web.Response:
        """Tell whether a key has had an effect."""
        key = request.match_info["key"]
        if self.lookups_lost.pop(key, 0):
            return web.json_response({}, status=500)
        return web.json_response({"found": any(key in each for each in self.effects.values())})


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a scene.

    Attributes:
        effects: How often the order was cancelled.
        confirmations: How often the customer read that it is.
        checked: The customer read that it is being checked.
    """

    scene: Scene
    effects: int
    confirmations: int
    checked: bool

    @property
    def holds(self) -> bool:
        """Whether the rule holds: once at most, exactly once with a lookup, and said once."""
        if self.scene.lookup:
            return (self.effects, self.confirmations) == (1, 1)
        told = self.confirmations == self.effects or (not self.confirmations and self.checked)
        return self.effects <= 1 and told


def scenes(count: int, seed: int) -> list[Scene]:
    """Return each point and fault, with and without a lookup, and random kills."""
    chance = random.Random(seed)  # noqa: S311 - instants, no secrets
    found = []
    for lookup in (True, False):
        found += [Scene("", f"killed: {point}", lookup, dies=point) for point in POINTS]
        found += [Scene("", what, lookup, fault=fault) for what, fault in FAULTS.items()]
        found += [
            Scene("", "killed at random", lookup, killed_after=chance.uniform(0.005, 0.12))
            for _ in range(count)
        ]
    return [replace(each, order=str(10_000 + number)) for number, each in enumerate(found)]


async def measure(backend: str, chosen: Sequence[Scene]) -> list[Result]:
    """Play scenes on a database, some at a time."""
    free = asyncio.Semaphore(AT_ONCE)
    with tempfile.TemporaryDirectory(prefix="frontdesk-actions-") as folder:
        async with opened_shop() as shop:
            return await asyncio.gather(
                *(_play(each, shop, backend, Path(folder), free) for each in chosen)
            )


async def _play(
    scene: Scene, shop: Shop, backend: str, folder: Path, free: asyncio.Semaphore
) -> Result:
    """Let one process be killed, and another one take up what it left."""
    async with free, opened_database(backend, folder / f"{scene.order}.db") as url:
        record = folder / scene.order
        if scene.fault:
            shop.faults[scene.order] = scene.fault.split(", ")
        task = Task(shop.place, scene.order, scene.lookup, scene.dies)
        process = await DeskProcess.start(partial(serve, task=task), url, record, 1)
        shop.processes[scene.order] = process
        if scene.killed_after:
            await asyncio.sleep(scene.killed_after)
            process.kill()
        await ended(process)
        if process.returncode:
            process = await DeskProcess.start(
                partial(serve, task=replace(task, dies="")), url, record, 1
            )
            shop.processes[scene.order] = process
            await ended(process)
        if process.returncode:
            raise SystemExit(f"{scene.what}: the second process ended with {process.returncode}")
        said = record.read_text()
        return Result(
            scene,
            len(shop.effects.get(scene.order, [])),
            sum(DONE in line or DONE_LATER in line for line in said.splitlines()),
            CHECKED in said,
        )


async def ended(process: DeskProcess) -> None:
    """Wait until a process has ended; in this thread, since others are started meanwhile."""
    while process.returncode is None:  # noqa: ASYNC110 - a process has no event here
        await asyncio.sleep(0.02)


@asynccontextmanager
async def opened_shop() -> AsyncIterator[Shop]:
    """Run the shop on a free port."""
    shop, application = Shop(), web.Application()
    application.router.add_post("/cancellations/{order}", shop.cancel)
    application.router.add_get("/lookups/{key}", shop.look_up)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    shop.place = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield shop
    finally:
        await runner.cleanup()


@asynccontextmanager
async def opened_database(backend: str, file: Path) -> AsyncIterator[str]:
    """Return the address of a database of its own."""
    if backend == "postgres":
        async with postgres_schema() as url:
            yield url
    else:
        yield f"sqlite:///{file}"


def report(backend: str, results: Sequence[Result]) -> str:
    """Return the figures for people."""
    lines = [f"{backend}: {len(results)} writes"]
    for lookup in (True, False):
        part = [each for each in results if each.scene.lookup is lookup]
        effects = Counter(each.effects for each in part)
        said = Counter(each.confirmations for each in part)
        checked = sum(each.checked for each in part)
        lines.append(
            f"  {'with' if lookup else 'without'} lookup: effects {_counted(effects)}; "
            f"confirmations {_counted(said)}; told that it is being checked: {checked}"
        )
    lines += [
        f"  BROKEN: {each.scene.what}, lookup {each.scene.lookup}: {each.effects} effects, "
        f"{each.confirmations} confirmations, checked: {each.checked}"
        for each in results
        if not each.holds
    ]
    return "\n".join(lines)


def _counted(counts: Counter[int]) -> str:
    return ", ".join(f"{number}: {count} writes" for number, count in sorted(counts.items()))


def _figures(backend: str, count: int, seed: int) -> tuple[str, bool]:
    results = asyncio.run(measure(backend, scenes(count, seed)))
    return report(backend, results), all(each.holds for each in results)


def main() -> int:
    """Read the command line and measure."""
    return kill_on_databases("benchmarks.actions", __doc__, _figures)


if __name__ == "__main__":
    sys.exit(main())
