"""Answers questions in its own process and prints time and memory, for benchmarks.serving."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.config.schema import ClassifierConfig, Config
from bot.messages import Addressing, Author, Message, Received


def desk_config(root: Path, encoder: str = "embedded") -> Config:
    return Config(
        classifier=ClassifierConfig(encoder=encoder),
        intents=root / "intents",
        model=root / "model",
        database=f"sqlite:///{root}/frontdesk.db",
    )


def question(number: int, text: str) -> Received:
    return Received(
        Message(
            id=f"bench:app:c{number}:1",
            conversation=f"bench:app:c{number}",
            author=Author("bench:w:ann", "Ann"),
            text=text,
            attachments=(),
            sent_at=datetime.now(UTC),
            addressing=Addressing.DIRECT,
        )
    )


async def answer(root: Path, began: float, encoder: str, questions: list[str]) -> dict[str, float]:
    """Decide about questions as `frontdesk serve` does, without a platform."""
    from bot.app.build import open_service

    async with open_service(desk_config(root, encoder), {}, adapters=()) as service:
        ready = time.time() - began
        for number, text in enumerate(questions):
            async for _ in service.responder.respond(question(number, text)):
                pass
        heavy = {"torch", "transformers"} & set(sys.modules)
        return {"ready": ready, "megabytes": resident(), "torch": len(heavy)}


def resident() -> float:
    """Return the memory of this process that is in use, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    measured = asyncio.run(answer(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:]))
    print(json.dumps(measured))
