"""Prometheus metrics of forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.form_events import FormEvent, form_events


class FormMetrics:
    """Counts what happens to forms, by intent."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._events = Counter(
            "frontdesk_forms",
            "Forms that were begun, how they ended, and what came of asking GPT for a command.",
            ["intent", "event"],
            registry=registry,
        )
        self._open = Gauge(
            "frontdesk_forms_open",
            "Open forms, in all processes.",
            ["intent"],
            registry=registry,
        )

    def decided(self, reasons: Sequence[str]) -> None:
        """Count what a decision did to forms."""
        for intent, event in form_events(reasons):
            self._events.labels(intent, event).inc()

    def ended(self, intent: str, ending: FormEvent) -> None:
        """Count a form that no message ended."""
        self._events.labels(intent, ending).inc()

    def are_open(self, counts: Mapping[str, int]) -> None:
        """Set how many forms are open, by intent."""
        self._open.clear()
        for intent, count in counts.items():
            self._open.labels(intent).set(count)
