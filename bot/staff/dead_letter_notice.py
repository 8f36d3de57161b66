"""The stage for what is given up: the contact in place of an answer.

It reads no more of the message than its language takes: what has just made the process die must
not do so again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import Kind, Part, Say
from bot.ports import Languages, Wording
from bot.responder import Turn

READ = 200
"""Characters that the language is told from."""


class SetAside:
    """Tells a customer how to reach a person, in their language.

    Args:
        languages: Tells which one that is.
        wording: Says `given_up`.
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
        yield turn.decide(Kind.UNKNOWN, "given up: kept for staff")
