"""What happens at the desk, counted for Prometheus.

Each `Metrics` counts in the registry that it is given, so that two desks in one process do not
mix. No metric carries what customers wrote or who they are: labels are platforms, kinds of
decisions, names of stages and of errors.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from bot.conversations.key import platform_of
from bot.messages import Decision, Event, Kind

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_TENTHS = tuple(step / 10 for step in range(1, 11))


class Metrics:
    """The `Meter` of a desk that Prometheus watches."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accepted = Counter(
            "frontdesk_accepted", "Events stored.", ["platform"], registry=registry
        )
        self._repeated = Counter(
            "frontdesk_repeated",
            "Events that a platform delivered again and that were known.",
            ["platform"],
            registry=registry,
        )
        self._messages = Counter(
            "frontdesk_messages",
            "Events seen to their end, by what was decided.",
            ["platform", "kind"],
            registry=registry,
        )
        self._limited = Counter(
            "frontdesk_rate_limited",
            "Messages of people who wrote faster than serve.rate_limit.",
            ["platform"],
            registry=registry,
        )
        self._answer = Histogram(
            "frontdesk_answer_seconds",
            "From taking an event up to its end, posting included.",
            ["platform"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stage = Histogram(
            "frontdesk_stage_seconds",
            "What each stage of the decision took.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._confidence = Histogram(
            "frontdesk_confidence",
            "Confidence of the likeliest intent.",
            buckets=_TENTHS,
            registry=registry,
        )
        self._spend = Counter(
            "frontdesk_spend",
            "Spent on the model provider, in the configured currency.",
            registry=registry,
        )
        self._put_off = Counter(
            "frontdesk_put_off",
            "Attempts that failed and are made again, by error.",
            ["platform", "error"],
            registry=registry,
        )
        self._given_up = Counter(
            "frontdesk_given_up",
            "Events given up and kept for staff, by error.",
            ["platform", "error"],
            registry=registry,
        )
        ProcessCollector(registry=registry)

    def accepted(self, event: Event, *, fresh: bool) -> None:
        """Count an event that came in."""
        counter = self._accepted if fresh else self._repeated
        counter.labels(platform_of(event.message.id)).inc()

    def answered(self, decision: Decision, seconds: float) -> None:
        """Count a decision: its kind, its stages, its confidence and its cost."""
        platform = platform_of(decision.message_id)
        self._messages.labels(platform, str(decision.kind)).inc()
        if decision.kind is Kind.LIMITED:
            self._limited.labels(platform).inc()
        self._answer.labels(platform).observe(seconds)
        for stage, milliseconds in decision.milliseconds.items():
            self._stage.labels(stage).observe(milliseconds / 1000)
        if decision.intents:
            self._confidence.observe(decision.intents[0].confidence)
        self._spend.inc(decision.cost)

    def retried(self, event: Event, error: Exception) -> None:
        """Count an attempt that failed."""
        self._put_off.labels(platform_of(event.message.id), type(error).__name__).inc()

    def dead_lettered(self, event: Event, error: Exception) -> None:
        """Count an event that staff must look at."""
        self._given_up.labels(platform_of(event.message.id), type(error).__name__).inc()
