"""Classifies the message: its language and the intents it may mean."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import (
    Kind,
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
    """Which language, and which intents could be meant? Takes only what has no words."""

    def __init__(self, classifier: Classifier, languages: Languages, wording: Wording) -> None:
        self._classifier = classifier
        self._languages = languages
        self._wording = wording

    async def take(self, turn: Turn) -> AsyncIterator[Part]:
        """Ask the classifier, unless the customer has already turned its intents down."""
        if isinstance(turn.event, Pressed):
            return
        turn.language = self._languages.detect(turn.text, prior=turn.language)
        turn.prediction = await self._classifier.classify(turn.text, language=turn.language)
        if not turn.prediction.intents:
            yield Say(self._wording.say("wordless", turn.language))
            yield turn.decide(Kind.UNKNOWN, "there are no words in the message")
