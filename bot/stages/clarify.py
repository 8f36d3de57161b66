"""Asks which of the two likeliest intents is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import (
    Choice,
    Kind,
    Offer,
    Part,
    Say,
)
from bot.ports import (
    Answer,
    Answers,
    Choices,
    Wording,
)
from bot.responder import Inquiry


class Clarify:
    """Nearly sure: ask, with the two likely intents as buttons."""

    def __init__(self, answers: Answers, choices: Choices, wording: Wording) -> None:
        self._answers = answers
        self._choices = choices
        self._wording = wording

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Ask "did you mean" when the first intent is worth asking about."""
        prediction = inquiry.prediction
        if prediction is None or not prediction.intents:
            return
        best = prediction.intents[0]
        if not prediction.ask_threshold <= best.confidence < prediction.threshold:
            return
        likely = [
            intent.name
            for intent in prediction.intents[:3]
            if self._answer(inquiry, intent.name) is not None
        ][:2]
        if not likely or likely[0] != best.name:
            return
        language = inquiry.language
        options = [
            (
                self._answers.title(name, language=language),
                Choice("intent", name, inquiry.text, language),
            )
            for name in likely
        ]
        neither = self._wording.say("neither", language)
        options.append((neither, Choice("neither", "", inquiry.text, language)))
        yield Say(self._wording.say("clarify", language))
        yield Offer(await self._choices.offer(inquiry.message.id, options))
        yield inquiry.decide(
            Kind.CLARIFY,
            f"{best.name} at {best.confidence:.2f} is below {prediction.threshold:.2f}, "
            f"but worth asking from {prediction.ask_threshold:.2f}",
        )

    def _answer(self, inquiry: Inquiry, intent: str) -> Answer | None:
        return self._answers.answer(
            intent,
            language=inquiry.language,
            platform=inquiry.platform,
            seed=inquiry.message.id,
        )
