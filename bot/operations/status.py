"""Status of a running instance: readiness and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.errors import StorageError
from bot.operations.metrics import Metrics
from bot.operations.proof_metrics import ProofMetrics
from bot.operations.readiness import Check, Readiness
from bot.operations.service_context import ServiceContext
from bot.ports import Adapter, Backlog, HasConnection, HasLimitations, Inbox, Outbox
from bot.ports.understanding import Model
from bot.storage.case_counts import CaseCounts, CaseFigures
from bot.storage.probe import WriteProbe, WriteResult

log = structlog.get_logger(__name__)

DATABASE_SECONDS = 3.0
"""Seconds that the database may take to respond; probes usually wait 5 seconds or more."""

_UNKNOWN = float("nan")


class StatusReporter:
    """Reports readiness and metrics; checks on request only, never in the background.

    Attributes:
        meter: Counts each event.
        proofs: Counts proofs of identity.

    Args:
        registry: The registry of all metrics.
        inbox: Source of the backlog; reading it also checks that the database responds.
        probe: Checks that the database accepts writes.
        adapters: The platforms.
        model: Tells which model answers at the moment; None: other processes answer.
        context: What service plugins can reach; None: there are none.
        outbox: Source of the backlog of outgoing posts; None: not reported.
        cases: Counts cases of customers; None: not reported.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        inbox: Inbox,
        probe: WriteProbe,
        adapters: Sequence[Adapter],
        model: Callable[[], Model] | None,
        context: ServiceContext | None = None,
        outbox: Outbox | None = None,
        cases: CaseFigures | None = None,
    ) -> None:
        self.meter = Metrics(registry)
        self.proofs = ProofMetrics(registry)
        self._registry = registry
        self._inbox = inbox
        self._probe = probe
        self._adapters = adapters
        self._model = model
        self._context = context
        self._outbox = outbox
        self._cases = cases
        self._counts: CaseCounts | None = None
        self._backlog: Backlog | None = None
        self._outgoing: Backlog | None = None
        registry.register(self)

    @property
    def context(self) -> ServiceContext:
        """Adapters, database and models, for service plugins.

        Raises:
            RuntimeError: This process has no service plugins.
        """
        if self._context is None:
            raise RuntimeError("this process has no service plugins")
        return self._context

    def register(self, source: Collector) -> None:
        """Report the metrics of another source, too."""
        self._registry.register(source)

    async def readiness(self) -> Readiness:
        """Check everything that answering customers depends on."""
        return Readiness(
            model=self._check_model(),
            database=await self._check_database(),
            platforms={adapter.name: _check_platform(adapter) for adapter in self._adapters},
        )

    async def metrics(self) -> bytes:
        """Return all metrics in Prometheus' text format; what cannot be read is NaN."""
        await self._check_database()
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics that are read on demand; called by the registry."""
        backlog = self._backlog
        yield GaugeMetricFamily(
            "frontdesk_inbox_depth",
            "Events not yet answered: waiting, scheduled for a retry or being handled.",
            backlog.depth if backlog else _UNKNOWN,
        )
        yield GaugeMetricFamily(
            "frontdesk_inbox_oldest_seconds",
            "Age of the oldest of them.",
            backlog.oldest_age if backlog else _UNKNOWN,
        )
        yield from self._outbox_gauges()
        if self._cases is not None:
            yield from _case_gauges(self._counts)
        writing = self._probe.state if backlog else None
        yield GaugeMetricFamily(
            "frontdesk_database_writable",
            "1 while the database accepts writes, even slowly.",
            _UNKNOWN if writing is None else writing is not WriteResult.REFUSED,
        )
        yield from self._platforms()
        if self._model is not None:
            yield _info(self._model())

    def _outbox_gauges(self) -> Iterable[Metric]:
        outgoing = self._outgoing
        yield GaugeMetricFamily(
            "frontdesk_outbox_depth",
            "Posts that are due and not yet delivered.",
            outgoing.depth if outgoing else _UNKNOWN,
        )
        yield GaugeMetricFamily(
            "frontdesk_outbox_oldest_seconds",
            "How long the first of them has been due, or tried.",
            outgoing.oldest_age if outgoing else _UNKNOWN,
        )

    def _platforms(self) -> Iterable[Metric]:
        connected = GaugeMetricFamily(
            "frontdesk_platform_connected", "1 while events can arrive.", labels=["platform"]
        )
        connections = CounterMetricFamily(
            "frontdesk_platform_connections",
            "Connections established; more than 1: reconnects.",
            labels=["platform"],
        )
        for adapter in self._adapters:
            connected.add_metric([adapter.name], _connected(adapter))
            if isinstance(adapter, HasConnection):
                connections.add_metric([adapter.name], adapter.connections)
        yield connected
        yield connections

    def _check_model(self) -> Check:
        if self._model is None:
            return Check(True, {"answers": "in other processes"})
        model = self._model()
        details: dict[str, object] = {
            "version": model.version,
            "intents_hash": model.intents_hash,
        }
        if model.problems:
            details["problems"] = dict(model.problems)
        return Check(True, details)

    async def _check_database(self) -> Check:
        """Read the inbox's backlog and write a row."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                self._backlog = await self._inbox.backlog()
                if self._outbox is not None:
                    self._outgoing = await self._outbox.backlog()
                if self._cases is not None:
                    self._counts = await self._cases.read()
        except (StorageError, TimeoutError) as error:
            self._backlog = self._outgoing = self._counts = None
            reason = str(error) or f"no answer within {DATABASE_SECONDS:g} s"
            log.warning("the database is away", reason=reason)
            return Check(False, {"reason": reason})
        writing = await self._probe.look()
        details: dict[str, object] = {"backlog": self._backlog.depth, "writing": str(writing)}
        if self._probe.reason:
            details["reason"] = self._probe.reason
        return Check(writing is not WriteResult.REFUSED, details)


def _case_gauges(counts: CaseCounts | None) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "frontdesk_cases_open",
        "Cases of customers that are not closed.",
        counts.open if counts else _UNKNOWN,
    )
    yield GaugeMetricFamily(
        "frontdesk_cases_waiting",
        "Those of them that nobody has taken.",
        counts.waiting if counts else _UNKNOWN,
    )
    yield GaugeMetricFamily(
        "frontdesk_cases_oldest_waiting_seconds",
        "How long the first of these has waited.",
        counts.oldest if counts else _UNKNOWN,
    )


def _info(model: Model) -> Metric:
    family = GaugeMetricFamily(
        "frontdesk_model_info",
        "The active model; always 1.",
        labels=["version", "intents_hash"],
    )
    family.add_metric([model.version, model.intents_hash], 1)
    return family


def _check_platform(adapter: Adapter) -> Check:
    limitations = adapter.limitations if isinstance(adapter, HasLimitations) else None
    details = {"limitations": list(limitations)} if limitations else {}
    return Check(_connected(adapter), details)


def _connected(adapter: Adapter) -> bool:
    return adapter.connected if isinstance(adapter, HasConnection) else True
