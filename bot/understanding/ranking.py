"""From scores to predictions: which intents, how sure, and from when to answer or to ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.understanding.language.normalise import has_words
from bot.understanding.model.registry import Manifest
from bot.understanding.model.thresholds import Thresholds

RANKED = 5
"""Intents in a prediction; nobody asks about more."""


class Ranking:
    """Ranks the intents of a model.

    Args:
        manifest: What the model is.
        thresholds: From when to answer and to ask.
    """

    def __init__(self, manifest: Manifest, thresholds: Thresholds) -> None:
        self._manifest = manifest
        self._thresholds = thresholds

    def rank(self, texts: Sequence[str], scores: NDArray[np.float32]) -> list[Prediction]:
        """Rank the intents for each text by its scores.

        Args:
            texts: As `normalise` leaves them; nothing is said of those without words.
            scores: Shape (n_texts, n_intents).
        """
        confidences = self._manifest.calibration.confidence(scores)
        return [
            self._prediction(row if has_words(text) else row[:0])
            for text, row in zip(texts, confidences, strict=True)
        ]

    def _prediction(self, confidences: NDArray[np.float32]) -> Prediction:
        """Rank one text's intents; no confidences mean that nothing can be said."""
        best = np.argsort(-confidences, kind="stable")[:RANKED]
        entries = self._manifest.intents
        personal = len(best) > 0 and entries[int(best[0])].personal
        return Prediction(
            intents=tuple(ScoredIntent(entries[i].name, float(confidences[i])) for i in best),
            threshold=self._thresholds.personal if personal else self._thresholds.answer,
            ask_threshold=self._thresholds.ask,
            model_version=self._manifest.version,
            intents_hash=self._manifest.intents_hash,
        )
