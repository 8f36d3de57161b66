"""Asks a desk one question, in a process of its own, and prints what the customer reads.

python -m tests.end_to_end.asking_process CONFIG QUESTION
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.app.build import open_service
from bot.config.schema import load_config
from bot.messages import Author, Message, Received, Say


async def ask(path: Path, question: str) -> None:
    author = Author("terminal:local:ann")
    message = Message("terminal:a:c:1", "terminal:a:c", author, question, datetime.now(UTC))
    async with open_service(load_config(path, {}), {}, adapters=()) as service:
        async for part in service.responder.respond(Received(message)):
            if isinstance(part, Say):
                print(part.markdown, end="")


if __name__ == "__main__":
    asyncio.run(ask(Path(sys.argv[1]), sys.argv[2]))
