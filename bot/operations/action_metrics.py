"""Prometheus metrics of actions."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.ports import ActionState

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
"""Bounds of histograms of durations."""


class ActionMetrics:
    """The `ActionMeter` of a desk that Prometheus watches."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls = Counter(
            "frontdesk_actions",
            "Calls of actions, by what came of them.",
            ["action", "state"],
            registry=registry,
        )
        self._seconds = Histogram(
            "frontdesk_action_seconds",
            "Time that calls of actions took, repetitions included.",
            ["action"],
            buckets=SECONDS,
            registry=registry,
        )
        self._open = Gauge(
            "frontdesk_actions_open",
            "Writes of actions without an outcome, in all processes.",
            registry=registry,
        )

    def action_called(self, action: str, state: ActionState, seconds: float) -> None:
        """Count a call of the shop, with what came of it."""
        self._calls.labels(action, state).inc()
        self._seconds.labels(action).observe(seconds)

    def actions_open(self, count: int) -> None:
        """Set how many writes have no outcome."""
        self._open.set(count)
