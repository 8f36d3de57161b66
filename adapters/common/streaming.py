"""Shows a reply while it is made: its first text as soon as it is there, what follows by edits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, suppress
from typing import Final, Protocol

import structlog

from adapters.common.pacing import Pace
from bot.errors import ServiceUnavailable, StateChanged
from bot.messages import Addressing, Event, Part, Pressed, Readers, Say, Visibility
from bot.ports import Posting
from bot.privacy.disclosure import may_read

TOGETHER: Final = 0.15
"""Seconds that the first text waits for more: a reply that ends within them is posted once."""

SIGN_OF_LIFE_AFTER: Final = 0.4
"""Seconds after which a sign of life is given; most replies without GPT stand before that."""

_log = structlog.get_logger(__name__)


class Shows(Protocol):
    """Shows what there is of a reply so far."""

    @property
    def pace(self) -> Pace:
        """What its next edit counts against."""
        ...

    async def prepare(self) -> None:
        """Get the place of the reply ready: nothing can be shown yet."""
        ...

    async def show(self, parts: Sequence[Part]) -> None:
        """Make the posts say what the parts so far say; each a longer beginning than the last.

        Raises:
            StateChanged: A person took over.
            ServiceUnavailable: The platform did not take it: the end of the reply makes it good.
            AdapterError: The platform will never take it.
        """
        ...

    async def abandon(self) -> None:
        """Leave what is shown as it is: nothing will follow. Raises nothing."""
        ...


async def streamed(posting: Posting, parts: AsyncIterator[Part], shows: Shows) -> list[Part]:
    """Read a reply to its end, and show what there is of it meanwhile.

    Only a first attempt is shown while it is made; a later one completes what stands at once.

    Returns:
        All parts. The caller posts them: what is shown is a beginning at most, which the caller
        abandons where this or the posting fails.

    Raises:
        StateChanged: A person took over while it was shown; the reply is read to its end.
        AdapterError: The platform will never take it.
    """
    reader = _Reader(parts)
    try:
        with ExitStack() as sharing:
            await _show_while_read(posting, reader, shows, sharing)
        return reader.result()
    except StateChanged:
        await shows.abandon()
        await reader.to_the_end()
        raise
    finally:
        await reader.stop()


async def _show_while_read(
    posting: Posting, reader: _Reader, shows: Shows, sharing: ExitStack
) -> None:
    """Show the parts so far whenever the pace allows it, until the last one is read."""
    progress = _Progress(shows)
    event = posting.event
    progress.given_up = event.message.unseen or posting.attempt > 1 or bool(posting.posted)
    while not reader.ended:
        allowed = may_be_shown(event, reader.parts)
        delay = progress.delay(reader.parts, allowed=allowed)
        if delay is None or delay > 0:
            await reader.news(delay)
            continue
        if not progress.waiting_parts(reader.parts):
            progress.prepared = True
            if event.message.addressing not in _OVERHEARD:
                await shows.prepare()
            continue
        await _show(progress, reader, sharing)


async def _show(progress: _Progress, reader: _Reader, sharing: ExitStack) -> None:
    parts, first = list(reader.parts), not progress.shown
    try:
        await progress.shows.show(parts)
    except ServiceUnavailable as error:
        _log.info("streaming interrupted", reason=str(error))
        progress.given_up = first
    if first:
        sharing.enter_context(progress.shows.pace.share())
    progress.shown, progress.edited_at = len(parts), progress.shows.pace.now()


_OVERHEARD = (Addressing.AMBIENT, Addressing.THREAD)
"""What may be meant for others: nothing shows that it is read before there is an answer."""


def may_be_shown(event: Event, parts: Sequence[Part]) -> bool:
    """Return whether the parts so far may be shown before the whole reply is known.

    What not everybody in the place may read is posted at the end, where it is cleared.
    """
    message = event.message
    says = [part for part in parts if isinstance(part, Say)]
    if isinstance(event, Pressed) or message.readers is not Readers.AUTHOR:
        return all(
            say.visibility is not Visibility.PRIVATE and may_read(message.readers, say.visibility)
            for say in says
        )
    return True


class _Progress:
    """How far a reply is shown.

    Attributes:
        shown: Number of parts that are shown.
        prepared: Its place was made ready, or need not be.
        given_up: Nothing more is shown before the end.
    """

    def __init__(self, shows: Shows) -> None:
        self.shows = shows
        self.shown = 0
        self.edited_at = 0.0
        self.prepared = False
        self.given_up = False
        self._began = asyncio.get_running_loop().time()
        self._since: float | None = None

    def waiting_parts(self, parts: Sequence[Part]) -> bool:
        """Return whether something is said that is not shown."""
        return any(isinstance(each, Say) and each.markdown.strip() for each in parts[self.shown :])

    def delay(self, parts: Sequence[Part], *, allowed: bool) -> float | None:
        """Return the seconds until there is something to do; None: not before the next part."""
        now = asyncio.get_running_loop().time()
        if not self.waiting_parts(parts):
            self._since = None
            if self.prepared or self.shown:
                return None
            return max(self._began + SIGN_OF_LIFE_AFTER - now, 0.0)
        self._since = self._since or now
        if self.given_up or not allowed:
            return None
        together = self._since + TOGETHER - now
        if not self.shown:
            return together if together > 0 or self.shows.pace.admits() else None
        return max(together, self.shows.pace.wait(self.edited_at))


class _Reader:
    """Reads parts in one task: what makes them must not move between tasks."""

    def __init__(self, parts: AsyncIterator[Part]) -> None:
        self.parts: list[Part] = []
        self._news = asyncio.Event()
        self._ending = False
        self._task = asyncio.create_task(self._read(parts))

    @property
    def ended(self) -> bool:
        """Whether all parts are read, or reading failed."""
        return self._task.done()

    def result(self) -> list[Part]:
        """Return all parts; raise what reading them raised."""
        self._task.result()
        return self.parts

    async def news(self, seconds: float | None) -> None:
        """Wait for another part or the end, but no longer than some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()
        if self._ending:
            await asyncio.wait([self._task])

    async def to_the_end(self) -> None:
        """Read what is left, so that it is known what was decided."""
        await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _read(self, parts: AsyncIterator[Part]) -> None:
        try:
            async for part in parts:
                self.parts.append(part)
                self._news.set()
        finally:
            self._ending = True
            self._news.set()
