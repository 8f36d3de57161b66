"""`frontdesk test`: the tests that stand in the intent files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings
from bot.cli.output import count, line

if TYPE_CHECKING:
    from bot.ports import Prediction
    from bot.understanding.intents import IntentTest


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that the model does not pass."""

    test: IntentTest
    got: str
    confidence: float
    threshold: float

    def __str__(self) -> str:
        """Render as `path:line: what was said: what was expected, what came`."""
        wanted = self.test.intent or f"anything but {self.test.not_}"
        return (
            f'{self.test.path}:{self.test.line}: "{self.test.say}": expected {wanted}, got '
            f"{self.got} at {self.confidence:.2f} (threshold {self.threshold:.2f})"
        )


def run_tests(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Run the tests that stand in the intent files against the model."""
    from bot.understanding.classifier import load_classifier
    from bot.understanding.intents import load_intents

    loaded = settings(config)
    tests = load_intents(loaded.intents, default_language=loaded.language.default).tests
    classifier = load_classifier(loaded.model, threshold=loaded.classifier.threshold)
    failures = failed(tests, classifier.predict([test.say for test in tests]) if tests else [])
    if json:
        print_json({"tests": len(tests), "failures": [_as_data(failure) for failure in failures]})
    else:
        for failure in failures:
            line(str(failure))
        line(f"{count(len(tests), 'test')}, {len(failures)} failed")
    if failures:
        raise typer.Exit(1)


def failed(tests: Sequence[IntentTest], predictions: Sequence[Prediction]) -> list[Failure]:
    """Return the tests whose message is not understood as the admin wants.

    `intent` wants that intent to be answered: first, and sure enough. `not` wants another answer,
    or none.
    """
    failures: list[Failure] = []
    for test, prediction in zip(tests, predictions, strict=True):
        best = prediction.intents[0] if prediction.intents else None
        name, confidence = (best.name, best.confidence) if best else ("nothing", 0.0)
        answered = name if confidence >= prediction.threshold else None
        if answered == test.not_ if test.not_ else answered != test.intent:
            failures.append(Failure(test, name, confidence, prediction.threshold))
    return failures


def _as_data(failure: Failure) -> dict[str, object]:
    return {
        "path": str(failure.test.path),
        "line": failure.test.line,
        "say": failure.test.say,
        "intent": failure.test.intent,
        "not": failure.test.not_,
        "got": failure.got,
        "confidence": failure.confidence,
        "threshold": failure.threshold,
    }
