"""Forms under kill -9: a customer reads each question and the reply once, and the form goes on.

    python -m benchmarks.form_kills [--backend sqlite|postgres|both] [--random 10] [--seed 0]

The desk is a process of its own with the real inbox, outbox, worker, stages of forms and storage.
A customer asks for something, writes a line that is no answer, then what is asked for, confirms,
and writes the code that the shop mails. For each line the process is killed with -9 before it is
read, before the answer is posted, and between the post and the end of the event, which stores the
form; also around the mail, while the question of a form that goes on in private is delivered, and
at random instants. Another process takes up what is left. What the customer reads must be what
they read from one that is never killed, and one code is mailed: where it was lost, once they ask
for another one. The exit code tells.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.actions import ended, opened_database
from benchmarks.form_kills_process import DELIVERING, LINES, MAILING, POINTS, Walk, mailed
from benchmarks.form_kills_process import main as serve
from benchmarks.kills import kill_on_databases
from tests.delivery.processes import DeskProcess

AT_ONCE = 4
"""Scenes side by side."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One customer, and when the process is killed.

    Attributes:
        killed_after: Seconds after which it is killed from outside; 0: it kills itself.
    """

    walk: Walk
    killed_after: float = 0.0

    @property
    def name(self) -> str:
        """What happens, for people."""
        when = self.walk.dies or (f"{self.killed_after:.3f} s" if self.killed_after else "never")
        return f"{'in a channel' if self.walk.public else 'in private'}, killed: {when}"


@dataclass(frozen=True, slots=True)
class Result:
    """What the customer read in a scene, and in the one without a kill."""

    scene: Scene
    read: tuple[str, ...]
    expected: tuple[str, ...]
    killed: bool
    mails: int = 1

    @property
    def holds(self) -> bool:
        """Whether everything was read and mailed once, in order, and the kill took place."""
        wanted = bool(self.scene.walk.dies)
        once = self.read == self.expected and self.mails == 1
        return once and (self.killed or not wanted)


def scenes(count: int, seed: int) -> list[Scene]:
    """Return a kill at each point of each line, and at random instants."""
    chance = random.Random(seed)  # noqa: S311 - instants, no secrets
    points = [f"{point} {number}" for number in range(len(LINES)) for point in POINTS]
    points += MAILING
    found = [Scene(Walk(dies=point)) for point in points]
    found += [Scene(Walk(public=True, dies=f"{point} 0")) for point in (*POINTS, *DELIVERING)]
    found += [
        Scene(Walk(public=bool(number % 2)), chance.uniform(0.02, 0.4)) for number in range(count)
    ]
    return found


async def measure(backend: str, chosen: Sequence[Scene]) -> list[Result]:
    """Play scenes on a database, some at a time."""
    free = asyncio.Semaphore(AT_ONCE)
    with tempfile.TemporaryDirectory(prefix="frontdesk-forms-") as folder:
        never = [Scene(Walk(public=public)) for public in (False, True)]
        played = await asyncio.gather(
            *(
                _play(each, backend, Path(folder, str(number)), free)
                for number, each in enumerate([*never, *chosen])
            )
        )
    expected = {public: played[public][0] for public in (False, True)}
    return [
        Result(scene, read, expected[scene.walk.public], killed, mails)
        for scene, (read, killed, mails) in zip(chosen, played[len(never) :], strict=True)
    ]


async def _play(
    scene: Scene, backend: str, record: Path, free: asyncio.Semaphore
) -> tuple[tuple[str, ...], bool, int]:
    """Let one process be killed, and another one take up what it left; return what was read."""
    async with free, opened_database(backend, record.with_suffix(".db")) as url:
        walk = scene.walk
        process = await DeskProcess.start(partial(serve, walk=walk), url, record, 1)
        if scene.killed_after:
            await asyncio.sleep(scene.killed_after)
            process.kill()
        await ended(process)
        killed = bool(process.returncode)
        if killed:
            alive = partial(serve, walk=Walk(walk.public))
            process = await DeskProcess.start(alive, url, record, 1)
            await ended(process)
        if process.returncode:
            raise SystemExit(f"{scene.name}: the second process ended with {process.returncode}")
        return _lines(record), killed, len(mailed(record))


def _lines(record: Path) -> tuple[str, ...]:
    """Return what was read, but for the answer to who asked for another code."""
    asked_again = f":{len(LINES)}\t"
    return tuple(line for line in record.read_text().splitlines() if asked_again not in line)


def report(backend: str, results: Sequence[Result]) -> str:
    """Return the figures for people."""
    held = sum(each.holds for each in results)
    once = "each question, reply and code once"
    lines = [f"{backend}: {len(results)} forms, {once}: {held}"]
    for each in results:
        if not each.holds:
            lines.append(f"  BROKEN: {each.scene.name}, codes mailed: {each.mails}")
            lines += [f"    {line}" for line in each.read]
    return "\n".join(lines)


def _figures(backend: str, count: int, seed: int) -> tuple[str, bool]:
    results = asyncio.run(measure(backend, scenes(count, seed)))
    return report(backend, results), all(each.holds for each in results)


def main() -> int:
    """Read the command line and measure."""
    return kill_on_databases("benchmarks.form_kills", __doc__, _figures)


if __name__ == "__main__":
    sys.exit(main())
