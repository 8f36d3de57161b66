"""A desk in a terminal with scripted answers: `python -m tests.terminal.desk FOLDER`.

Everything is real but the words: the adapter, the service, the inbox and its database.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from adapters.terminal import plugin
from adapters.terminal.plugin import TerminalConfig
from bot import logs
from bot.app.service import Service
from bot.cli.lifecycle import run_until_stopped
from bot.clock import SystemClock
from bot.delivery.intake import Intake
from bot.delivery.sqlite_inbox import SqliteInbox
from bot.delivery.worker import Worker
from bot.messages import (
    Button,
    Cite,
    Decision,
    DecisionKind,
    Done,
    Event,
    Offer,
    Part,
    Pressed,
    Say,
    ScoredIntent,
    ScoredPassage,
    Source,
)
from bot.storage.engine import open_database
from bot.storage.transcripts import StoredTranscripts

SCRIPT: dict[str, Sequence[Part]] = {
    "hello": [Say("Hello! "), Say("How can I help?")],
    "choices": [
        Say("Which one?"),
        Offer((Button("b1", "Track my order"), Button("b2", "Return something"))),
    ],
    "long": [
        Say("# Returns\n\nSend it **back** within 30 "),
        Say("days.\n\n1. Fill in the form.\n2. Stick on the "),
        Say("label.\n\n```\ncode  kept\n\nas it is\n```\n\n" + "A sentence of some words. " * 8),
        Cite((Source("Returns", "https://example.com/returns"),)),
    ],
    "中文": [Say("您可以在三十天内**退货**。"), Say("运费由我们承担。" * 12)],
    "escape": [Say("red \x1b[31mtext\x07")],
    "silence": [],
}


class ScriptedResponder:
    """Answers what stands in the script, presses with the button's id, `break` never."""

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        """Yield the scripted parts and a decision."""
        text = event.message.text
        if text == "break":
            raise RuntimeError("broken on purpose")
        if isinstance(event, Pressed):
            yield Say(f"You pressed {event.button}: {text}.")
        else:
            for part in SCRIPT.get(text, [Say(f"You said: {text}")]):
                await asyncio.sleep(0.01)
                yield part
        yield Done(
            Decision(
                id=f"d:{event.message.id}",
                message_id=event.message.id,
                kind=DecisionKind.INTENT,
                intents=(ScoredIntent("track_order", 0.91), ScoredIntent("return_item", 0.06)),
                threshold=0.55,
                passages=(ScoredPassage("returns.md#How", 0.44),),
                reasons=("track_order at 0.91 reaches 0.55",),
                milliseconds={"understand": 3.2},
            )
        )


async def main(folder: Path, patience: float) -> None:
    """Serve this terminal until its input ends."""
    logs.configure(level="CRITICAL")
    section = TerminalConfig(
        history=folder / "history", patience=patience, welcome="**Desk**: type something"
    )
    adapter = plugin.build(section, os.environ)
    clock = SystemClock()
    async with (
        await open_database(f"sqlite:///{folder / 'desk.db'}") as database,
        SqliteInbox(database, clock) as inbox,
    ):
        responder = ScriptedResponder()
        worker = Worker(inbox, responder, {"terminal": adapter}, concurrency=2, clock=clock)
        reception = Intake(inbox, StoredTranscripts(database))
        await run_until_stopped(Service([adapter], reception, worker, responder))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 10.0))
