"""A worker that claims one event and falls asleep over it: `... sleeper_process URL`.

Prints what it claimed, waits for a line, tries to finish, and prints what came of that.
"""

from __future__ import annotations

import asyncio
import sys

from bot.clock import SystemClock
from bot.delivery.postgres_inbox import PostgresInbox
from bot.errors import ClaimLost
from bot.storage import open_database
from tests.delivery.support import outcome


async def main(url: str) -> None:
    """Claim, sleep, finish."""
    async with (
        await open_database(url) as database,
        PostgresInbox(database, SystemClock(), stalled=1.0) as inbox,
    ):
        claim = await inbox.claim()
        print(claim.event.message.id, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        try:
            await inbox.finish(claim, outcome(claim.event, "late"))
        except ClaimLost:
            print("lost", flush=True)
        else:
            print("finished", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
