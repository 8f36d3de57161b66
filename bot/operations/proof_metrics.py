"""Metrics of proofs of identity."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from bot.ports import ProofWay


class ProofMetrics:
    """The `ProofMeter` of an instance that Prometheus watches."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._proofs = Counter(
            "frontdesk_proofs",
            "Codes that customers asked for or wrote, by what came of it.",
            ["way", "outcome"],
            registry=registry,
        )

    def proof(self, way: ProofWay, outcome: str) -> None:
        """Count what came of a code, or of asking for one."""
        self._proofs.labels(way, outcome).inc()
