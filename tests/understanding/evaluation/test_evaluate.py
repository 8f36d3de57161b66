from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import matthews_corrcoef, roc_auc_score

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.understanding.evaluation import metrics
from bot.understanding.evaluation.evaluate import Confusion, LabelledText, evaluate
from bot.understanding.evaluation.metrics import EvaluatedTexts
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.registry import Manifest, ModelIntent, ModelRegistry, read_manifest

OUT = "NONE"


def judged(
    truth: Sequence[int], first: Sequence[int], confidence: Sequence[float], threshold: float
) -> EvaluatedTexts:
    sure = np.array(confidence, dtype=np.float64)
    return EvaluatedTexts(np.array(truth), np.array(first), sure, sure >= threshold)


HAND = judged([0, 0, 1, 1, -1, -1], [0, 1, 1, 1, 0, 1], [0.9, 0.8, 0.7, 0.2, 0.6, 0.1], 0.5)
"""Answered: right, wrong, right, -, wrong (out of scope), -."""


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (metrics.accuracy, 3 / 6),
        (metrics.in_scope_accuracy, 3 / 4),
        (metrics.oos_recall, 1 / 2),
        (metrics.answered, 4 / 6),
        (metrics.wrong_of_answered, 2 / 4),
        (metrics.oos_answered, 1 / 2),
        (metrics.coverage_at_10, 1 / 6),
        (metrics.coverage_at_20, 1 / 6),
        (metrics.ece, (0.1 + 0.8 + 0.3 + 0.8) / 4),
    ],
)
def test_figures_are_those_worked_out_by_hand(measure: object, expected: float) -> None:
    assert callable(measure)
    assert measure(HAND) == pytest.approx(expected)


def test_correlations_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(-1, 4, 300)
    first = np.where(random.random(300) < 0.7, np.maximum(truth, 0), random.integers(0, 4, 300))
    confidence = np.round(random.random(300) * 0.5 + 0.5 * (first == truth), 1)
    one = judged(truth.tolist(), first.tolist(), confidence.tolist(), 0.4)

    assert metrics.mcc(one) == pytest.approx(matthews_corrcoef(truth, one.decided))
    assert metrics.auroc(one) == pytest.approx(roc_auc_score(truth != -1, confidence))


def test_coverage_counts_equal_confidences_together() -> None:
    one = judged([0, 0, 0, 0], [0, 1, 0, 0], [0.9, 0.5, 0.5, 0.5], 0.5)

    assert metrics.coverage(one, 0.0) == 0.25
    assert metrics.coverage(one, 0.25) == 1.0


def test_what_is_not_defined_is_none_and_never_nan() -> None:
    for rows in ([], [0], [-1]):
        one = judged(rows, rows, [0.4] * len(rows), 0.5)
        for measure in metrics.MEASURES.values():
            value = measure(one)
            assert value is None or np.isfinite(value)


class Canned:
    """A predictor whose answers are known."""

    def __init__(self, manifest: Manifest, answers: dict[str, tuple[str, float]]) -> None:
        self.manifest = manifest
        self._answers = answers

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._one(*self._answers[text]) for text in texts]

    def _one(self, name: str, confidence: float) -> Prediction:
        intents = (ScoredIntent(name, confidence),) if name else ()
        return Prediction(intents, 0.5, 0.2, model_version="v", intents_hash="h")


@pytest.fixture
def canned(trained: Path) -> Canned:
    manifest = read_manifest(ModelRegistry(trained).current())
    entries = (
        ModelIntent("card_arrival", "Card Arrival", personal=False, draft=False),
        ModelIntent("refund", "refund", personal=False, draft=True),
    )
    values = {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}
    return Canned(
        Manifest(**(values | {"intents": entries})),
        {
            "a": ("card_arrival", 0.9),
            "b": ("card_arrival", 0.9),
            "c": ("refund", 0.9),
            "d": ("refund", 0.3),
            "e": ("", 0.0),
        },
    )


def test_labels_match_an_intents_name_or_its_imported_label(canned: Canned) -> None:
    rows = [LabelledText("a", "card_arrival"), LabelledText("b", "Card Arrival")]

    assert evaluate(canned, rows).figures["in_scope_accuracy"].value == 1.0


def test_the_out_of_scope_label_and_unknown_labels_are_no_intent(canned: Canned) -> None:
    rows = [LabelledText("a", "elsewhere"), LabelledText("d", OUT), LabelledText("e", OUT)]

    evaluation = evaluate(canned, rows, out_of_scope_label=OUT)

    assert evaluation.figures["oos_recall"].value == 1.0
    assert evaluation.figures["in_scope_accuracy"].value == 0.0
    assert evaluation.confusions == (Confusion("elsewhere", "card_arrival", 1),)


def test_confusions_are_counted_the_most_frequent_first(canned: Canned) -> None:
    rows = [
        LabelledText("c", "card_arrival"),
        LabelledText("a", "refund"),
        LabelledText("b", "refund"),
    ]

    assert evaluate(canned, rows).confusions == (
        Confusion("refund", "card_arrival", 2),
        Confusion("card_arrival", "refund", 1),
    )


def test_intervals_hold_the_value_and_come_out_the_same_again(canned: Canned) -> None:
    rows = [LabelledText("a", "card_arrival"), LabelledText("c", "card_arrival")] * 20

    first, second = evaluate(canned, rows), evaluate(canned, rows)
    figure = first.figures["in_scope_accuracy"]

    assert first == second
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 0.5 < figure.high


def test_json_has_every_figure_and_null_where_there_is_none(canned: Canned) -> None:
    document = json.loads(json.dumps(evaluate(canned, []).to_json(), allow_nan=False))

    assert document["n"] == 0
    assert document["auroc"] == {"value": None, "low": None, "high": None}
    assert set(metrics.MEASURES) < set(document)


def test_a_trained_model_can_be_evaluated(trained: Path) -> None:
    rows = [LabelledText("where is my order", "order_status"), LabelledText("hello", "greeting")]

    assert evaluate(load_classifier(trained), rows).figures["in_scope_accuracy"].value == 1.0
