"""The Slack adapter: connects, hands events in, posts replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import aiohttp
import structlog

from adapters.common.outgoing import OutgoingPosting, said_in
from adapters.common.refused import Refusals
from adapters.common.streaming import streamed
from adapters.common.used_buttons import marking
from adapters.common.waiting import InFlight, persist
from adapters.common.wording import AdapterWording
from adapters.slack.auth import sign_in
from adapters.slack.bolt_app import BoltApp
from adapters.slack.catchup import CatchUp
from adapters.slack.client import web_client
from adapters.slack.config import SlackConfig, Tokens
from adapters.slack.destination import PLATFORM, place_of
from adapters.slack.identity import Identity
from adapters.slack.lookback import earlier_lines
from adapters.slack.names import Names
from adapters.slack.poster import Poster
from adapters.slack.render import render
from adapters.slack.socket_mode import SocketMode
from adapters.slack.status import Status
from adapters.slack.stream import ReplyStream
from adapters.slack.used_buttons import UsedButtons
from adapters.slack.user_groups import UserGroups
from bot.conversations.key import MessageId
from bot.errors import FrontdeskError, ServiceUnavailable
from bot.messages import Event, Message, Part, Readers, Say
from bot.ports import (
    Accept,
    Alerts,
    EarlierLine,
    History,
    Posting,
    ReservedPost,
    Wording,
)

_POSTING: Final = 10.0  # seconds for replies under way when the adapter closes

_log = structlog.get_logger(__name__)


class SlackAdapter:
    """One Slack app in one workspace, over Socket Mode."""

    name = PLATFORM

    def __init__(self, config: SlackConfig, tokens: Tokens) -> None:
        self._config = config
        self._tokens = tokens
        self._client = web_client(tokens.bot, config)
        self._impatient = web_client(tokens.bot, config, patient=False)
        self._refusals = Refusals("Slack")
        self._used = UsedButtons(self._client)
        self.use_wording(None)
        self._replies = InFlight()
        self._closing = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._socket: SocketMode | None = None
        self._speaking = False
        self._past: History | None = None
        self._site = ""
        self._user = ""

    @property
    def connected(self) -> bool:
        """Events can come in now; for a process that only answers: replies can be posted."""
        return self._speaking or (self._socket is not None and self._socket.connected)

    @property
    def connections(self) -> int:
        """Number of connections since the start."""
        return self._socket.connections if self._socket is not None else 0

    def recall(self, past: History) -> None:
        """Set the history to catch up from; called once, before `run`."""
        self._past = past

    def use_wording(self, wording: Wording | None) -> None:
        """Set the wording of the bot's own texts; called once, before `run`."""
        words = AdapterWording({"status": self._config.status}, wording)
        self._words = words
        self._poster = Poster(self._client, self._impatient, words, self._refusals, self._used)
        self._status = Status(self._client, words)

    def use_alerts(self, alerts: Alerts) -> None:
        """Set what alerts staff; called once, before `run`."""
        self._refusals.use(alerts)

    async def run(self, accept: Accept) -> None:
        """Connect and hand every event to `accept`, until `close`.

        An event is acknowledged after `accept` returned. When `accept` fails it is not, and
        Slack delivers it again. Reconnects by itself.

        Raises:
            AdapterError: A token, a scope or a setting is wrong; the message says how to fix it.
        """
        async with self._session():
            identity = await persist(self._introduce, self._closing, "auth.test")
            if identity is not None:
                await self._listen(identity, accept)

    async def speak(self) -> None:
        """Post replies, receive no events, until `close`.

        Raises:
            AdapterError: The bot token or a scope is wrong; the message says how to fix it.
        """
        async with self._session():
            if await persist(self._introduce, self._closing, "auth.test") is not None:
                self._speaking = True
                await self._closing.wait()
                self._speaking = False

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Show a status while the context is open, unless the answer is there at once."""
        return self._status.show(event.message)

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Show a reply where its event came from, while it is made; `Done` alone posts nothing.

        Raises:
            ServiceUnavailable: Slack did not take it; worth another attempt.
            AdapterError: Slack will never take it.
        """
        message = posting.event.message
        stream = ReplyStream(
            self._poster, posting, lambda: self._status.settled(message), self._replies
        )
        try:
            said = await streamed(posting, marking(posting, parts, self._used.mark), stream)
            reply = render(said, place_of(message.conversation).thread)
            if reply.posts or posting.posted:
                with self._replies:
                    await self._status.settled(message)
                    await self._poster.post(posting, reply, stream.begun)
        except FrontdeskError:
            await stream.abandon()
            raise
        finally:
            stream.release()

    async def withdraw(self, posting: Posting) -> None:
        """Delete what stands of a reply; raises what `post` raises."""
        with self._replies:
            await self._poster.withdraw(posting)

    async def notify(self, channel: str, markdown: str) -> None:
        """Post into a channel of staff.

        Raises:
            ServiceUnavailable: Slack did not take it; worth another attempt.
            AdapterError: Slack will never take it.
        """
        if self._stopped.is_set():
            raise ServiceUnavailable("slack: not connected")
        with self._replies:
            await self._poster.notify(channel, render([Say(markdown)], thread=""))

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post of the outbox; return the timestamps of all that it became.

        Raises:
            ServiceUnavailable: Slack did not take it; worth another attempt.
            AdapterError: Slack will never take it.
        """
        if self._stopped.is_set():
            raise ServiceUnavailable("slack: not connected")
        place = place_of(reserved.post.conversation)
        posting = OutgoingPosting.of(reserved, place.channel)
        with self._replies:
            await self._poster.post(posting, render([said_in(reserved)], place.thread))
        return " ".join(posting.posted)

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        """Return what people wrote before a message, see `LooksBack`.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses for good.
        """
        return await earlier_lines(self._client, message, self._user)

    def link(self, message: Message) -> str:
        """Return the address of a message in a channel; empty for direct messages."""
        place = place_of(message.conversation)
        stamp = place.thread or MessageId.parse(message.id).number
        if (
            not self._site
            or message.readers is Readers.AUTHOR
            or not stamp.replace(".", "").isdecimal()
        ):
            return ""
        return f"{self._site}archives/{place.channel}/p{stamp.replace('.', '')}"

    async def close(self) -> None:
        """Take no more events and disconnect; events under way are stored and acknowledged."""
        self._closing.set()
        await self._stopped.wait()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[None]:
        """Keep connections to the Web API open; in the end, let replies under way be posted."""
        self._stopped.clear()
        timeout = aiohttp.ClientTimeout(total=self._config.timeout)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                self._client.session = self._impatient.session = session
                yield
                await self._replies.settled(_POSTING)
        finally:
            self._stopped.set()

    async def _listen(self, identity: Identity, accept: Accept) -> None:
        config, bots = self._config, self._config.bots
        groups = UserGroups(self._client, config.allow.roles | config.deny.roles)
        await groups.look()
        accept = groups.marking(accept)
        hours, pace, ping = config.catch_up_hours, config.catch_up_pace, config.ping_interval
        catch_up = CatchUp(
            *(self._client, identity, accept, self._past, hours, pace),
            bots=bots,
            support=config.support,
        )
        names = catch_up.names = Names(self._impatient, identity.user)
        stored = (accept, catch_up.not_stored)
        app = BoltApp(self._client, identity, *stored, self._words, self._used, names, bots)
        self._socket = SocketMode(
            self._client, self._tokens.app, app.handle, ping, catch_up.connected
        )
        looking = [asyncio.create_task(each.run()) for each in (catch_up, groups)]
        try:
            await self._socket.run(self._closing)
        finally:
            for each in looking:
                each.cancel()
            await asyncio.wait(looking)
            await app.settled(_POSTING)

    async def _introduce(self) -> Identity:
        """Ask Slack who we are and what we may do."""
        account = await sign_in(self._client)
        self._site, self._user = account.site, account.identity.user
        _log.info("slack.signed_in", team=account.identity.team, user=account.identity.user)
        return account.identity
