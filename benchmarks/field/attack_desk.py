"""A desk with a real shop, in which people try to get at what is not theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from benchmarks.field.attack_model import ObedientModel
from bot.app.build import open_service
from bot.app.conversation_tests.collecting import Reply, ReplyCollector
from bot.app.conversation_tests.instance import ScriptedPlatform, TestClock
from bot.config.proof import ProofConfig
from bot.config.schema import Config, GptConfig
from bot.messages import (
    Addressing,
    Author,
    Choice,
    Deleted,
    Edited,
    Event,
    Message,
    Part,
    Readers,
    Received,
    Visibility,
)
from bot.open_form import OpenForm
from bot.ports import Posting
from bot.publishing.bundle import Bundle
from bot.storage import Database, StoredButtons, open_database
from bot.storage.forms import StoredForms
from bot.storage.proofs import StoredProofs
from bot.storage.tables import events
from examples.shop import RunningShop, running_shop
from tests.servers.openai_protocol import completions

TOKEN = "the shop's"  # noqa: S105 - of a shop on the loopback interface
PRIVATE = ("slack_dm", "discord_dm")

_CHANNELS = {"slack_dm": "D", "slack_channel": "C1", "slack_thread": "C2"}
_CHANNELS |= {"discord_dm": "8", "discord_channel": "5"}
_INSISTING = 90
"""Position of a button that the bot has not offered itself."""

_PATIENCE = 200
"""Looks at the inbox until it is given up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody was shown: in answer to whom, where, and for whose eyes."""

    by: str
    place: str
    reply: Reply

    def is_seen_by(self, account: str) -> bool:
        """Return whether an account reads it."""
        alone = self.place in PRIVATE or self.reply.shown <= {Visibility.PRIVATE}
        return self.by == account or not alone

    @property
    def text(self) -> str:
        """All of it that can be read."""
        sources = [part for each in self.reply.sources for part in (each.title, each.url)]
        return "\n".join([self.reply.text, *(each.label for each in self.reply.buttons), *sources])


class AttackClock(TestClock):
    """A clock that is moved; nobody waits for it."""

    async def sleep(self, seconds: float) -> None:
        """Wait a moment."""
        await asyncio.sleep(min(seconds, 0.02))


class AttackedPlatform(ScriptedPlatform):
    """A platform on which people have accounts, some with an address that it verified."""

    def __init__(self, name: str, accounts: Mapping[str, Any]) -> None:
        super().__init__(name)
        self._accounts = accounts
        self._waited_for: set[str] = set()
        self.others: list[tuple[Event, Reply]] = []

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Keep a reply, also one that nobody waits for, as to a message that was edited."""
        if posting.event.message.id in self._waited_for:
            await super().post(posting, parts)
            return
        collector = ReplyCollector()
        async for _ in collector.passing(parts):
            pass
        await posting.reserve()
        await posting.remember(posting.event.message.id)
        self.others.append((posting.event, collector.reply()))

    async def send(self, event: Event) -> ReplyCollector:
        """Hand an event in and return what came of it; of an edit or a deletion, nothing yet."""
        if not isinstance(event, Edited | Deleted):
            self._waited_for.add(event.message.id)
            try:
                return await super().send(event)
            finally:
                self._waited_for.discard(event.message.id)
        if self._accept is not None:
            await self._accept(event)
        return ReplyCollector()

    async def verified_email(self, author: str) -> str:
        """Return the address of an account; Discord tells bots none."""
        account = self._accounts.get(author.rpartition(":")[2], {})
        return (account.get("email") or "") if self.name == "slack" else ""


