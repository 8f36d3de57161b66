"""Combines concurrent calls of a classifier into batches."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.batching import MicroBatcher
from bot.ports import Prediction

LARGEST = 64
"""Maximum batch size: enough to use all cores; larger batches would only delay the first text."""


class Predicts(Protocol):
    """A classifier that predicts for many texts at once."""

    def predict(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Prediction]:
        """Rank the intents for each text; safe to call from a thread."""
        ...


class Batched:
    """A `Classifier` that combines concurrent calls into batches."""

    def __init__(self, classifier: Predicts) -> None:
        self._classifier = classifier
        self._together = MicroBatcher(self._predict, largest=LARGEST)

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        """Rank the intents for one text of any length and content."""
        return await self._together((text, language))

    async def _predict(self, questions: Sequence[tuple[str, str | None]]) -> list[Prediction]:
        texts = [text for text, _ in questions]
        languages = [language for _, language in questions]
        return await asyncio.to_thread(self._classifier.predict, texts, languages)
