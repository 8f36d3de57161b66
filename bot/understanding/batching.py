"""Classifies what arrives at the same time together: one run of the encoder instead of many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from bot.ports import Prediction

LARGEST = 32
"""Texts in one run: more would only make the first of them wait."""


class Predicts(Protocol):
    """A classifier that takes many texts at once."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Rank the intents for each text; safe to call from a thread."""
        ...


class Batched:
    """A `Classifier` for a desk where many write at once.

    A text that comes alone is classified at once. Texts that come while the classifier is at work
    wait for it together, and go in one run: nobody waits for a batch to fill.
    """

    def __init__(self, classifier: Predicts) -> None:
        self._classifier = classifier
        self._waiting: deque[tuple[str, asyncio.Future[Prediction]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def classify(self, text: str) -> Prediction:
        """Rank the intents for one text of any length and content."""
        answer: asyncio.Future[Prediction] = asyncio.get_running_loop().create_future()
        self._waiting.append((text, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        """Classify until nobody waits."""
        try:
            while self._waiting:
                size = min(len(self._waiting), LARGEST)
                await self._run([self._waiting.popleft() for _ in range(size)])
        finally:
            self._working = None

    async def _run(self, batch: Sequence[tuple[str, asyncio.Future[Prediction]]]) -> None:
        texts = [text for text, _ in batch]
        run = asyncio.create_task(asyncio.to_thread(self._classifier.predict, texts))
        await asyncio.wait([run])
        error = run.exception()
        for position, (_, answer) in enumerate(batch):
            if answer.done():  # whoever asked has gone
                continue
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(run.result()[position])
