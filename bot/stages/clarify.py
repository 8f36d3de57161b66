"""Asks which of the two likeliest intents is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import (
    Choice,
    DecisionKind,
    Offer,
    Part,
    Say,
)
from bot.ports import (
    Answers,
    Buttons,
    Wording,
)
from bot.responder import Turn


class Disambiguate:
    """Asks which of the two likeliest intents is meant, when nearly sure of the first."""

    def __init__(self, answers: Answers, buttons: Buttons, wording: Wording) -> None:
        self._answers = answers
        self._buttons = buttons
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Ask "did you mean" when the first intent is worth asking about."""
        prediction = turn.prediction
        if prediction is None or not prediction.intents or turn.skips_intents:
            return
        best = prediction.intents[0]
        if not prediction.ask_threshold <= best.confidence < prediction.threshold:
            return
        likely = [
            intent.name for intent in prediction.intents[:3] if self._asks_about(turn, intent.name)
        ][:2]
        if not likely or likely[0] != best.name:
            return
        language = turn.language
        options = [
            (
                self._answers.title(name, language=language),
                Choice("intent", name, turn.text, language),
            )
            for name in likely
        ]
        neither = self._wording.say("neither", language)
        options.append((neither, Choice("neither", "", turn.text, language)))
        yield Say(self._wording.say("clarify", language))
        yield Offer(await self._buttons.offer(turn.message.id, options))
        yield turn.decide(
            DecisionKind.CLARIFY,
            f"{best.name} at {best.confidence:.2f} is below {prediction.threshold:.2f}, "
            f"but worth asking from {prediction.ask_threshold:.2f}",
        )

    def _asks_about(self, turn: Turn, intent: str) -> bool:
        """Return whether an intent has a reply and is no small talk."""
        answer = self._answers.answer(
            intent,
            language=turn.language,
            platform=turn.platform,
            seed=turn.message.id,
        )
        return answer is not None and not answer.small_talk
