"""Leaves an answer of GPT before its end, in a process of its own; prints how much was read.

python -m tests.end_to_end.abandoning_process CONFIG URL HOW

HOW: `close` the stream after its first part, `cancel` whoever reads it, or `leave` it as it is.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.app.build import open_service
from bot.config.schema import load_config
from bot.delivery.posting import ReplyRecorder
from bot.messages import Author, Message, Received, Say
from bot.ports import Responding
from tests.end_to_end.conftest import own_words

QUESTION = "what does it cost to rent a tent for two"


def message() -> Message:
    """Return the question."""
    author = Author("terminal:local:ann")
    return Message("terminal:a:c:1", "terminal:a:c", author, QUESTION, datetime.now(UTC))


async def read(responder: Responding, parts: int, reached: asyncio.Event) -> int:
    """Read some parts of an answer, or all of them; close it in the end."""
    found = 0
    async with aclosing(ReplyRecorder(responder.respond(Received(message())))) as tee:
        async for part in tee:
            found += isinstance(part, Say)
            if found:
                reached.set()
            if found == parts:
                break
    return found


async def main(path: Path, url: str, how: str) -> None:
    config = load_config(path, {})
    config = config.model_copy(update={"gpt": own_words(url)})
    folder = path.parent / f"desk-{how}.db"
    async with open_service(config, {}, adapters=(), database_url=f"sqlite:///{folder}") as service:
        reached = asyncio.Event()
        if how == "leave":
            left = service.responder.respond(Received(message()))
            print(type(await anext(left)).__name__)
            return
        if how == "close":
            print(await read(service.responder, 1, reached))
            return
        reading = asyncio.create_task(read(service.responder, -1, reached))
        await reached.wait()  # the model server has said a sentence and hangs
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        print("cancelled")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
