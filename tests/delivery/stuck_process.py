"""A worker that blocks its event loop over one event: `... stuck_process URL SECONDS`.

Prints what it claimed, then gives the loop no turn for so long, tries to finish, and prints what
came of that.
"""

from __future__ import annotations

import asyncio
import sys
import time

from bot.clock import SystemClock
from bot.delivery.postgres_inbox import PostgresInbox
from bot.errors import ClaimLost
from bot.storage import open_database
from tests.delivery.support import outcome

STALLED = 1.0


async def main(url: str, seconds: float) -> None:
    """Claim, block, finish."""
    async with (
        await open_database(url) as database,
        PostgresInbox(database, SystemClock(), stalled=STALLED) as inbox,
    ):
        claim = await inbox.claim()
        print(claim.event.message.id, flush=True)
        time.sleep(seconds)  # noqa: ASYNC251 - what a slow message does
        try:
            await inbox.finish(claim, outcome(claim.event, "late"))
        except ClaimLost:
            print("lost", flush=True)
        else:
            print("finished", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
