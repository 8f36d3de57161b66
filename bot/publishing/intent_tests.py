"""Runs the `tests:` of intent files against a model version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.ports import Prediction
from bot.understanding.intents import IntentTest
from bot.understanding.model.classifier import load_version
from bot.understanding.model.thresholds import Policy


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed intent test."""

    test: IntentTest
    got: str
    confidence: float
    threshold: float

    def __str__(self) -> str:
        """Render as `path:line: message: expected intent, predicted intent`."""
        wanted = self.test.intent or f"anything but {self.test.not_}"
        return (
            f'{self.test.path}:{self.test.line}: "{self.test.say}": expected {wanted}, got '
            f"{self.got} at {self.confidence:.2f} (threshold {self.threshold:.2f})"
        )


def run_intent_tests(
    version: Path, tests: Sequence[IntentTest], *, policy: Policy
) -> list[Failure]:
    """Run tests against a version of the model.

    Args:
        version: Folder of the version.
        tests: The tests to run.
        policy: Sets the thresholds.

    Raises:
        ModelError: The version is damaged, or its format is not supported.
    """
    if not tests:
        return []
    classifier = load_version(version, policy=policy)
    return failed(tests, classifier.predict([test.say for test in tests]))


def failed(tests: Sequence[IntentTest], predictions: Sequence[Prediction]) -> list[Failure]:
    """Return the failed tests.

    `intent` passes if that intent is ranked first and reaches the threshold; `not` passes if its
    intent would not be answered.
    """
    failures: list[Failure] = []
    for test, prediction in zip(tests, predictions, strict=True):
        best = prediction.intents[0] if prediction.intents else None
        name, confidence = (best.name, best.confidence) if best else ("nothing", 0.0)
        answered = name if confidence >= prediction.threshold else None
        if answered == test.not_ if test.not_ else answered != test.intent:
            failures.append(Failure(test, name, confidence, prediction.threshold))
    return failures
