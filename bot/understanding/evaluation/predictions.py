"""Labelled texts beside what a model made of each: what reports and lints are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.ports import Prediction
from bot.understanding.corpus import Example
from bot.understanding.evaluation.evaluate import LabelledText, Predictor
from bot.understanding.model.error_bound import LabelledPredictions
from bot.understanding.model.registry import Manifest

OUT_OF_SCOPE = "(out of scope)"
"""Stands where an intent's name would: no intent may answer such a text. No intent is called so."""


@dataclass(frozen=True, slots=True)
class LabelledPrediction:
    """A labelled text and what was made of it.

    Attributes:
        expected: Name of the right intent, `OUT_OF_SCOPE`, or a label that the model does not know.
        example: The training example that it is, with its place; None for a message.
    """

    text: str
    expected: str
    prediction: Prediction
    example: Example | None = None

    @property
    def first(self) -> str:
        """The likeliest intent; `OUT_OF_SCOPE` when nothing could be said."""
        intents = self.prediction.intents
        return intents[0].name if intents else OUT_OF_SCOPE

    @property
    def confidence(self) -> float:
        """How sure the model is of the likeliest intent."""
        return self.prediction.intents[0].confidence if self.prediction.intents else 0.0

    @property
    def is_answered(self) -> bool:
        """The likeliest intent would be answered without asking."""
        return bool(self.prediction.intents) and self.confidence >= self.prediction.threshold

    @property
    def is_right(self) -> bool:
        """The likeliest intent is the right one, whatever its confidence."""
        return self.first == self.expected

    def row(self) -> LabelledText:
        """Return what is to be evaluated, with `OUT_OF_SCOPE` as the label of foreign texts."""
        return LabelledText(self.text, self.expected)


def traffic(judged: Sequence[LabelledPrediction], manifest: Manifest) -> LabelledPredictions:
    """Return what promises are tested on.

    Args:
        judged: Messages as customers wrote them, judged by the model that shall keep a promise.
        manifest: Of that model.
    """
    calibration = manifest.calibration
    personal = {entry.name for entry in manifest.intents if entry.personal}
    confidence = [
        calibration.lowered(each.confidence) if each.first in personal else each.confidence
        for each in judged
    ]
    right = [each.is_right and each.first != OUT_OF_SCOPE for each in judged]
    return LabelledPredictions(
        np.array(confidence, dtype=np.float64), np.array(right, dtype=np.bool_)
    )


def labelled_predictions(
    classifier: Predictor, rows: Sequence[LabelledText], out_of_scope_label: str | None
) -> tuple[LabelledPrediction, ...]:
    """Let a model predict labelled texts.

    Args:
        classifier: The model.
        rows: Texts with names of intents, labels that intents were imported with, or others.
        out_of_scope_label: The label that means "none of these intents".
    """
    names = {entry.label: entry.name for entry in classifier.manifest.intents}
    names |= {entry.name: entry.name for entry in classifier.manifest.intents}
    if out_of_scope_label is not None:
        names[out_of_scope_label] = OUT_OF_SCOPE
    predictions = classifier.predict([row.text for row in rows])
    return tuple(
        LabelledPrediction(row.text, names.get(row.label, row.label), prediction)
        for row, prediction in zip(rows, predictions, strict=True)
    )
