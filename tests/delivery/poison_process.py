"""A desk that a message can kill.

Takes in COUNT messages, each of a conversation of its own, answers them into the file RECORD, and
dies by SIGKILL whenever it handles the one that says "poison". Exits when nothing is left to do.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.answering.wording import BUILT_IN, BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.delivery import Worker
from bot.messages import Event, Part
from bot.responder import Responder
from bot.staff.dead_letter_notice import DeadLetterNotice
from bot.storage import StoredTranscripts, open_database
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.platform import Echo
from tests.delivery.support import received
from tests.delivery.worker_process import FileAdapter, anything_left, quick_inbox


class Killed(Echo):
    """Kills its process over one message, once its neighbours are in hand as well."""

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        await asyncio.sleep(0.05)
        if event.message.text == "poison":
            os.kill(os.getpid(), signal.SIGKILL)
        async for part in super().respond(event):
            yield part


async def main(url: str, record: Path, count: int, ready: Callable[[], None]) -> None:
    """Take in, answer, and leave when everything is answered or given up."""
    clock = SystemClock()
    async with (
        await open_database(url) as database,
        quick_inbox(database, clock, pause=0.2) as inbox,
    ):
        wording = BotWording(ResponderConfig(), "en")
        apology = Responder(
            [DeadLetterNotice(LanguageDetector(BUILT_IN["given_up"]), wording)],
            transcripts=StoredTranscripts(database),
            wording=wording,
            clock=clock,
            default_language="en",
        )
        for number in range(count):
            text = "poison" if number == count // 2 else ""
            await inbox.accept(received(number, f"test:app:{number}", text=text))
        worker = Worker(
            inbox,
            Killed(),
            {"test": FileAdapter(record, count)},
            concurrency=8,
            clock=clock,
            apology=apology,
        )
        working = asyncio.create_task(worker.run())
        ready()
        while await anything_left(database):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.01)
        await worker.stop()
        await working
