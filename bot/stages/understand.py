"""Classifies the message: its language and the intents it may mean."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import (
    DecisionKind,
    Part,
    Pressed,
    Say,
)
from bot.ports import (
    Classifier,
    Languages,
    Wording,
)
from bot.responder import Turn


class Classify:
    """Detects the language and ranks the intents; handles only messages without words."""

    def __init__(self, classifier: Classifier, languages: Languages, wording: Wording) -> None:
        self._classifier = classifier
        self._languages = languages
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Classify, unless the customer has already turned the offered intents down."""
        if isinstance(turn.event, Pressed):
            return
        language = self._languages.detect(turn.text, prior=turn.language)
        prediction = await self._classifier.classify(turn.text, language=language)
        turn = replace(turn, language=language, prediction=prediction)
        yield turn
        if not prediction.intents:
            yield Say(self._wording.say("wordless", language))
            yield turn.decide(DecisionKind.UNKNOWN, "there are no words in the message")
