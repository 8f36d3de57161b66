"""What counts as another decision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.understanding.evaluation.model_diff import NOTHING, decision
from tests.understanding.report.test_report import MANIFEST


def prediction(*scores: float) -> Prediction:
    names = ("order_status", "refund", "greeting")
    intents = tuple(ScoredIntent(*pair) for pair in zip(names, scores, strict=False))
    return Prediction(intents, 0.5, 0.2, "v1", "")


@pytest.mark.parametrize(
    ("scores", "decided"),
    [
        ((0.5, 0.1, 0.1), "order_status"),
        ((0.4, 0.1, 0.1), "asks: order_status or refund"),
        ((0.2,), "asks: order_status"),
        ((0.1, 0.1, 0.1), NOTHING),
        ((), NOTHING),
    ],
)
def test_a_decision_is_what_a_customer_would_get(scores: tuple[float, ...], decided: str) -> None:
    assert decision(prediction(*scores), MANIFEST) == decided


def test_drafts_are_neither_answered_nor_offered() -> None:
    status, refund, greeting = MANIFEST.intents
    draft = replace(MANIFEST, intents=(status, replace(refund, draft=True), greeting))
    assert decision(prediction(0.4, 0.1, 0.1), draft) == "asks: order_status or greeting"
    first = replace(MANIFEST, intents=(replace(status, draft=True), refund))
    assert decision(prediction(0.9, 0.1), first) == NOTHING
