"""The Slack adapter: connects, hands events in, posts replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import aiohttp
import structlog

from adapters.common.refused import Refusals
from adapters.common.streaming import streamed
from adapters.common.used_buttons import marking
from adapters.common.waiting import InFlight, persist
from adapters.common.wording import AdapterWording
from adapters.slack.auth import app_of, sign_in
from adapters.slack.client import web_client
from adapters.slack.config import SlackConfig, Tokens
from adapters.slack.destination import PLATFORM, place_of
from adapters.slack.files import Files
from adapters.slack.identity import Identity
from adapters.slack.links import link_to
from adapters.slack.listening import Listening
from adapters.slack.lookback import earlier_lines
from adapters.slack.names import Names
from adapters.slack.outgoing import OutgoingPosts
from adapters.slack.people import People
from adapters.slack.post_calls import PostCalls
from adapters.slack.poster import Poster
from adapters.slack.render import render
from adapters.slack.status import Status
from adapters.slack.stream import ReplyStream
from adapters.slack.used_buttons import UsedButtons
from bot.conversations.key import AuthorKey, ConversationKey
from bot.errors import FrontdeskError, ServiceUnavailable
from bot.messages import Attachment, Event, Message, Part, Say
from bot.ports import (
    Accept,
    Alerts,
    EarlierLine,
    History,
    Posting,
    ReservedPost,
    Windows,
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
        self._listening: Listening | None = None
        self._speaking = False
        self._past: History | None = None
        self._files = Files(self._client)
        self._names: Names | None = None
        self._people: People | None = None
        self._windows: Windows | None = None
        self._site = self._user = self._app = ""

    @property
    def connected(self) -> bool:
        """Events can come in now; for a process that only answers: replies can be posted."""
        return self._speaking or (self._listening is not None and self._listening.connected)

    @property
    def connections(self) -> int:
        """Number of connections since the start."""
        return self._listening.connections if self._listening is not None else 0

    def recall(self, past: History) -> None:
        """Set the history to catch up from; called once, before `run`."""
        self._past = past

    def use_windows(self, windows: Windows) -> None:
        """Set what stands in windows; called once, before `run`."""
        self._windows = windows

    def use_wording(self, wording: Wording | None) -> None:
        """Set the wording of the bot's own texts; called once, before `run`."""
        words = AdapterWording({"status": self._config.status}, wording)
        self._words = words
        calls = PostCalls(self._client, self._impatient, self._refusals)
        self._poster = Poster(self._client, self._impatient, calls, words, self._used)
        self._outgoing = OutgoingPosts(self._client, calls, self._poster)
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
            if identity is not None and self._names is not None:
                used, app_token = self._used, self._tokens.app
                self._listening = Listening(
                    *(self._client, self._config, app_token, self._words, used, self._past),
                    windows=self._windows,
                )
                await self._listening.run(identity, self._names, accept, self._closing)

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
        """Make, change, delete or mark a post of the outbox; return what names it.

        Raises:
            ServiceUnavailable: Slack did not take it; worth another attempt.
            AdapterError: Slack will never take it.
        """
        if self._stopped.is_set():
            raise ServiceUnavailable("slack: not connected")
        with self._replies:
            return await self._outgoing.deliver(reserved)

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        """Return what people wrote before a message, see `LooksBack`.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses for good.
        """
        return await earlier_lines(self._client, message, self._user)

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the content of a file, see `FetchesFiles`; raises what `deliver` raises."""
        return await self._files.fetch(attachment, limit=limit)

    def place(self, channel: str) -> ConversationKey:
        """Return the key of a channel.

        Raises:
            ServiceUnavailable: Slack has not told which app we are.
        """
        if not self._app:
            raise ServiceUnavailable("slack: which app this is, is not known: not connected yet")
        return ConversationKey(PLATFORM, self._app, channel)

    async def name_of(self, person: str) -> str:
        """Return the display name of a person, by their key; empty when Slack tells none."""
        user = AuthorKey.parse(person).user_id
        return await self._names.name_of(user) if self._names is not None else ""

    async def direct_messages(self, person: str) -> str:
        """Return the key of the direct messages with a person; see `OpensDirectMessages`."""
        channel = await self._known.direct_messages(person)
        return str(self.place(channel)) if channel else ""

    async def verified_email(self, author: str) -> str:
        """Return the address of a person that Slack has confirmed; see `KnowsEmail`."""
        return await self._known.verified_email(author)

    async def time_zone(self, person: str) -> str:
        """Return the time zone of a person; see `KnowsTimeZone`."""
        return await self._people.time_zone(person) if self._people is not None else ""

    @property
    def _known(self) -> People:
        """What Slack tells of people.

        Raises:
            ServiceUnavailable: Never connected.
        """
        if self._people is None:
            raise ServiceUnavailable("slack: not connected")
        return self._people

    def link(self, message: Message) -> str:
        """Return the address of a message in a channel; empty for direct messages."""
        return link_to(message, self._site)

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

    async def _introduce(self) -> Identity:
        """Ask Slack who we are and what we may do."""
        account = await sign_in(self._client)
        identity = account.identity
        self._site, self._user = account.site, identity.user
        self._app = await app_of(self._client, identity) or self._tokens.app_id
        self._names = Names(self._impatient, identity.user)
        self._people = People(self._impatient, identity.team)
        _log.info("slack.signed_in", team=identity.team, user=identity.user)
        return identity