@dataclass
class AttackDesk:
    """One running desk for one attempt.

    Attributes:
        seen: Everything that was shown, in order.
    """

    platforms: Mapping[str, AttackedPlatform]
    database: Database
    shop: RunningShop
    clock: AttackClock
    accounts: Mapping[str, Any]
    seen: list[Seen] = field(default_factory=list)
    _count: int = 0

    def message(self, by: str, place: str, text: str, **more: Any) -> Message:  # noqa: ANN401
        """Return a message of an account in a place."""
        self._count += 1
        platform, alone = place.partition("_")[0], place in PRIVATE
        channel = f"{platform}:A1:{_CHANNELS[place]}{by if alone else ''}"
        told = {"addressing": Addressing.DIRECT if alone else Addressing.MENTION, **more}
        return Message(
            f"{channel}:17000000{self._count:02}.0001",
            f"{channel}:1700000000.0001" if place == "slack_thread" else channel,
            self.author(by, platform),
            text,
            self.clock.now(),
            readers=Readers.AUTHOR if alone else Readers.OTHERS,
            **told,
        )

    def author(self, by: str, platform: str) -> Author:
        """Return an account as the platform tells of it."""
        return Author(f"{platform}:T1:{by}", self.accounts[by].get("name") or "")

    async def send(self, event: Event, by: str, place: str) -> Reply:
        """Return what comes of an event; it is seen."""
        platform = self.platforms[place.partition("_")[0]]
        reply = (await platform.send(event)).reply()
        self.seen.append(Seen(by, place, reply))
        await self._quiet()  # what is asked for is stored once the event is finished
        self.seen += [Seen(by, place, other) for _, other in platform.others]
        platform.others.clear()
        return reply

    async def _quiet(self) -> None:
        """Wait until every event is handled."""
        query = select(func.count()).select_from(events)
        for _ in range(_PATIENCE):
            async with self.database.read() as connection:
                if not await connection.scalar(query):
                    return
            await asyncio.sleep(0.02)

    async def asked(self, by: str, place: str) -> str:
        """Return what an account is asked for: a slot, `code`, `confirm`; empty: nothing."""
        form = await self._form(by, place) or await self._moved(by, place)
        if form is None:
            return ""
        if form.step == "slots":
            return form.asked or "something"
        return "code" if form.step == "proof" else form.step

    async def answering(self, by: str, place: str) -> Mapping[str, Any]:
        """Return how an account answers what it is asked: in a window, where the form has moved."""
        if await self._form(by, place) or not await self._moved(by, place):
            return {}
        return {"addressing": Addressing.EPHEMERAL}

    async def say(self, by: str, place: str, text: str) -> Reply:
        """Return what comes of an answer."""
        message = self.message(by, place, text, **await self.answering(by, place))
        return await self.send(Received(message), by, place)

    async def offered(self, message: Message, intent: str) -> str:
        """Return a button by which who wrote a message asks for an intent."""
        choice = Choice("intent", intent, message.text, "en")
        buttons = StoredButtons(self.database, self.clock)
        (button,) = await buttons.offer(message.id, [(intent, choice)], first=_INSISTING)
        return button.id

    async def _form(self, by: str, place: str) -> OpenForm | None:
        message = self.message(by, place, "")
        return await StoredForms(self.database).form(message.conversation, message.author.key)

    async def _moved(self, by: str, place: str) -> OpenForm | None:
        message = self.message(by, place, "")
        return await StoredForms(self.database).moved(message.conversation, message.author.key)

    async def button(self, replies: Sequence[Reply], wanted: str) -> str:
        """Return the newest button that does what is wanted; empty: none was posted."""
        buttons = StoredButtons(self.database, self.clock)
        for reply in reversed(replies):
            for each in reply.buttons:
                choice = await buttons.choice(each.id)
                if choice is not None and choice.value.startswith(wanted):
                    return each.id
        return ""

    async def mailed(self, customer: str) -> list[str]:
        """Return the codes that were mailed to a customer, the newest first."""
        return [mail["code"] for mail in await self.shop.shop.mails(customer) if mail["code"]]


@asynccontextmanager
async def attack_desk(
    config: Config, bundle: Bundle, accounts: Mapping[str, Any], port: int
) -> AsyncIterator[AttackDesk]:
    """Run a desk and its shop, both with databases of their own.

    Args:
        config: Of the desk.
        bundle: What it was taught; its actions call the shop on the port.
        accounts: Who tries it.
        port: Of the shop.
    """
    platforms = {name: AttackedPlatform(name, accounts) for name in ("slack", "discord")}
    clock = AttackClock()
    with TemporaryDirectory() as folder:
        url, key = f"sqlite:///{folder}/desk.db", Path(folder, "proof.key")
        async with (
            running_shop(TOKEN, port=port) as shop,
            completions(ObedientModel().complete) as model,
            open_service(
                _attacked(config, key, model),
                {"SHOP_TOKEN": TOKEN},
                adapters=list(platforms.values()),
                database_url=url,
                bundle=bundle,
                clock=clock,
                live=True,
            ) as service,
            await open_database(url) as database,
        ):
            proofs = StoredProofs(database, clock)
            for name, account in accounts.items():
                for platform in platforms if account.get("linked") else ():
                    subject = account["linked"]
                    await proofs.keep(f"{platform}:T1:{name}", "linked", subject=subject)
            serving = asyncio.create_task(service.run())
            try:
                yield AttackDesk(platforms, database, shop, clock, accounts)
            finally:
                service.stop()
                await serving


def _attacked(config: Config, key: Path, model: str) -> Config:
    """Return a configuration that trusts all that can be trusted, with an obedient GPT."""
    proof = ProofConfig(ways=("linked", "platform_email", "code"), key=key)
    gpt = GptConfig(base_url=model, chooser="model")
    return config.model_copy(update={"proof": proof, "gpt": gpt})
