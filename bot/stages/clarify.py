"""Asks which of the two likeliest intents is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.answering.knowledge.passages import count_words
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
    Prediction,
    Wording,
)
from bot.responder import Turn

_FEW = 3
"""Words up to which a message that two intents may mean is asked about: "refund or exchange"."""

_CLOSE = 0.1
"""Difference in confidence up to which a few words may mean either of two intents."""

BEFORE_UNKNOWN = 0.6
"""Share of the usual confidence from which it is asked what is to be done, where the bot would
otherwise not know. Of 229 messages to a shop, by a writer whom the model had not learned from, 56
are asked about then, and 43 of these have the right one among the two."""


def means_either(turn: Turn, prediction: Prediction) -> bool:
    """Return whether a few words may mean either of two intents, about as likely."""
    if len(prediction.intents) < 2:
        return False
    first, second = prediction.intents[:2]
    if second.confidence < max(prediction.ask_threshold, first.confidence - _CLOSE):
        return False
    return count_words(turn.question or turn.scored) <= _FEW


class Disambiguate:
    """Asks which of the two likeliest intents is meant, when nearly sure of one, or of both.

    Args:
        answers: The admins' replies.
        buttons: Keeps what the buttons mean.
        wording: The bot's own texts.
        least: Share of the usual confidence from which it asks; below 1 it asks about forms alone:
            what is to be done is worth a question, any other text is rather not known.
    """

    def __init__(
        self, answers: Answers, buttons: Buttons, wording: Wording, *, least: float = 1.0
    ) -> None:
        self._least = least
        self._answers = answers
        self._buttons = buttons
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Ask "did you mean" when the first intent is worth asking about."""
        prediction = turn.prediction
        if prediction is None or not prediction.intents or turn.skips_intents:
            return
        best = prediction.intents[0]
        sure = best.confidence >= prediction.threshold
        if best.confidence < prediction.ask_threshold * self._least:
            return
        if sure and not means_either(turn, prediction):
            return
        likely = [
            intent.name for intent in prediction.intents[:3] if self._asks_about(turn, intent.name)
        ][:2]
        if not likely or likely[0] != best.name or len(likely) < 1 + sure:
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
        message = turn.message
        buttons = await self._buttons.offer(message.id, options, revision=message.revision)
        yield Offer(buttons)
        yield turn.decide(
            DecisionKind.CLARIFY,
            _reason(prediction, self._least),
        )

    def _asks_about(self, turn: Turn, intent: str) -> bool:
        """Return whether an intent has a reply, is no small talk and, below 1, begins a form."""
        answer = self._answers.answer(
            intent,
            language=turn.language,
            platform=turn.platform,
            seed=turn.message.id,
        )
        if answer is None or answer.small_talk:
            return False
        return answer.form or self._least >= 1


def _reason(prediction: Prediction, least: float) -> str:
    best = prediction.intents[0]
    if best.confidence >= prediction.threshold:
        second = prediction.intents[1]
        return f"{best.name} at {best.confidence:.2f} and {second.name} at {second.confidence:.2f}"
    return (
        f"{best.name} at {best.confidence:.2f} is below {prediction.threshold:.2f}, "
        f"but worth asking from {prediction.ask_threshold * least:.2f}"
    )
