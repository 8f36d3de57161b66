"""The real service over a database of its own, with a scripted platform in front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app.build import open_service
from bot.app.conversation_tests.collecting import Reply, ReplyCollector
from bot.app.conversation_tests.recorded_shop import RecordedShop
from bot.clock import SystemClock
from bot.config.schema import Config, GptConfig
from bot.messages import Event, Part, Pressed
from bot.open_form import OpenForm
from bot.ports import Accept, Posting
from bot.publishing.bundle import Bundle
from bot.storage import StoredButtons, open_database
from bot.storage.proofs import StoredProofs

ALONE = "terminal"
"""The platform without staff, as in `frontdesk chat`."""

PATIENCE = 60.0
"""Seconds that an answer may take; GPT is given up before."""


class TestClock(SystemClock):
    """The system's clock, set forward when a conversation says that time passes."""

    __test__ = False  # pytest looks for classes by their name

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the present of the conversation."""
        return super().now() + self._ahead

    def advance(self, time: timedelta) -> None:
        """Let time pass."""
        self._ahead += time

    def reset(self) -> None:
        """Go back to the system's time, for another conversation."""
        self._ahead = timedelta(0)


class ScriptedPlatform:
    """The `Adapter` of a conversation test: hands in what the file says, keeps what comes back.

    Args:
        name: The platform that it stands for; nothing is connected.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._accept: Accept | None = None
        self._running = asyncio.Event()
        self._closing = asyncio.Event()
        self._replies: dict[str, asyncio.Future[ReplyCollector]] = {}

    async def run(self, accept: Accept) -> None:
        """Be there until `close`."""
        self._accept = accept
        self._running.set()
        await self._closing.wait()

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        """Show nothing."""
        return nullcontext()

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Keep a reply."""
        identity, collector = posting.event.message.id, ReplyCollector()
        async for _ in collector.passing(parts):
            pass
        await posting.reserve()
        await posting.remember(identity)
        reply = self._replies.pop(identity, None)
        if reply is not None and not reply.done():
            reply.set_result(collector)

    async def close(self) -> None:
        """Be gone."""
        self._closing.set()

    async def send(self, event: Event) -> ReplyCollector:
        """Hand an event in and return what came of it.

        Raises:
            TimeoutError: No answer came.
        """
        await self._running.wait()
        if self._accept is None:
            raise RuntimeError("the platform is not running")
        identity = event.message.id
        answered = asyncio.get_running_loop().create_future()
        self._replies[identity] = answered
        if not await self._accept(event):
            return ReplyCollector()
        return await asyncio.wait_for(answered, PATIENCE)


@dataclass(frozen=True, slots=True)
class TestSetup:
    """What conversations are played with.

    Attributes:
        config: Of the desk, as `quiet` returns it.
        environment: Where the GPT key is read.
        clock: That of the bundle.
        shop: Answers actions.
    """

    config: Config
    environment: Mapping[str, str]
    bundle: Bundle
    clock: TestClock
    shop: RecordedShop


def quiet(config: Config, *, gpt: bool) -> Config:
    """Return a configuration for tests: nothing listens, nobody is too fast; GPT where wanted."""
    serving: dict[str, float] = {"concurrency": 1, "port": 0, "rate_limit": False, "shadow": False}
    serving |= {"greeting_wait": 0.0}  # the next line comes once this one is answered
    changed: dict[str, object] = {"serve": config.serve.model_copy(update=serving)}
    if not gpt:
        changed["gpt"] = GptConfig()
    return config.model_copy(update=changed)


class TestInstance:
    """A service that can be restarted over its database."""

    def __init__(self, setting: TestSetup, platform: str, database: str) -> None:
        self._setting = setting
        self._platform = platform
        self._database = database
        self._scripted = ScriptedPlatform(platform)
        self._stack = AsyncExitStack()
        self._forms: dict[tuple[str, str], OpenForm | None] = {}

    async def link(self, author: str, subject: str) -> None:
        """Let somebody have proven which customer of the shop they are."""
        async with await open_database(self._database) as database:
            proofs = StoredProofs(database, self._setting.clock)
            await proofs.keep(f"{self._platform}:local:{author}", "linked", subject=subject)

    async def start(self) -> None:
        """Open the service and run it."""
        self._scripted = ScriptedPlatform(self._platform)
        self._stack = AsyncExitStack()
        await self._stack.enter_async_context(self._running())

    async def stop(self) -> None:
        """Let what is in hand end, and close the service."""
        await self._stack.aclose()

    async def send(self, event: Event) -> Reply:
        """Hand an event in and return what came of it.

        Raises:
            TimeoutError: No answer came.
        """
        chosen = await self._chosen(event) if isinstance(event, Pressed) else ""
        key = (event.message.conversation, event.message.author.key)
        before = self._forms.get(key)
        collector = await self._scripted.send(event)
        if collector.change is not None:
            self._forms[key] = collector.change.after
        calls = self._setting.shop.take_calls()
        reply = collector.reply(chosen)
        return replace(reply, before=before, form=self._forms.get(key), calls=calls)

    async def _chosen(self, press: Pressed) -> str:
        """Return the intent that a button stands for."""
        async with await open_database(self._database) as database:
            choice = await StoredButtons(database, self._setting.clock).choice(press.button)
        return choice.value if choice is not None and choice.kind == "intent" else ""

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        setting = self._setting
        async with open_service(
            setting.config,
            setting.environment,
            adapters=[self._scripted],
            database_url=self._database,
            public=self._platform != ALONE,
            clock=setting.clock,
            bundle=setting.bundle,
            shop=setting.shop,
        ) as service:
            running = asyncio.create_task(service.run())
            try:
                yield
            finally:
                service.stop()
                await running
