"""An instance in its own process, which `benchmarks.delivery` kills.

    python -m benchmarks.delivery_worker --database URL --slack API_URL --model DIR [--unprotected]

The product as `frontdesk serve` runs it: the shipped intents, the Slack adapter, inbox and worker
on the database. With --unprotected the inbox is what a bot has that answers straight from memory.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig, Tokens
from bot import logs
from bot.app.build import ResponderBuilder
from bot.app.service import Service
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.delivery import Intake, Worker, open_inbox
from bot.messages import Event
from bot.ports import Backlog, Claim, EventOutcome, Inbox, StoredChange
from bot.publishing.bundle import load_bundle
from bot.storage import StoredTranscripts, open_database


class NullInbox:
    """No protection: nothing stored, nothing deduplicated, no order within a conversation."""

    def __init__(self) -> None:
        self._waiting: asyncio.PriorityQueue[tuple[int, int, Event]] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._again: set[asyncio.Task[None]] = set()

    async def accept(self, event: Event) -> bool:
        """Keep an event in memory, whether it was seen before or not."""
        self._put(event, urgency=1)
        return True

    async def claim(self) -> Claim:
        """Hand out whatever comes next, to whoever asks."""
        _, _, event = await self._waiting.get()
        return Claim(event, attempt=1, posted=(), token="")

    async def reserve(self, claim: Claim) -> None:
        """Store nothing."""

    async def checkpoint(self, claim: Claim, posted: Sequence[str]) -> None:
        """Remember nothing."""

    async def superseded(self, claim: Claim) -> None:  # noqa: ARG002 - a port
        """Wait in vain: each message is answered by itself."""
        await asyncio.Event().wait()

    async def amend(self, claim: Claim, change: StoredChange) -> None:
        """Change nothing."""

    async def finish(self, claim: Claim, outcome: EventOutcome) -> None:
        """Write nothing down."""

    async def release(self, claim: Claim) -> None:
        """Take an event back."""
        self._put(claim.event, urgency=0)

    async def retry(
        self,
        claim: Claim,
        reason: str,  # noqa: ARG002 - a port
        delay: float,
        *,
        ended: bool = True,  # noqa: ARG002 - a port
    ) -> None:
        """Take an event back after a while; its conversation does not wait for it."""
        waiting = asyncio.create_task(self._put_later(claim.event, delay))
        self._again.add(waiting)
        waiting.add_done_callback(self._again.discard)

    async def dead_letter(self, claim: Claim, reason: str) -> None:
        """Forget an event."""

    async def schedule(self, event: Event, at: datetime) -> None:
        """Forget it."""

    async def cancel(self, event_id: str) -> bool:  # noqa: ARG002 - a port
        """There is nothing to cancel."""
        return False

    async def backlog(self) -> Backlog:
        """Tell how many wait."""
        return Backlog(self._waiting.qsize(), 0.0)

    def _put(self, event: Event, *, urgency: int) -> None:
        self._waiting.put_nowait((urgency, next(self._numbers), event))

    async def _put_later(self, event: Event, delay: float) -> None:
        await asyncio.sleep(delay)
        self._put(event, urgency=0)


@asynccontextmanager
async def _forgetful() -> AsyncIterator[Inbox]:
    yield NullInbox()


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM."""
    config, clock = Config(model=options.model, intents=Path("intents")), SystemClock()
    desk = load_bundle(config)
    async with await open_database(options.database) as database:
        opening: AbstractAsyncContextManager[Inbox] = (
            _forgetful() if options.unprotected else open_inbox(database, clock)
        )
        async with opening as inbox:
            adapter = SlackAdapter(
                SlackConfig(api_url=options.slack), Tokens("xoxb-1-valid", "xapp-1-valid")
            )
            responder = ResponderBuilder(config, database, clock).build(desk)
            worker = Worker(
                inbox,
                responder,
                {"slack": adapter},
                concurrency=config.serve.concurrency,
                clock=clock,
            )
            reception = Intake(inbox, StoredTranscripts(database))
            service = Service([adapter], reception, worker, responder)
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
            await service.run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--slack", required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--unprotected", action="store_true")
    logs.configure(level="WARNING")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
