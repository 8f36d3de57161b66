"""An event loop that is busy with one message: alive for a while, and then given up."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.clock import SystemClock
from bot.delivery.postgres_inbox import PostgresInbox
from bot.storage import open_database
from tests.databases import postgres_schema
from tests.delivery.stuck_process import STALLED
from tests.delivery.support import received

_WATCHED = """
import asyncio, re, sys, time
from bot.clock import SystemClock
from bot.delivery.loop_watchdog import Watchdog
from bot.app.background import running

async def main():
    async with running(Watchdog(SystemClock(), limit=1.0)):
        await asyncio.sleep(0.1)
        {work}

asyncio.run(main())
"""


@pytest.mark.postgres
async def test_a_slow_message_does_not_make_its_worker_count_as_dead() -> None:
    async with (
        postgres_schema() as url,
        await open_database(url) as database,
        PostgresInbox(database, SystemClock(), stalled=STALLED) as inbox,
    ):
        await inbox.accept(received(1))
        stuck = await _stuck(url, 1.6 * STALLED)
        robbing = asyncio.create_task(inbox.claim())
        said, _ = await stuck.communicate()
        robbing.cancel()
        await asyncio.wait([robbing])

    assert said.endswith(b"finished\n")
    assert robbing.cancelled()


@pytest.mark.postgres
async def test_a_worker_that_stays_stuck_is_taken_over_and_fenced_off() -> None:
    async with (
        postgres_schema() as url,
        await open_database(url) as database,
        PostgresInbox(database, SystemClock(), stalled=STALLED) as inbox,
    ):
        await inbox.accept(received(1))
        stuck = await _stuck(url, 4.5 * STALLED)
        claim = await inbox.claim()
        said, _ = await stuck.communicate()
        await inbox.release(claim)

    assert (claim.interrupted, claim.interrupted_alone) == (1, 1)
    assert said.endswith(b"lost\n")


@pytest.mark.parametrize(
    "work",
    ["time.sleep(60)", "re.match(r'(a+)+$', 'a' * 60 + 'b')"],
    ids=["blocking call", "regular expression"],
)
async def test_a_process_whose_loop_has_stopped_ends_and_tells_where(work: str) -> None:
    ended, said = await _run(_WATCHED.format(work=work))

    assert ended == 1
    assert "in main" in said


async def test_a_process_whose_loop_turns_goes_on() -> None:
    ended, said = await _run(_WATCHED.format(work="await asyncio.sleep(1.5); print('fine')"))

    assert (ended, said) == (0, "fine\n")


async def _stuck(url: str, seconds: float) -> asyncio.subprocess.Process:
    """Start a worker, and wait until it has an event in hand."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.delivery.stuck_process",
        url,
        str(seconds),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"test:app:one:1\n"
    return process


async def _run(program: str) -> tuple[int | None, str]:
    """Run a program; return how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
