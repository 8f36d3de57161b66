"""The products of an instance: read, refreshed, embedded, and recommended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.encoders import ModelEncoders
from bot.answering.recommendations.index import EncodesProducts, ProductIndex, ProductVectors
from bot.answering.recommendations.source import CatalogueReading, CatalogueSource, Stamp
from bot.app.background import running
from bot.app.own_questions import knows
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.ports import Actions, Alerts, Answers, Buttons, Clock, Wishes, Wording
from bot.publishing.bundle import Bundle
from bot.stages.past_orders import PastOrders
from bot.stages.recommend import ProductReplies, Recommend
from bot.stages.remembered_wishes import RememberedWishes
from bot.storage.wishes import StoredWishes

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Products up to which they are embedded while a customer waits: about two seconds. More are
embedded in the background; until then they are ranked by their words."""

POLL = 5.0
"""Seconds between two looks at files."""

ALERT = "products"
"""The kind of alert about products that cannot be read."""


class LiveProducts:
    """The products, the latest that could be read.

    Args:
        config: Where they are, and how old they may be.
        clock: The time.
        alerts: Tell staff what is wrong; None: nobody is told.
    """

    name = "products"

    def __init__(self, config: Config, clock: Clock, alerts: Alerts | None = None) -> None:
        self.source = CatalogueSource(config, clock)
        self._config = config.recommend
        self._clock = clock
        self._alerts = alerts
        self._reading = CatalogueReading(None)
        self._stamp: Stamp | None = None
        self._read_at = 0.0
        self._lock = asyncio.Lock()
        self.vectors = ProductVectors()

    @property
    def catalogue(self) -> Catalogue | None:
        """What is recommended from."""
        found = self._reading.catalogue
        return found if found is not None and found.products else None

    async def run(self) -> None:
        """Read the products whenever they have changed, until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(POLL)

    async def refresh(self) -> None:
        """Read the products, if they have changed or are to be fetched again."""
        async with self._lock:
            stamp = await asyncio.to_thread(self.source.stamp)
            spent = self._clock.monotonic() - self._read_at
            due = self.source.fetched and spent >= self._config.refresh * 60
            if stamp == self._stamp and not due:
                return
            self._stamp, self._read_at = stamp, self._clock.monotonic()
            self._reading = self._used(await self.source.read())
            await self._tell()

    def collect(self) -> Iterable[Metric]:
        """Yield how many products there are, and how old what is known of them is."""
        age = self._reading.age(self._clock.now())
        yield GaugeMetricFamily(
            "frontdesk_products",
            "Products that can be recommended.",
            len(self.catalogue.products) if self.catalogue else 0,
        )
        yield GaugeMetricFamily(
            "frontdesk_products_age_seconds",
            "Time since the products were last read without a mistake.",
            float("nan") if age is None else age.total_seconds(),
        )

    def _used(self, reading: CatalogueReading) -> CatalogueReading:
        """Return a reading, with what was used before in the place of one that is no use."""
        for problem in reading.problems:
            log.warning("products cannot be read", problem=str(problem))
        if reading.catalogue is None and self._reading.catalogue is not None:
            before = self._reading
            return replace(reading, catalogue=before.catalogue, good_at=before.good_at)
        return reading

    async def _tell(self) -> None:
        """Tell staff that the products cannot be read, or are too old."""
        if self._alerts is None:
            return
        if not self._reading.problems:
            await self._alerts.clear(ALERT)
            return
        age = self._reading.age(self._clock.now())
        hours = age.total_seconds() / 3600 if age else 0.0
        if age is None or not self.source.fetched or hours >= self._config.stale_after:
            first = self._reading.problems[0]
            used = "none are recommended" if age is None else f"those of {hours:.0f} h ago are used"
            await self._alerts.alert(ALERT, f"The products cannot be read; {used}. {first}")


class BundleProducts:
    """The `Products` of one version: with its encoders.

    Args:
        live: The products.
        encoders: Of the version.
        bundle: The version: its words are no misspellings.
    """

    def __init__(self, live: LiveProducts, encoders: EncodesProducts, bundle: Bundle) -> None:
        self._live = live
        self._encoders = encoders
        self._known = knows(bundle.classifier)
        self._index: ProductIndex | None = None
        self._embedding: dict[str, asyncio.Task[None]] = {}

    async def index(self, language: str) -> ProductIndex | None:
        """Return the products, ready for a language; None: there are none."""
        if self._live.catalogue is None:
            await self._live.refresh()
        catalogue = self._live.catalogue
        if catalogue is None:
            return None
        if self._index is None or self._index.catalogue is not catalogue:
            vectors = self._live.vectors
            self._index = await asyncio.to_thread(ProductIndex, catalogue, self._known, vectors)
            self._embedding = {}
        index = self._index
        encoder = f"{self._encoders.encoder(language)}:{language}"
        task = self._embedding.get(encoder)
        if task is None:
            job = asyncio.to_thread(index.embed, self._encoders, language)
            task = self._embedding[encoder] = asyncio.create_task(job)
        if len(catalogue.products) <= AT_ONCE:
            await asyncio.shield(task)
        return index


@dataclass(frozen=True, slots=True)
class ProductTools:
    """What recommends, for one bundle after the other.

    Attributes:
        live: The products.
        config: What is remembered.
        wishes: Where it is.
    """

    live: LiveProducts
    config: Config
    wishes: Wishes

    def replies(
        self, bundle: Bundle, buttons: Buttons, wording: Wording, actions: Actions
    ) -> ProductReplies:
        """Return what recommends for a bundle."""
        encoders = ModelEncoders(bundle.classifier)
        orders = self.config.recommend.past_orders
        wishes = RememberedWishes(
            self.wishes,
            across=self.config.recommend.remember,
            past=PastOrders(actions, orders, self.live) if orders else None,
        )
        products = BundleProducts(self.live, encoders, bundle)
        return ProductReplies(products, encoders, wishes, buttons, wording)


@asynccontextmanager
async def open_products(config: Config, resources: Resources) -> AsyncIterator[ProductTools]:
    """Open what recommends in a process; where customers are served, products stay up to date."""
    alerts = resources.room.queued_alerts
    live = LiveProducts(config, resources.clock, alerts)
    tools = ProductTools(live, config, StoredWishes(resources.database, resources.clock))
    if not (resources.public and live.source.exists):
        yield tools
        return
    resources.operations.register(live)
    async with running(live):
        yield tools


def products_of(
    tools: ProductTools | None,
    actions: Actions,
    bundle: Bundle,
    buttons: Buttons,
    wording: Wording,
) -> ProductReplies | None:
    """Return what recommends products from a bundle; None where nothing does."""
    if tools is None:
        return None
    return tools.replies(bundle, buttons, wording, actions)


def recommend_stage(
    replies: ProductReplies | None, bundle: Bundle, answers: Answers
) -> Recommend | None:
    """Return the stage that reads what is wanted; None where no intent recommends."""
    intents = _recommending(bundle)
    return Recommend(replies, answers, intents) if replies and intents else None


def _recommending(bundle: Bundle) -> Sequence[str]:
    return [
        each.name
        for each in bundle.intents.intents
        if each.entry.recommend is not None and not each.entry.draft
    ]
