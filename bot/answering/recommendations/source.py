"""Where products come from: `catalogue.yaml`, or a feed of which the last good one is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.catalogue_file import find_catalogue, read_catalogue
from bot.answering.recommendations.feed_file import MAX_BYTES, FeedReader
from bot.config.schema import Config
from bot.errors import Problem, ServiceUnavailable
from bot.files.private_files import private_folder, write_private
from bot.ports import Clock

KEPT = "product_feed"
"""Name of the file with the last good feed, beside the model."""

SECONDS = 30.0
"""Time that fetching a feed may take."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which a changed source is known: time and size of its files."""

    files: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class CatalogueReading:
    """What reading the products has come to.

    Attributes:
        catalogue: What is recommended from; None: there is nothing.
        problems: What is wrong with the latest version, which is not used then.
        good_at: When what is used was last read or fetched without a mistake.
    """

    catalogue: Catalogue | None
    problems: tuple[Problem, ...] = ()
    good_at: datetime | None = None

    def age(self, now: datetime) -> timedelta | None:
        """Return how old what is used is; None where nothing is."""
        return None if self.good_at is None else max(now - self.good_at, timedelta())


class CatalogueSource:
    """Reads the products of an instance.

    Args:
        config: Names the feed and the folder of the intents.
        clock: The time.
    """

    def __init__(self, config: Config, clock: Clock) -> None:
        self._feed = config.recommend.feed
        self._folder = config.intents
        self._base = config.folder
        self._language = config.language.default
        self._kept = config.model.parent / KEPT
        self._clock = clock

    @property
    def exists(self) -> bool:
        """Whether there is anything to read products from."""
        return self._feed is not None or find_catalogue(self._folder) is not None

    @property
    def fetched(self) -> bool:
        """Whether products come from a web address."""
        return self._feed is not None and self._feed.startswith(("http://", "https://"))

    def stamp(self) -> Stamp:
        """Return by what a change of the files is known."""
        paths = [find_catalogue(self._folder)]
        if self._feed is not None and not self.fetched:
            paths.append(self._base / self._feed)
        found = []
        for path in paths:
            if path is not None:
                with suppress(OSError):
                    state = path.stat()
                    found.append((str(path), state.st_mtime_ns, state.st_size))
        return Stamp(tuple(found))

    async def read(self, *, fetches: bool = True) -> CatalogueReading:
        """Read or fetch the products; a feed with a mistake leaves the last good one in use.

        Args:
            fetches: An address is fetched; else what was fetched last is read.
        """
        vocabulary, problems = await asyncio.to_thread(self._vocabulary)
        if self._feed is None or vocabulary is None:
            good_at = self._clock.now() if vocabulary is not None else None
            return CatalogueReading(vocabulary, problems, good_at)
        if self.fetched and not fetches:
            return await asyncio.to_thread(self._last_good, vocabulary, ())
        try:
            content = await self._content()
        except (ServiceUnavailable, OSError) as error:
            wrong = Problem(self._path, 0, 0, "", f"cannot be read ({error})", "see there")
            return await asyncio.to_thread(self._last_good, vocabulary, (wrong,))
        return await asyncio.to_thread(self._read, vocabulary, content)

    @property
    def _path(self) -> Path:
        return Path(str(self._feed)) if self.fetched else self._base / str(self._feed)

    def _vocabulary(self) -> tuple[Catalogue | None, tuple[Problem, ...]]:
        path = find_catalogue(self._folder)
        if path is None:
            return (Catalogue("EUR", {}, {}, (), language=self._language), ())
        return read_catalogue(path, self._language)

    async def _content(self) -> bytes:
        if not self.fetched:
            return await asyncio.to_thread(self._path.read_bytes)
        return await fetch(str(self._feed))

    def _read(self, vocabulary: Catalogue, content: bytes) -> CatalogueReading:
        found, problems = FeedReader(self._path, vocabulary).read(content)
        if found is None:
            return self._last_good(vocabulary, problems)
        private_folder(self._kept.parent)
        write_private(self._kept, content)
        return CatalogueReading(found, (), self._clock.now())

    def _last_good(self, vocabulary: Catalogue, problems: Sequence[Problem]) -> CatalogueReading:
        """Return the feed that was kept when it was last read without a mistake."""
        try:
            content = self._kept.read_bytes()
            kept_at = datetime.fromtimestamp(self._kept.stat().st_mtime, UTC)
        except OSError:
            return CatalogueReading(None, tuple(problems))
        found, _ = FeedReader(self._kept, vocabulary).read(content)
        reading = CatalogueReading(found, tuple(problems))
        return reading if found is None else replace(reading, good_at=kept_at)


async def fetch(url: str, *, limit: float = SECONDS) -> bytes:
    """Return what stands at a web address.

    Raises:
        ServiceUnavailable: There is no answer, none that is a success, or too large a one.
    """
    timeout = aiohttp.ClientTimeout(total=limit)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            if response.status != 200:
                raise ServiceUnavailable(f"it answered {response.status}")
            content = await response.content.read(MAX_BYTES + 1)
            while len(content) <= MAX_BYTES and not response.content.at_eof():
                content += await response.content.read(MAX_BYTES + 1 - len(content))
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        # its text may hold the address, which may hold a secret
        raise ServiceUnavailable(f"no answer: {type(error).__name__}") from error
    if len(content) > MAX_BYTES:
        raise ServiceUnavailable(f"more than {MAX_BYTES:,} bytes")
    return content
