"""A desk that fills forms: a trained model, a database of its own, no platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.forms.definitions import Definitions
from bot.app.build import open_service
from bot.config.schema import Config, load_config
from bot.messages import Author, Decision, Done, Message, Offer, Readers, Received, Say
from bot.open_form import FormChange, OpenForm
from bot.ports import EventOutcome, Responding
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from bot.storage import Database, open_database
from bot.storage.forms import StoredForms, change_form
from bot.storage.transcripts import record

TODAY = datetime(2026, 11, 29, 12, tzinfo=UTC)
"""When everything is said: a Sunday."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a line.

    Attributes:
        form: The customer's form afterwards.
    """

    text: str
    buttons: tuple[str, ...]
    decision: Decision
    form: OpenForm | None


class FormDesk:
    """Answers lines of customers, each in a conversation of their own."""

    def __init__(self, responder: Responding, database: Database, bundle: Bundle) -> None:
        self._responder = responder
        self._database = database
        self._forms = StoredForms(database)
        self.definitions = Definitions(bundle.intents)
        self._said = 0

    async def form(self, where: str) -> OpenForm | None:
        """Return the open form of a customer."""
        return await self._forms.form(where, _author(where))

    async def open(self, form: OpenForm) -> None:
        """Store a form as it is."""
        await self._forms.change(FormChange(None, form), at=TODAY)

    def blank(self, where: str, intent: str) -> OpenForm:
        """Return a form that nothing is filled in."""
        digest = self.definitions.hash(intent)
        expires = TODAY + timedelta(hours=1)
        return OpenForm(where, where, _author(where), intent, digest, "en", expires)

    async def say(self, where: str, text: str, *, keeps: bool = True) -> Answered:
        """Answer a line.

        Args:
            where: The conversation, `terminal:a:NAME`.
            text: The line.
            keeps: Store what comes of it.
        """
        self._said += 1
        at = TODAY + timedelta(milliseconds=self._said)
        author = Author(_author(where))
        message = Message(f"{where}:{self._said}", where, author, text, at, readers=Readers.AUTHOR)
        event = Received(message)
        before = await self.form(where)
        parts = [part async for part in self._responder.respond(event)]
        (done,) = (part for part in parts if isinstance(part, Done))
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        offers = [part for part in parts if isinstance(part, Offer)]
        change = done.form
        if keeps:
            outcome = EventOutcome(done.decision, said)
            await self._database.write(lambda it: record(it, [(event, outcome)], at))
            if change is not None:
                kept = change
                await self._database.write(lambda it: change_form(it, kept, at=at))
        buttons = tuple(button.label for offer in offers for button in offer.buttons)
        after = before if change is None else change.after
        if done.state is not None:  # a person takes over: forms end
            after = None
        return Answered(said, buttons, done.decision, after)


@asynccontextmanager
async def open_desk(intents: Path) -> AsyncIterator[FormDesk]:
    """Train a desk on a folder of intents, and open it over a database of its own."""
    with TemporaryDirectory() as folder:
        config = _configured(Path(folder), intents)
        await asyncio.to_thread(train_everything, config)
        url, bundle = f"sqlite:///{folder}/desk.db", load_bundle(config)
        async with (
            open_service(config, {}, adapters=(), database_url=url, bundle=bundle) as service,
            await open_database(url) as database,
        ):
            assert service.responder is not None  # noqa: S101 - this process answers
            yield FormDesk(service.responder, database, bundle)


def _configured(folder: Path, intents: Path) -> Config:
    path = folder / "config.yaml"
    path.write_text(
        f"intents: {intents}\nmodel: model\nlanguage: {{served: {SERVED}}}\n"
        "serve: {stale_after: 0, rate_limit: false}\n",
        "utf-8",
    )
    return load_config(path, {})


SERVED = "[en, de, zh, nl, fr, es]"


def _author(where: str) -> str:
    return f"terminal:{where.rpartition(':')[2]}:customer"
