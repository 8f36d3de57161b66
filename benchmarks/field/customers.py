"""Measures which messages of customers reach a person, at the shop that Frontdesk ships."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.field.reading import Line, entries
from bot.app.build import open_service
from bot.config.schema import Config, load_config
from bot.messages import Author, DecisionKind, Done, Message, Received
from bot.ports import Responding
from bot.publishing.train import train_everything

SHOP = Path(__file__).parents[2] / "intents"


def customer_lines(part: str) -> Iterator[Line]:
    """Count the wishes for a person that are handed over, and the look-alikes that are."""
    read = entries(part, "customer_lines")
    brought = asyncio.run(_brought(each["text"] for each in read))
    for name, wanted in (("wishes handed over", True), ("look-alikes handed over", False)):
        of_kind = [(e, b) for e, b in zip(read, brought, strict=True) if e["person"] is wanted]
        wrong = tuple(f"{e['id']} ({e['language']})" for e, hit in of_kind if hit is not wanted)
        yield Line(name, tuple(hit for _, hit in of_kind), wrong)


async def _brought(texts: Iterable[str]) -> list[bool]:
    """Ask the responder of a new shop, each time as a customer who has said nothing before."""
    with TemporaryDirectory() as folder:
        config = _shop(Path(folder))
        await asyncio.to_thread(train_everything, config)
        database = f"sqlite:///{folder}/desk.db"
        async with open_service(config, {}, adapters=(), database_url=database) as service:
            return [
                await _brings(service.responder, f"terminal:a:c{number}", text)
                for number, text in enumerate(texts)
            ]


def _shop(folder: Path) -> Config:
    path = folder / "config.yaml"
    path.write_text(f"intents: {SHOP}\nmodel: model\n", encoding="utf-8")
    return load_config(path, {})


async def _brings(responder: Responding, where: str, text: str) -> bool:
    message = Message(f"{where}:1", where, Author(f"terminal:{where}"), text, datetime.now(UTC))
    parts = [part async for part in responder.respond(Received(message))]
    decision = next(part.decision for part in parts if isinstance(part, Done))
    return any(part.kind is DecisionKind.HANDOFF for part in decision.parts)
