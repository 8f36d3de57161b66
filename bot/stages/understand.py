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
from bot.responder import Inquiry


class Understand:
    """Which language, and which intents could be meant? Takes only what has no words."""

    def __init__(self, classifier: Classifier, languages: Languages, wording: Wording) -> None:
        self._classifier = classifier
        self._languages = languages
        self._wording = wording

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Ask the classifier, unless the customer has already turned its intents down."""
        if isinstance(inquiry.event, Pressed):
            return
        inquiry.language = self._languages.detect(inquiry.text, prior=inquiry.language)
        inquiry.prediction = await self._classifier.classify(
            inquiry.text, language=inquiry.language
        )
        if not inquiry.prediction.intents:
            yield Say(self._wording.say("wordless", inquiry.language))
            yield inquiry.decide(Kind.UNKNOWN, "there are no words in the message")
