"""The bot of the after-sales tasks: trained on its intents, running over the shop in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.after_sales.actions import Reads
from benchmarks.after_sales.database import ShopDatabase
from benchmarks.after_sales.proof import InMemoryShop
from benchmarks.after_sales.write_actions import WriteActions
from bot.answering.actions import ActionCaller
from bot.app.build import open_service
from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.instance import ScriptedPlatform
from bot.clock import SystemClock
from bot.config.schema import Config, load_config
from bot.messages import Author, Choice, Event, Message, Pressed, Readers, Received
from bot.open_form import OpenForm
from bot.publishing.bundle import load_bundle
from bot.publishing.train import train_everything
from bot.storage import Database, StoredButtons, open_database
from bot.storage.forms import StoredForms
from bot.storage.tables import events

INTENTS = Path(__file__).parent / "intents"

_PLATFORM = "terminal"
_POLL = 0.002
"""Seconds."""


class Instance:
    """The running bot, its shop, and what customers see of both.

    Args:
        platform: Hands messages in.
        database: Of the bot.
        shop: The shop's database.
    """

    def __init__(self, platform: ScriptedPlatform, database: Database, shop: ShopDatabase) -> None:
        self._platform = platform
        self._database = database
        self._forms = StoredForms(database)
        self._buttons = StoredButtons(database, SystemClock())
        self.shop = shop
        self._said = 0

    async def say(self, conversation: str, text: str) -> Reply:
        """Send a message of a customer."""
        return await self._send(Received(self._message(conversation, text)))

    async def press(self, conversation: str, button: str) -> Reply:
        """Press a button."""
        return await self._send(Pressed(self._message(conversation, ""), button))

    async def form(self, conversation: str) -> OpenForm | None:
        """Return the form that is open in a conversation."""
        place = _place(conversation)
        return await self._forms.form(place, place)

    async def meaning(self, button: str) -> Choice | None:
        """Return what a button does."""
        return await self._buttons.choice(button)

    async def _send(self, event: Event) -> Reply:
        reply = (await self._platform.send(event)).reply()
        count = select(func.count(events.c.id))
        while await self._database.query(lambda it: it.scalar(count)):  # noqa: ASYNC110 - a table
            await asyncio.sleep(_POLL)  # the form is stored when the event is finished
        return reply

    def _message(self, conversation: str, text: str) -> Message:
        self._said += 1
        place, now = _place(conversation), datetime.now(UTC)
        return Message(
            f"{place}:{self._said}", place, Author(place), text, now, readers=Readers.AUTHOR
        )


def _place(conversation: str) -> str:
    return f"{_PLATFORM}:local:{conversation}"


@asynccontextmanager
async def running(folder: Path, shop: ShopDatabase) -> AsyncIterator[Instance]:
    """Train the bot, unless the folder has its model, and run it.

    Args:
        folder: For the model and the bot's database.
        shop: The shop's database.
    """
    config = _configured(folder)
    if not (config.model / "current").exists():
        await asyncio.to_thread(train_everything, config)
    bundle = await asyncio.to_thread(load_bundle, config)
    url = f"sqlite:///{folder}/{datetime.now(UTC):%H%M%S%f}.db"
    platform = ScriptedPlatform(_PLATFORM)
    functions = {**Reads(shop).functions(), **WriteActions(shop).functions()}
    stand_in = InMemoryShop(ActionCaller({}, SystemClock(), python=functions))
    async with (
        open_service(
            config,
            {},
            adapters=[platform],
            database_url=url,
            bundle=bundle,
            live=True,
            shop=stand_in,
        ) as service,
        await open_database(url) as database,
    ):
        serving = asyncio.create_task(service.run())
        try:
            yield Instance(platform, database, shop)
        finally:
            service.stop()
            await serving


def _configured(folder: Path) -> Config:
    path = folder / "config.yaml"
    text = f"intents: {INTENTS}\nmodel: model\n"
    path.write_text(text, encoding="utf-8")
    config = load_config(path, {})
    serving = {"concurrency": 1, "port": 0, "rate_limit": False, "greeting_wait": 0.0}
    return config.model_copy(update={"serve": config.serve.model_copy(update=serving)})
