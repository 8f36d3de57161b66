"""Prometheus metrics of a running instance.

Each `Metrics` uses the registry that is passed in, so that two instances in one process stay
separate. No metric contains what customers wrote or who they are: labels are platforms, kinds of
decisions, and names of stages and errors.
"""

from __future__ import annotations

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from bot.conversations.key import platform_of
from bot.messages import Decision, DecisionKind, Event, Voted
from bot.operations.action_metrics import SECONDS, ActionMetrics
from bot.operations.form_metrics import FormMetrics
from bot.ports import OutgoingPost

_TENTHS = tuple(step / 10 for step in range(1, 11))


class Metrics:
    """The `Meter` and `OutboxMeter` of a desk that Prometheus watches.

    Attributes:
        actions: The `ActionMeter`.
        forms: Counts forms.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.actions = ActionMetrics(registry)
        self.forms = FormMetrics(registry)
        counter = partial(Counter, registry=registry)
        failures = partial(counter, labelnames=["platform", "error"])
        histogram = partial(Histogram, registry=registry)
        self._accepted = counter("frontdesk_accepted", "Events stored.", ["platform"])
        self._repeated = counter(
            "frontdesk_repeated", "Events that a platform delivered more than once.", ["platform"]
        )
        self._messages = counter(
            "frontdesk_messages", "Events answered, by kind of decision.", ["platform", "kind"]
        )
        self._limited = counter(
            "frontdesk_rate_limited", "Messages beyond serve.rate_limit.", ["platform"]
        )
        self._answer = histogram(
            "frontdesk_answer_seconds",
            "Time from claiming an event to finishing it, posting included.",
            ["platform"],
            buckets=SECONDS,
        )
        self._stage = histogram(
            "frontdesk_stage_seconds",
            "Time that each stage of the decision took.",
            ["stage"],
            buckets=SECONDS,
        )
        self._confidence = histogram(
            "frontdesk_confidence", "Confidence of the most likely intent.", buckets=_TENTHS
        )
        self._spend = counter("frontdesk_spend", "Spent on the model provider, in its currency.")
        self._put_off = failures("frontdesk_put_off", "Failed attempts that are retried, by error.")
        self._given_up = failures(
            "frontdesk_given_up", "Events moved to the dead letters, by error."
        )
        self._votes = counter("frontdesk_feedback", "Votes on answers.", ["platform", "verdict"])
        self._posts_delivered = counter(
            "frontdesk_outbox_delivered",
            "Posts of the outbox that stand on their platform.",
            ["platform"],
        )
        self._posts_put_off = failures(
            "frontdesk_outbox_put_off",
            "Attempts at posts of the outbox that failed and are made again, by error.",
        )
        self._posts_failed = failures(
            "frontdesk_outbox_failed", "Posts of the outbox given up and kept for staff, by error."
        )
        ProcessCollector(registry=registry)

    def accepted(self, event: Event, *, fresh: bool) -> None:
        """Count an incoming event."""
        counter = self._accepted if fresh else self._repeated
        counter.labels(platform_of(event.message.id)).inc()
        if fresh and isinstance(event, Voted) and not event.message.text:
            self._votes.labels(platform_of(event.message.id), event.verdict).inc()

    def answered(self, decision: Decision, seconds: float) -> None:
        """Count a decision, with its stages, confidence and cost."""
        platform = platform_of(decision.message_id)
        self._messages.labels(platform, str(decision.kind)).inc()
        if decision.kind is DecisionKind.LIMITED:
            self._limited.labels(platform).inc()
        self._answer.labels(platform).observe(seconds)
        for stage, milliseconds in decision.milliseconds.items():
            self._stage.labels(stage).observe(milliseconds / 1000)
        if decision.intents:
            self._confidence.observe(decision.intents[0].confidence)
        self._spend.inc(decision.cost)
        self.forms.decided(decision.reasons)

    def retried(self, event: Event, error: Exception) -> None:
        """Count a failed attempt."""
        self._put_off.labels(platform_of(event.message.id), type(error).__name__).inc()

    def dead_lettered(self, event: Event, error: Exception) -> None:
        """Count a dead letter."""
        self._given_up.labels(platform_of(event.message.id), type(error).__name__).inc()

    def post_delivered(self, post: OutgoingPost) -> None:
        """Count a post that stands on its platform."""
        self._posts_delivered.labels(post.adapter).inc()

    def post_retried(self, post: OutgoingPost, error: Exception) -> None:
        """Count an attempt at a post that failed."""
        self._posts_put_off.labels(post.adapter, type(error).__name__).inc()

    def post_failed(self, post: OutgoingPost, error: Exception) -> None:
        """Count a post that staff must look at."""
        self._posts_failed.labels(post.adapter, type(error).__name__).inc()
