"""Classifies the message: its language and the intents it may mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from bot.messages import (
    DecisionKind,
    Part,
    Pressed,
    Say,
)
from bot.ports import (
    Classifier,
    CorrectsSpelling,
    Languages,
    Prediction,
    Wording,
)
from bot.ports.understanding import MIXED
from bot.responder import Turn
from bot.stages.files import files_notice


class Classify:
    """Detects the language and ranks the intents; handles only messages without words.

    Args:
        classifier: Ranks the intents.
        languages: Detects the language.
        wording: The bot's own texts.
        spelling: Corrects the spelling of a message, which is then scored both ways; None: it is
            scored as written.
        serves: Returns whether a language is served; None: all are. A customer is told once, when
            theirs is not.
    """

    def __init__(
        self,
        classifier: Classifier,
        languages: Languages,
        wording: Wording,
        spelling: CorrectsSpelling | None = None,
        serves: Callable[[str], bool] | None = None,
    ) -> None:
        self._classifier = classifier
        self._languages = languages
        self._wording = wording
        self._spelling = spelling
        self._serves = serves

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Classify, unless the customer has already turned the offered intents down."""
        if isinstance(turn.event, Pressed):
            return
        languages = self._languages.candidates(turn.text, prior=turn.language)
        turn = self._corrected(replace(turn, language=languages[0]))
        turn = self._noticed(await self._classified(turn, languages))
        yield turn
        if turn.prediction is not None and not turn.prediction.intents:
            yield Say(self._wording.say("wordless", turn.language))
            yield turn.decide(DecisionKind.UNKNOWN, "there are no words in the message")

    async def _classified(self, turn: Turn, languages: Sequence[str]) -> Turn:
        """Return the turn with its surest reading: as written or corrected, in either language."""
        readings = [
            (text, language)
            for language in languages
            for text in dict.fromkeys((turn.text, turn.scored))
        ]
        # Called together: they are one batch.
        predictions = await asyncio.gather(
            *(self._classifier.classify(text, language=language) for text, language in readings)
        )
        likeliest = [at for at, (_, each) in enumerate(readings) if each == languages[0]]
        best = max(likeliest, key=lambda at: _sureness(predictions[at]))
        if _sureness(predictions[best]) < 0:
            best = max(range(len(readings)), key=lambda at: _sureness(predictions[at]))
        language = readings[best][1]
        if language != turn.language and _sureness(predictions[best]) >= 0:
            reason = f"could be {turn.language} or {language}: understood as {language}"
            turn = turn.because(reason)
            if language != MIXED:
                turn = replace(turn, language=language)
        return replace(turn, prediction=predictions[best])

    def _noticed(self, turn: Turn) -> Turn:
        """Return the turn with what the customer is told before the reply."""
        turn = self._unserved(turn)
        files = files_notice(turn, self._wording)
        if not files:
            return turn
        turn = turn.because("the bot opens no files: the customer is told")
        return replace(turn, notice="\n\n".join(filter(None, (turn.notice, files))))

    def _unserved(self, turn: Turn) -> Turn:
        """Return the turn with a notice, if its language is not served and nobody said so yet."""
        if self._serves is None or self._serves(turn.language):
            return turn
        notice = self._wording.say("not_served", turn.language)
        told = any(notice in each.text for each in turn.conversation.turns)
        reason = f"{turn.language} is not served: answered in the default language"
        return replace(turn, notice="" if told else notice).because(reason)

    def _corrected(self, turn: Turn) -> Turn:
        """Return the turn with its spelling corrected."""
        if self._spelling is None:
            return turn
        found = self._spelling.correct(turn.text, turn.language)
        if not found.words:
            return turn
        reason = f"also read with its spelling corrected: {', '.join(found.words)}"
        return replace(turn, corrected=found.text).because(reason)


def _sureness(prediction: Prediction) -> float:
    """Return how far the confidence in the first intent is above the threshold; -1 without one."""
    return prediction.intents[0].confidence - prediction.threshold if prediction.intents else -1.0
