"""The stage that answers dead letters: how to reach a person, in place of an answer.

It reads only enough of the message to detect the language, so that a message which crashed the
process does not crash it again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import DecisionKind, Part, Say
from bot.ports import Languages, Wording
from bot.responder import Turn

READ = 200
"""Number of characters that the language is detected from."""


class DeadLetterNotice:
    """Tells a customer how to reach a person, in their language.

    Args:
        languages: Detects the language.
        wording: Source of the text `given_up`.
    """

    def __init__(self, languages: Languages, wording: Wording) -> None:
        self._languages = languages
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Take every event."""
        language = self._languages.detect(turn.text[:READ], prior=turn.language)
        turn = replace(turn, language=language)
        yield turn
        yield Say(self._wording.say("given_up", turn.language))
        yield turn.decide(DecisionKind.UNKNOWN, "given up: kept for staff")
