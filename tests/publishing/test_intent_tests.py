"""Tests that stand in intent files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.publishing.intent_tests import failed
from bot.understanding.intents import IntentTest


@pytest.mark.parametrize(
    ("intent", "not_", "confidence", "passes"),
    [
        ("hours", None, 0.9, True),
        ("hours", None, 0.5, False),
        ("returns", None, 0.9, False),
        (None, "returns", 0.9, True),
        (None, "hours", 0.5, True),
        (None, "hours", 0.9, False),
    ],
)
def test_a_message_must_or_must_not_be_understood_as_an_intent(
    intent: str | None, not_: str | None, confidence: float, passes: bool
) -> None:
    test = IntentTest("when are you open", intent, not_, Path("a.yaml"), 7)
    prediction = Prediction(
        intents=(ScoredIntent("hours", confidence),),
        threshold=0.6,
        ask_threshold=0.3,
        model_version="m1",
        intents_hash="h1",
    )
    assert (failed([test], [prediction]) == []) == passes
