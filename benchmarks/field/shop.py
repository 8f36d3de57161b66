"""A running instance of an example desk, asked as customers ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app.build import open_service
from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.instance import ScriptedPlatform
from bot.clock import SystemClock
from bot.config.schema import Config, LanguageConfig, load_config
from bot.messages import (
    Author,
    Choice,
    Decision,
    DecisionKind,
    Event,
    Message,
    Readers,
    Received,
    ScoredIntent,
)
from bot.ports import EventOutcome
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from bot.storage import Database, StoredButtons, open_database
from bot.storage.transcripts import record

SHOP = Path(__file__).parents[2] / "intents"
LANGUAGES = ("en", "zh", "de", "fr", "es", "it", "nl", "pt-BR", "pl", "ja", "tr")


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer's next message in a conversation of their own."""

    conversation: str
    text: str
    number: int = 1


class Shop:
    """The instance, and its database."""

    def __init__(
        self, platform: ScriptedPlatform, database: Database, bundle: Bundle, config: Config
    ) -> None:
        self._platform = platform
        self._database = database
        self.bundle = bundle
        self._config = config

    async def ask(self, asked: Asked) -> Reply:
        """Return what comes of a message."""
        event = Received(message(asked))
        return (await self._platform.send(event)).reply()

    async def send(self, event: Event) -> Reply:
        """Return what comes of another event than a message."""
        return (await self._platform.send(event)).reply()

    async def neither(self, reply: Reply) -> str | None:
        """Return the button that says that none of the offered intents is meant, if any."""
        buttons = StoredButtons(self._database, SystemClock())
        for each in reply.buttons:
            choice = await buttons.choice(each.id)
            if choice is not None and choice.kind == "neither":
                return each.id
        return None

    async def has_asked(self, conversation: str, intents: Sequence[str], kind: DecisionKind) -> str:
        """Record that a first message was answered with buttons; return the text of the answer.

        Args:
            conversation: Where.
            intents: What the buttons stand for; "neither of these" follows when asked back.
            kind: `CLARIFY`, or that of an answer that suggests next steps.
        """
        asked = message(Asked(conversation, "hm, about my order", 0))
        titles = self.bundle.intents.by_name
        options = [
            (next(iter((titles[name].entry.title or {"en": name}).values())), name)
            for name in intents
        ]
        choices = [(title, Choice("intent", name, asked.text, "en")) for title, name in options]
        if kind is DecisionKind.CLARIFY:
            choices.append(("Neither of these", Choice("neither", "", asked.text, "en")))
        await StoredButtons(self._database, SystemClock()).offer(asked.id, choices)
        ranked = tuple(ScoredIntent(name, 0.6) for name in intents)
        decision = Decision(f"d:{asked.id}", asked.id, kind, ranked, language="en")
        text = "Is it about one of these?"
        now = datetime.now(UTC)
        outcome = EventOutcome(decision, text)
        await self._database.write(partial(record, answered=[(Received(asked), outcome)], at=now))
        return text


@asynccontextmanager
async def open_shop(
    intents: Path = SHOP, served: Sequence[str] | None = LANGUAGES
) -> AsyncIterator[Shop]:
    """Train a desk and run it, over a database of its own.

    Args:
        intents: Folder of intents and articles.
        served: The languages that are answered in; None: as the intents have it.
    """
    with TemporaryDirectory() as folder:
        config = configured(Path(folder), intents, served)
        await asyncio.to_thread(train_everything, config)
        async with running(config, f"sqlite:///{folder}/desk.db") as shop:
            yield shop


@asynccontextmanager
async def running(config: Config, url: str) -> AsyncIterator[Shop]:
    """Run a desk that is trained, over a database."""
    bundle, platform = await asyncio.to_thread(load_bundle, config), ScriptedPlatform("terminal")
    async with (
        open_service(config, {}, adapters=[platform], database_url=url, bundle=bundle) as service,
        await open_database(url) as database,
    ):
        serving = asyncio.create_task(service.run())
        try:
            yield Shop(platform, database, bundle, config)
        finally:
            service.stop()
            await serving


def configured(folder: Path, intents: Path, served: Sequence[str] | None) -> Config:
    """Return the configuration of a desk in a folder.

    Args:
        folder: For its model.
        intents: Folder of intents and articles.
        served: The languages that are answered in; None: as the intents have it.
    """
    path = folder / "config.yaml"
    path.write_text(f"intents: {intents}\nmodel: model\n", encoding="utf-8")
    config = load_config(path, {})
    serving = {"concurrency": 1, "port": 0, "rate_limit": False}
    changed: dict[str, object] = {"serve": config.serve.model_copy(update=serving)}
    if served is not None:
        changed["language"] = LanguageConfig(default="en", served=tuple(served))
    return config.model_copy(update=changed)


def message(asked: Asked) -> Message:
    """Return the message that a customer writes."""
    place = f"terminal:local:{asked.conversation}"
    author = Author(f"terminal:local:{asked.conversation}")
    return Message(
        f"{place}:{asked.number}",
        place,
        author,
        asked.text,
        datetime.now(UTC),
        readers=Readers.AUTHOR,
    )
